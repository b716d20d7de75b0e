-- Batches of another cluster, that a dump has brought here: their transactions have numbers that this one has not given yet, and
-- were before everything that is to come. A batch of this cluster that can be seen has a number that was given.
UPDATE ingest_batches b SET xact_id = '3'
FROM tenants t
WHERE b.tenant_id = t.tenant_id AND b.xact_id >= pg_snapshot_xmax(pg_current_snapshot());
