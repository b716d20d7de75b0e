-- Events that were taken back. A transaction that takes events back moves them here, puts the aggregates of what is left in place of
-- those that were, and writes a row of ingest_batches without events, whose times are theirs: so a correction is a batch like
-- any other to whoever looks for what has changed. Their ids stay in event_ids: what is sent again does not come back.
CREATE TABLE voided_events (
  tenant_id     integer     NOT NULL REFERENCES tenants,
  source        text        NOT NULL,
  event_id      text        NOT NULL,
  occurred_at   timestamptz NOT NULL,
  -- The correction, as numbered in ingest_batches.
  void_batch_id bigint      NOT NULL,
  -- Which job asked for it, and why.
  job_id        text        NOT NULL,
  reason        text        NOT NULL CHECK (reason <> ''),
  -- The row of events.
  event         json        NOT NULL,
  PRIMARY KEY (tenant_id, source, event_id)
);

CREATE FUNCTION keep_voided_events()
RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'voided_events: what was taken back stays so, as it is';
END
$$;

CREATE TRIGGER keep_voided_events BEFORE UPDATE OR DELETE ON voided_events
FOR EACH ROW EXECUTE FUNCTION keep_voided_events();

CREATE TRIGGER audit AFTER INSERT ON voided_events
FOR EACH ROW EXECUTE FUNCTION audit_change('event', 'source,event_id', 'job_id,reason,occurred_at,void_batch_id', 'void');

ALTER TABLE recompute_runs ADD COLUMN void_batch_id bigint;
COMMENT ON COLUMN recompute_runs.void_batch_id IS
  'The correction that the rows were rebuilt for, which is why they differed; NULL if there was none.';
