-- The two halves of every answer: what has been compacted, and what has not yet. Both have the same columns;
-- together they equal the events in every snapshot.

CREATE TABLE rollup_deltas (
  tenant_id     integer     NOT NULL,
  rollup_id     integer     NOT NULL,
  grain         smallint    NOT NULL, -- 1 minute, 2 hour, 3 day; of a delta: its rollup's finest
  start_at      timestamptz NOT NULL,
  key           text[]      NOT NULL, -- the values of the rollup's dimensions, in their order
  event_count   bigint      NOT NULL,
  value_count   bigint      NOT NULL,
  value_sum     numeric     NOT NULL, -- exact
  value_min     double precision,
  value_max     double precision,
  amount_sum    numeric     NOT NULL, -- exact
  value_sketch  bytea       NOT NULL,
  entity_sketch bytea       NOT NULL
) WITH (
  -- Rows live for about a second: vacuum early and without pausing, so that the table stays small.
  autovacuum_vacuum_scale_factor = 0,
  autovacuum_vacuum_threshold = 5000,
  autovacuum_vacuum_insert_threshold = -1,
  autovacuum_vacuum_cost_delay = 0
);

CREATE TABLE rollup_buckets (
  tenant_id     integer     NOT NULL,
  rollup_id     integer     NOT NULL,
  grain         smallint    NOT NULL,
  start_at      timestamptz NOT NULL,
  key           text[]      NOT NULL,
  event_count   bigint      NOT NULL,
  value_count   bigint      NOT NULL,
  value_sum     numeric     NOT NULL,
  value_min     double precision,
  value_max     double precision,
  amount_sum    numeric     NOT NULL,
  value_sketch  bytea       NOT NULL,
  entity_sketch bytea       NOT NULL,
  PRIMARY KEY (tenant_id, rollup_id, grain, start_at, key)
) PARTITION BY LIST (grain);

CREATE TABLE rollup_buckets_minute PARTITION OF rollup_buckets FOR VALUES IN (1) PARTITION BY RANGE (start_at);
CREATE TABLE rollup_buckets_hour   PARTITION OF rollup_buckets FOR VALUES IN (2) PARTITION BY RANGE (start_at);
CREATE TABLE rollup_buckets_day    PARTITION OF rollup_buckets FOR VALUES IN (3);
