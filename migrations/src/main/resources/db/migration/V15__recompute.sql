-- Rebuilding days of rollups from their events.

CREATE SEQUENCE recompute_run_ids;

-- What a run has found and written, for each rollup and UTC day that it has ended with a commit.
CREATE TABLE recompute_runs (
  tenant_id        integer     NOT NULL,
  run_id           bigint      NOT NULL,
  rollup_id        integer     NOT NULL,
  day              date        NOT NULL,
  -- Events that were folded.
  event_count      bigint      NOT NULL,
  -- Rows, of all grains: those that were compared, that were wrong, and that did not know all that their events tell.
  compared_count   bigint      NOT NULL,
  differing_count  bigint      NOT NULL,
  incomplete_count bigint      NOT NULL,
  replaced         boolean     NOT NULL,
  -- Rows that were written and taken; 0 if nothing was replaced.
  bucket_count     bigint      NOT NULL,
  delta_count      bigint      NOT NULL,
  ended_at         timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (tenant_id, run_id, rollup_id, day)
);

-- No index: recompute_runs tells which rollup and day to look at. Adding it rewrites no table.
ALTER TABLE rollup_buckets ADD COLUMN run_id bigint;
COMMENT ON COLUMN rollup_buckets.run_id IS
  'The run of recompute_runs that wrote this row; NULL if compaction did, also where it has replaced a row of a run by one that has more events.';
