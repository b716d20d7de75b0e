-- Every question asks what its sources are declared complete up to: the least watermark of all, and that of each of the
-- first sources by name. Each is the first entry of an index, however many producers declare. Order by code point, so
-- that it is the same in every database.
CREATE INDEX source_watermarks_least ON source_watermarks (tenant_id, complete_until, source COLLATE "C");
CREATE INDEX source_watermarks_by_source ON source_watermarks (tenant_id, source COLLATE "C", complete_until);

-- A watermark moves often and leaves dead entries at the front of both.
ALTER TABLE source_watermarks SET (
  autovacuum_vacuum_scale_factor = 0,
  autovacuum_vacuum_threshold = 1000,
  autovacuum_vacuum_insert_threshold = -1,
  autovacuum_vacuum_cost_delay = 0
);
