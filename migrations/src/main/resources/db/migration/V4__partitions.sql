-- Partitions appear on demand, because history is imported: a table is made apart and then attached, which
-- stops neither readers nor writers of the parent.

CREATE FUNCTION ensure_partition(parent text, partition text, from_at timestamptz, to_at timestamptz)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF to_regclass(partition) IS NULL THEN
    EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING DEFAULTS INCLUDING STORAGE)', partition, parent);
    EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', parent, partition, from_at, to_at);
  END IF;
END
$$;

-- Everything that events of these UTC days need: the days of events, the months of minute buckets, the years of hour
-- buckets. One caller at a time works; the lock ends with the transaction.
CREATE FUNCTION ensure_event_days(days date[])
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  d date;
  at timestamp;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('windrow.partitions'));
  FOREACH d IN ARRAY days LOOP
    at := d::timestamp;
    PERFORM ensure_partition('events', 'events_' || to_char(at, 'YYYYMMDD'),
      at AT TIME ZONE 'UTC', (at + interval '1 day') AT TIME ZONE 'UTC');
    at := date_trunc('month', d::timestamp);
    PERFORM ensure_partition('rollup_buckets_minute', 'rollup_buckets_minute_' || to_char(at, 'YYYYMM'),
      at AT TIME ZONE 'UTC', (at + interval '1 month') AT TIME ZONE 'UTC');
    at := date_trunc('year', d::timestamp);
    PERFORM ensure_partition('rollup_buckets_hour', 'rollup_buckets_hour_' || to_char(at, 'YYYY'),
      at AT TIME ZONE 'UTC', (at + interval '1 year') AT TIME ZONE 'UTC');
  END LOOP;
END
$$;
