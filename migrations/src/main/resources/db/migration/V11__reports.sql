-- Questions that have a name. As with metric definitions, a version that is there is never changed: who asks for it by
-- number gets the same question for ever; who asks for none gets the newest.

CREATE TABLE reports (
  tenant_id   integer     NOT NULL REFERENCES tenants,
  name        text        NOT NULL CHECK (name ~ '^[a-z][a-z0-9-]{0,62}$'),
  version     integer     NOT NULL CHECK (version >= 1),
  -- As in the contract's ReportKind, without its prefix. Not checked here, nor is the spec: a row that a query-service
  -- cannot read is listed with its problem and harms no other.
  kind        text        NOT NULL,
  title       text        NOT NULL,
  description text        NOT NULL,
  -- The JSON form of the contract's ReportSpec.
  spec        jsonb       NOT NULL,
  created_at  timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, name, version)
);

CREATE FUNCTION keep_reports()
RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'reports: a version is never changed, insert a new one of %', OLD.name;
END
$$;

CREATE TRIGGER keep_reports BEFORE UPDATE OR DELETE ON reports
FOR EACH ROW EXECUTE FUNCTION keep_reports();

INSERT INTO reports (tenant_id, name, version, kind, title, description, spec) VALUES
  (1, 'volume-by-period', 1, 'SUMMARY', 'Volume by period',
   'How many events there were and what their amounts add up to, by period or by source', '{
    "schemaVersion": 1,
    "windows": [
      {"name": "7d", "length": "604800s", "alignTo": "INTERVAL_DAY"},
      {"name": "24h", "length": "86400s", "alignTo": "INTERVAL_HOUR"},
      {"name": "30d", "length": "2592000s", "alignTo": "INTERVAL_DAY"},
      {"name": "90d", "length": "7776000s", "alignTo": "INTERVAL_DAY"},
      {"name": "365d", "length": "31536000s", "alignTo": "INTERVAL_DAY"}],
    "longestWindow": "316224000s",
    "breakdowns": [
      {"name": "period", "intervals": ["INTERVAL_DAY", "INTERVAL_HOUR", "INTERVAL_WEEK", "INTERVAL_MONTH"], "orderBy": "interval_start"},
      {"name": "source", "groupBy": ["source"], "orderBy": "count desc, source"}],
    "filterDimensions": ["type", "source", "status", "entity_id"],
    "metrics": [{"measure": "MEASURE_COUNT"}, {"measure": "MEASURE_AMOUNT_SUM"}],
    "defaultLimit": 1000, "maxLimit": 10000, "cacheTtl": "10s"}'),
  (1, 'status-counts', 1, 'SUMMARY', 'Counts by status',
   'How many events had which status, over the whole window or in each period', '{
    "schemaVersion": 1,
    "windows": [
      {"name": "7d", "length": "604800s", "alignTo": "INTERVAL_DAY"},
      {"name": "24h", "length": "86400s", "alignTo": "INTERVAL_HOUR"},
      {"name": "30d", "length": "2592000s", "alignTo": "INTERVAL_DAY"},
      {"name": "90d", "length": "7776000s", "alignTo": "INTERVAL_DAY"}],
    "longestWindow": "316224000s",
    "breakdowns": [
      {"name": "status", "groupBy": ["status"], "orderBy": "count desc, status"},
      {"name": "period", "groupBy": ["status"], "intervals": ["INTERVAL_DAY", "INTERVAL_HOUR", "INTERVAL_WEEK", "INTERVAL_MONTH"],
       "orderBy": "interval_start, status"}],
    "filterDimensions": ["type", "source", "entity_id"],
    "metrics": [{"measure": "MEASURE_COUNT"}],
    "defaultLimit": 1000, "maxLimit": 10000, "cacheTtl": "10s"}'),
  (1, 'top-entities', 1, 'SUMMARY', 'Top entities',
   'The entities with the most events, ranked', '{
    "schemaVersion": 1,
    "windows": [
      {"name": "24h", "length": "86400s", "alignTo": "INTERVAL_HOUR"},
      {"name": "7d", "length": "604800s", "alignTo": "INTERVAL_DAY"},
      {"name": "30d", "length": "2592000s", "alignTo": "INTERVAL_DAY"},
      {"name": "90d", "length": "7776000s", "alignTo": "INTERVAL_DAY"}],
    "longestWindow": "316224000s",
    "breakdowns": [{"name": "entity", "groupBy": ["entity_id"], "orderBy": "count desc, entity_id"}],
    "filterDimensions": ["type", "source", "status"],
    "metrics": [{"measure": "MEASURE_COUNT"}, {"measure": "MEASURE_AMOUNT_SUM"}],
    "defaultLimit": 10, "maxLimit": 1000, "cacheTtl": "10s"}'),
  (1, 'daily-health', 1, 'DAILY_HEALTH', 'Daily health',
   'For each entity and UTC day: checks, those that passed, uptime, latency over those that passed, incidents', '{
    "schemaVersion": 1,
    "windows": [
      {"name": "90d", "length": "7776000s", "alignTo": "INTERVAL_DAY"},
      {"name": "30d", "length": "2592000s", "alignTo": "INTERVAL_DAY"},
      {"name": "7d", "length": "604800s", "alignTo": "INTERVAL_DAY"},
      {"name": "today", "length": "86400s", "alignTo": "INTERVAL_DAY"}],
    "longestWindow": "7776000s",
    "breakdowns": [{"name": "entity", "groupBy": ["entity_id"], "intervals": ["INTERVAL_DAY"]}],
    "filterDimensions": ["type", "source", "entity_id"],
    "metrics": [{"definition": "uptime", "version": 1}],
    "defaultLimit": 1000, "maxLimit": 10000, "cacheTtl": "60s"}');
