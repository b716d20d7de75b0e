-- How reports are served, so that it can be changed, and taken back, without a deployment. No row: as if it were enabled.
CREATE TABLE feature_flags (
  tenant_id  integer     NOT NULL REFERENCES tenants,
  -- rollups: whether a report may be answered from rollups, or only from the events. live_delta: whether what has not been compacted
  -- yet is read, too.
  flag       text        NOT NULL CHECK (flag IN ('rollups', 'live_delta')),
  -- Of which report; empty for all that have no row of their own.
  report     text        NOT NULL DEFAULT '',
  enabled    boolean     NOT NULL,
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, flag, report)
);

CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON feature_flags
FOR EACH ROW EXECUTE FUNCTION audit_change('feature_flag', 'flag,report', 'enabled');
