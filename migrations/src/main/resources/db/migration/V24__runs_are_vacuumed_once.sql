-- Autovacuum comes to a table that only grows, to freeze its rows, whenever a fifth has been added: to the runs of a day
-- that has just begun, every minute, and takes seconds of a core from the lanes that write them. Nothing reads what it
-- notes about them: BRIN does not ask which pages all can see. So runs are left alone until their day is sealed, which
-- puts this setting back; freezing before row versions grow too old is never turned off.
CREATE OR REPLACE FUNCTION ensure_event_runs(days date[])
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
    EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING DEFAULTS INCLUDING STORAGE)'
      ' WITH (autovacuum_vacuum_insert_threshold = -1)', day || '_runs', day);
    PERFORM index_runs_of_events(day || '_runs');
    EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES IN (true)', day, day || '_runs');
  END LOOP;
END
$$;
