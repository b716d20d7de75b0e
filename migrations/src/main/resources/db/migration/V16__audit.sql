-- Who changed what, and when. Entries are written by the tables themselves, in the transaction of the change: no way to change
-- them, not even by hand, goes without one; and none is ever changed or deleted.
CREATE TABLE audit_entries (
  tenant_id   integer     NOT NULL REFERENCES tenants,
  entry_id    bigint      NOT NULL GENERATED ALWAYS AS IDENTITY,
  recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  -- What the session calls itself in the setting windrow.actor, e.g. jobs/ID; else the role of the database.
  actor       text        NOT NULL,
  -- create, update, delete, or the word of the resource for it, such as void.
  action      text        NOT NULL,
  resource    text        NOT NULL,
  resource_id text        NOT NULL,
  -- {"before": {…}, "after": {…}}: what an update has changed, the columns that tell of what was created or deleted.
  metadata    jsonb       NOT NULL,
  PRIMARY KEY (tenant_id, entry_id)
);

CREATE INDEX audit_entries_resource ON audit_entries (tenant_id, resource, resource_id, entry_id);

CREATE FUNCTION keep_audit_entries()
RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'audit_entries: an entry is never changed or deleted';
END
$$;

CREATE TRIGGER keep_audit_entries BEFORE UPDATE OR DELETE ON audit_entries
FOR EACH ROW EXECUTE FUNCTION keep_audit_entries();

CREATE TRIGGER keep_all_audit_entries BEFORE TRUNCATE ON audit_entries
FOR EACH STATEMENT EXECUTE FUNCTION keep_audit_entries();

CREATE FUNCTION pick_columns(columns jsonb, names text[])
RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
  SELECT coalesce(jsonb_object_agg(name, columns -> name), '{}') FROM unnest(names) AS name
$$;

-- The trigger's arguments: the resource; the columns of its id; the columns to show; the action, if it has a word of its own.
CREATE FUNCTION audit_change()
RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  shown text[] := string_to_array(TG_ARGV[2], ',');
  changed jsonb := CASE WHEN TG_OP = 'DELETE' THEN to_jsonb(OLD) ELSE to_jsonb(NEW) END;
  metadata jsonb := '{}';
BEGIN
  IF TG_OP = 'UPDATE' THEN
    shown := ARRAY(SELECT name FROM unnest(shown) AS name WHERE to_jsonb(OLD) -> name IS DISTINCT FROM to_jsonb(NEW) -> name);
    IF cardinality(shown) = 0 THEN
      RETURN NULL;
    END IF;
  END IF;
  IF TG_OP <> 'INSERT' THEN
    metadata := metadata || jsonb_build_object('before', pick_columns(to_jsonb(OLD), shown));
  END IF;
  IF TG_OP <> 'DELETE' THEN
    metadata := metadata || jsonb_build_object('after', pick_columns(to_jsonb(NEW), shown));
  END IF;
  INSERT INTO audit_entries (tenant_id, actor, action, resource, resource_id, metadata)
  SELECT (changed ->> 'tenant_id')::integer, coalesce(nullif(current_setting('windrow.actor', true), ''), session_user),
    coalesce(TG_ARGV[3], CASE TG_OP WHEN 'INSERT' THEN 'create' ELSE lower(TG_OP) END), TG_ARGV[0],
    (SELECT string_agg(changed ->> name, '/' ORDER BY place)
     FROM unnest(string_to_array(TG_ARGV[1], ',')) WITH ORDINALITY AS id (name, place)),
    metadata;
  RETURN NULL;
END
$$;

CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON rollups
FOR EACH ROW EXECUTE FUNCTION audit_change('rollup', 'name', 'dimensions,grains,state');

CREATE TRIGGER audit AFTER INSERT ON metric_definitions
FOR EACH ROW EXECUTE FUNCTION audit_change('metric', 'name,version', 'measure,percentile,statuses,bounds,description');

CREATE TRIGGER audit AFTER INSERT ON reports
FOR EACH ROW EXECUTE FUNCTION audit_change('report', 'name,version', 'spec,description');

CREATE TRIGGER audit AFTER INSERT OR UPDATE ON retention_horizons
FOR EACH ROW EXECUTE FUNCTION audit_change('retention_horizon', 'tier', 'from_at');

-- What a worker does with a job is the job's own story.
CREATE TRIGGER audit AFTER INSERT OR UPDATE OF cancel_requested ON jobs
FOR EACH ROW EXECUTE FUNCTION audit_change('job', 'job_id', 'client,kind,cancel_requested');
