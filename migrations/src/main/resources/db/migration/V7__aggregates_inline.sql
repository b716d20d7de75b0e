-- Sketches of entities are hashes: to compress them costs much and gains nothing. A delta lives for seconds and is read
-- whole, so it stays in its row; a bucket is mostly read without its sketches, so they move out of its row.
ALTER TABLE rollup_deltas
  ALTER COLUMN value_sketch SET STORAGE EXTERNAL,
  ALTER COLUMN entity_sketch SET STORAGE EXTERNAL;
ALTER TABLE rollup_deltas SET (toast_tuple_target = 8160);

DO $$
DECLARE
  buckets regclass;
BEGIN
  FOR buckets IN SELECT relid FROM pg_partition_tree('rollup_buckets') LOOP
    EXECUTE format('ALTER TABLE %s ALTER COLUMN value_sketch SET STORAGE EXTERNAL, ALTER COLUMN entity_sketch SET STORAGE EXTERNAL',
      buckets);
  END LOOP;
END
$$;
