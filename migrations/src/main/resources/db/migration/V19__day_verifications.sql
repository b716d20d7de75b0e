-- What the continuous verification of days has found. A row is a day that is, or may be, compared with its events again; it goes when
-- these are let go.
CREATE TABLE day_verifications (
  tenant_id        integer     NOT NULL,
  day              date        NOT NULL,
  -- Of the last look at it.
  outcome          text        NOT NULL CHECK (outcome IN ('VERIFIED', 'TOO_LARGE', 'TIMED_OUT', 'FAILED')),
  began_at         timestamptz NOT NULL,
  ended_at         timestamptz NOT NULL,
  -- What follows is of the last look that verified it, if there was one.
  verified_at      timestamptz,
  -- Events that the day had; rows of all rollups and grains that were compared, that were wrong, and that did not know all that
  -- their events tell.
  event_count      bigint      NOT NULL DEFAULT 0,
  compared_count   bigint      NOT NULL DEFAULT 0,
  differing_count  bigint      NOT NULL DEFAULT 0,
  incomplete_count bigint      NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant_id, day)
);
