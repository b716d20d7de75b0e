-- What a tenant calls its metrics. A version that is there is never changed: who asks for it by number gets the same
-- meaning for ever; who asks for none gets the newest.

CREATE TABLE metric_definitions (
  tenant_id   integer            NOT NULL REFERENCES tenants,
  name        text               NOT NULL CHECK (name ~ '^[a-z][a-z0-9_]{0,62}$'),
  version     integer            NOT NULL CHECK (version >= 1),
  -- As in the contract's Measure, without its prefix.
  measure     text               NOT NULL,
  percentile  double precision   CHECK (percentile BETWEEN 0 AND 100),
  statuses    text[]             NOT NULL DEFAULT '{}',
  bounds      double precision[] NOT NULL DEFAULT '{}',
  description text               NOT NULL,
  created_at  timestamptz        NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, name, version),
  CHECK (measure IN ('COUNT', 'SUM', 'AVG', 'MIN', 'MAX', 'PERCENTILE', 'DISTINCT_ENTITIES', 'AMOUNT_SUM', 'RATE', 'STATUS_SHARE',
                     'HISTOGRAM')),
  CHECK ((measure = 'PERCENTILE') = (percentile IS NOT NULL)),
  CHECK ((measure = 'STATUS_SHARE') = (cardinality(statuses) > 0) AND cardinality(statuses) <= 20),
  CHECK ((measure = 'HISTOGRAM') = (cardinality(bounds) > 0) AND cardinality(bounds) <= 100)
);

CREATE FUNCTION keep_metric_definitions()
RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'metric definitions: a version is never changed, insert a new one of %', OLD.name;
END
$$;

CREATE TRIGGER keep_metric_definitions BEFORE UPDATE OR DELETE ON metric_definitions
FOR EACH ROW EXECUTE FUNCTION keep_metric_definitions();

INSERT INTO metric_definitions (tenant_id, name, version, measure, statuses, bounds, description) VALUES
  (1, 'error_rate', 1, 'STATUS_SHARE', '{failed,error}', '{}', 'Share of the events whose status is failed or error'),
  (1, 'uptime', 1, 'STATUS_SHARE', '{ok,passed,up}', '{}', 'Share of the events whose status is ok, passed or up'),
  (1, 'progress', 1, 'HISTOGRAM', '{}', '{10,20,30,40,50,60,70,80,90}', 'Values of 0 to 100 by tenths; what is beyond is in the first or the last');
