-- Each tenant is let go of by the processes that serve it, as they are set. What several tenants share, a partition, goes once
-- all of them have let go; a tenant that no process has ever served has nothing, and holds nothing back. A process says that it does
-- under the lock of those who drop partitions, before it takes its first event.
ALTER TABLE tenants ADD COLUMN served_since timestamptz;
