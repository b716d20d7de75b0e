-- A creation that ends without success, because it was cancelled, or its workers died again and again, leaves a rollup that is being
-- built for ever: its events are kept, and every flush folds into it. Whoever ends such a job, in the same transaction has another one
-- retire what it has added. A job adds its rollup after it was begun, both by the database's clock; names are never used twice.
CREATE FUNCTION retire_what_was_not_built()
RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO jobs (tenant_id, client, kind, spec)
  SELECT r.tenant_id, NEW.client, 'retire_rollup', jsonb_build_object('retireRollup', jsonb_build_object('rollup', r.name))
  FROM rollups r
  WHERE r.tenant_id = NEW.tenant_id AND r.state = 'BUILDING' AND r.created_at >= NEW.started_at
    AND r.name = coalesce(nullif(NEW.spec #>> '{createRollup,rollup}', ''), (
      SELECT string_agg(dimension, ',' ORDER BY place)
      FROM jsonb_array_elements_text(NEW.spec #> '{createRollup,dimensions}') WITH ORDINALITY AS d (dimension, place)));
  RETURN NULL;
END
$$;

CREATE TRIGGER retire_what_was_not_built AFTER UPDATE OF state ON jobs
FOR EACH ROW WHEN (NEW.kind = 'create_rollup' AND NEW.state IN ('CANCELLED', 'FAILED') AND OLD.ended_at IS NULL)
EXECUTE FUNCTION retire_what_was_not_built();
