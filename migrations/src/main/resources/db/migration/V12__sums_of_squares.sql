-- The exact sum of the squares of the values of each aggregate, for standard deviations. The bytes are defined by the
-- rollup module: the decimal digits of a square would take four times as much.
-- NULL (a row from before this version, or of a service from before it) and no bytes mean that there is no value, or that the
-- sum is *not known*: then the events tell. What is merged from such a row is not known either, never wrong.
ALTER TABLE rollup_deltas ADD COLUMN value_squares bytea;
ALTER TABLE rollup_buckets ADD COLUMN value_squares bytea;

-- A metric may be one.
ALTER TABLE metric_definitions DROP CONSTRAINT metric_definitions_measure_check;
ALTER TABLE metric_definitions ADD CONSTRAINT metric_definitions_measure_check
  CHECK (measure IN ('COUNT', 'SUM', 'AVG', 'MIN', 'MAX', 'STDDEV', 'PERCENTILE', 'DISTINCT_ENTITIES', 'AMOUNT_SUM', 'RATE',
                     'STATUS_SHARE', 'HISTOGRAM'));
