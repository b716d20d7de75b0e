-- What has been let go. Everything of a tier that lies before its horizon is gone, or may go at any moment: events that
-- occurred before, buckets that start before. No row: nothing has. A horizon is moved, and committed, before anything goes,
-- and nothing goes while a snapshot is in use that does not see it moved; so a reader who keeps to the horizons of his
-- snapshot misses nothing.
CREATE TABLE retention_horizons (
  tenant_id integer     NOT NULL REFERENCES tenants,
  tier      text        NOT NULL CHECK (tier IN ('raw', 'minute', 'hour', 'day')),
  -- The beginning of a UTC day.
  from_at   timestamptz NOT NULL CHECK (extract(epoch FROM from_at) % 86400 = 0),
  moved_at  timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, tier)
);

CREATE FUNCTION keep_retention_horizons()
RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR NEW.from_at < OLD.from_at THEN
    RAISE EXCEPTION 'retention_horizons: a horizon only moves forward, what is gone does not come back: % of tenant %', OLD.tier,
      OLD.tenant_id;
  END IF;
  RETURN NEW;
END
$$;

CREATE TRIGGER keep_retention_horizons BEFORE UPDATE OR DELETE ON retention_horizons
FOR EACH ROW EXECUTE FUNCTION keep_retention_horizons();
