-- Three ways to write less per event. Each is a choice made flush by flush; none changes an answer.

-- 1. Runs. The rows of a large flush are written in the order of hashtext(entity_id): a *run*, in which a BRIN range of a
-- few pages holds few entities. So the partition of a day has two parts: the runs, which only BRIN indexes and which
-- cost little to write; and the loose rows of small flushes, which a btree keeps in order row by row.
-- json instead of jsonb: PostgreSQL takes a third less time for a row that it need not take apart and put together again.
DROP INDEX events_entity;
DROP INDEX events_time;
ALTER TABLE events
  ADD COLUMN run boolean NOT NULL DEFAULT false,
  ALTER COLUMN attributes TYPE json,
  ALTER COLUMN payload TYPE json;

CREATE FUNCTION index_loose_events(partition text)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('CREATE INDEX ON %I (tenant_id, entity_id, occurred_at)', partition);
  EXECUTE format('CREATE INDEX ON %I USING brin (occurred_at, batch_id) WITH (pages_per_range = 16)', partition);
END
$$;

CREATE FUNCTION index_runs_of_events(partition text)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('CREATE INDEX ON %I USING brin (occurred_at, batch_id, hashtext(entity_id)) WITH (pages_per_range = 4)',
    partition);
END
$$;

-- Days from before stay undivided: loose rows and runs alike.
SELECT index_loose_events(relid::text) FROM pg_partition_tree('events') WHERE isleaf AND relid <> 'events'::regclass;

-- The partition of a day with its loose part; the runs get theirs when the first one comes.
CREATE FUNCTION ensure_events_day(d date)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  day text := 'events_' || to_char(d, 'YYYYMMDD');
  at timestamp := d::timestamp;
BEGIN
  IF to_regclass(day) IS NULL THEN
    EXECUTE format('CREATE TABLE %I (LIKE events INCLUDING DEFAULTS INCLUDING STORAGE) PARTITION BY LIST (run)', day);
    EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES IN (false)', day || '_loose', day);
    PERFORM index_loose_events(day || '_loose');
    EXECUTE format('ALTER TABLE events ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', day,
      at AT TIME ZONE 'UTC', (at + interval '1 day') AT TIME ZONE 'UTC');
  END IF;
END
$$;

-- Makes these UTC days able to take runs.
CREATE FUNCTION ensure_event_runs(days date[])
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  d date;
  day text;
BEGIN
  PERFORM ensure_event_days(days);
  FOREACH d IN ARRAY days LOOP
    day := 'events_' || to_char(d, 'YYYYMMDD');
    CONTINUE WHEN to_regclass(day || '_runs') IS NOT NULL
      OR (SELECT relkind FROM pg_class WHERE oid = day::regclass) <> 'p';
    EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING DEFAULTS INCLUDING STORAGE)', day || '_runs', day);
    PERFORM index_runs_of_events(day || '_runs');
    EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES IN (true)', day, day || '_runs');
  END LOOP;
END
$$;

CREATE OR REPLACE FUNCTION ensure_event_days(days date[])
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  d date;
  at timestamp;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('windrow.partitions'));
  FOREACH d IN ARRAY days LOOP
    PERFORM ensure_events_day(d);
    at := date_trunc('month', d::timestamp);
    PERFORM ensure_partition('rollup_buckets_minute', 'rollup_buckets_minute_' || to_char(at, 'YYYYMM'),
      at AT TIME ZONE 'UTC', (at + interval '1 month') AT TIME ZONE 'UTC');
    at := date_trunc('year', d::timestamp);
    PERFORM ensure_partition('rollup_buckets_hour', 'rollup_buckets_hour_' || to_char(at, 'YYYY'),
      at AT TIME ZONE 'UTC', (at + interval '1 year') AT TIME ZONE 'UTC');
  END LOOP;
END
$$;

-- BRIN leaves new pages out until it is told to look at them, and a scan must read all that it left out. Looks at the
-- new pages of these UTC days; what is already summarized costs nothing.
CREATE FUNCTION summarize_event_days(days date[])
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  index regclass;
BEGIN
  FOR index IN
    SELECT i.indexrelid
    FROM unnest(days) AS d
    CROSS JOIN LATERAL pg_partition_tree(to_regclass('events_' || to_char(d, 'YYYYMMDD'))) AS part
    JOIN pg_index i ON i.indrelid = part.relid
    JOIN pg_class c ON c.oid = i.indexrelid AND c.relkind = 'i'
    JOIN pg_am a ON a.oid = c.relam AND a.amname = 'brin'
    WHERE part.isleaf
  LOOP
    PERFORM brin_summarize_new_values(index);
  END LOOP;
END
$$;

-- 2. The unfolded delta. A flush that folds badly into a rollup writes no delta rows for it, but notes here that its
-- events themselves are that rollup's delta. Whoever writes their delta rows takes the notes back in the same
-- transaction, so that in every snapshot buckets + deltas + events of noted batches = events.
CREATE TABLE unfolded_batches (
  tenant_id          integer     NOT NULL,
  rollup_id          integer     NOT NULL,
  batch_id           bigint      NOT NULL,
  event_count        integer     NOT NULL,
  oldest_occurred_at timestamptz NOT NULL,
  newest_occurred_at timestamptz NOT NULL,
  noted_at           timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (tenant_id, rollup_id, batch_id)
) WITH (
  autovacuum_vacuum_scale_factor = 0,
  autovacuum_vacuum_threshold = 1000,
  autovacuum_vacuum_insert_threshold = -1,
  autovacuum_vacuum_cost_delay = 0
);

-- 3. Grains follow density. Within such a span (an hour or a day) the rollup's finer buckets are not kept: they would be
-- about as many as the events, which are cheaper to read. A span is only ever added. The span's own bucket is complete.
-- The delta rows of a rollup may therefore have any of its grains: that of the finest buckets that are kept.
CREATE TABLE coarse_spans (
  tenant_id integer     NOT NULL,
  rollup_id integer     NOT NULL,
  grain     smallint    NOT NULL CHECK (grain IN (2, 3)), -- 2 hour, 3 day
  start_at  timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, rollup_id, grain, start_at)
);
