-- Events that did not arrive as they should (late, duplicates, rejected) are counted as rows of rollup 0, which is in no catalogue:
-- deltas that are compacted as all others are. Answers look for them, and mostly there are none: the flush that counts the first one
-- says so.
ALTER TABLE tenants ADD COLUMN has_arrivals boolean NOT NULL DEFAULT false;

CREATE INDEX rollup_deltas_arrivals ON rollup_deltas (tenant_id, start_at) WHERE rollup_id = 0;
