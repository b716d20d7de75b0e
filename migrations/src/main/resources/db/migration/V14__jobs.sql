-- Work that takes longer than a call may. The row is the truth: who works at a job holds a lease on it, by the database's clock,
-- and the number of the attempt, which fences off whoever had the lease before. On Citus this is a table of the coordinator.
CREATE TABLE jobs (
  tenant_id        integer     NOT NULL REFERENCES tenants,
  job_id           text        NOT NULL DEFAULT gen_random_uuid()::text,
  -- Whose turn it is follows from who has the fewest running. Empty until callers have names.
  client           text        NOT NULL DEFAULT '',
  -- As in the contract's JobSpec.
  kind             text        NOT NULL CHECK (kind ~ '^[a-z][a-z_]{0,62}$'),
  -- The JSON form of the contract's JobSpec.
  spec             jsonb       NOT NULL,
  -- What time of events it rewrites rows of; NULL if none. Of jobs that have not ended no two overlap: see InsertJob.
  rewrites         tstzrange,
  -- The caller's name for the request that created it.
  request_id       text        CHECK (request_id <> ''),
  state            text        NOT NULL DEFAULT 'PENDING'
    CHECK (state IN ('PENDING', 'RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELLED')),
  attempt          integer     NOT NULL DEFAULT 0,
  worker           text        NOT NULL DEFAULT '',
  lease_until      timestamptz,
  cancel_requested boolean     NOT NULL DEFAULT false,
  progress_done    bigint      NOT NULL DEFAULT 0,
  progress_total   bigint      NOT NULL DEFAULT 0,
  -- {"code": …, "reason": …, "message": …, "metadata": {…}}
  failure          jsonb,
  page_count       integer     NOT NULL DEFAULT 0,
  created_at       timestamptz NOT NULL DEFAULT now(),
  started_at       timestamptz,
  ended_at         timestamptz,
  expires_at       timestamptz,
  PRIMARY KEY (tenant_id, job_id),
  CHECK ((state = 'RUNNING') = (lease_until IS NOT NULL)),
  CHECK ((state IN ('SUCCEEDED', 'FAILED', 'CANCELLED')) = (ended_at IS NOT NULL)),
  CHECK ((ended_at IS NULL) = (expires_at IS NULL)),
  CHECK ((state = 'FAILED') = (failure IS NOT NULL))
);

CREATE UNIQUE INDEX jobs_request ON jobs (tenant_id, client, request_id);
CREATE INDEX jobs_open ON jobs (tenant_id, created_at) WHERE ended_at IS NULL;
CREATE INDEX jobs_newest ON jobs (tenant_id, created_at DESC, job_id DESC);
CREATE INDEX jobs_expiring ON jobs (tenant_id, expires_at) WHERE expires_at IS NOT NULL;

-- The result of an attempt, page by page; it is published when the job succeeds with that attempt.
CREATE TABLE job_pages (
  tenant_id integer NOT NULL,
  job_id    text    NOT NULL,
  attempt   integer NOT NULL,
  page      integer NOT NULL CHECK (page >= 0),
  -- The contract's ReadJobResultResponse.
  body      bytea   NOT NULL,
  PRIMARY KEY (tenant_id, job_id, attempt, page),
  FOREIGN KEY (tenant_id, job_id) REFERENCES jobs ON DELETE CASCADE
);

CREATE FUNCTION keep_job_states()
RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.ended_at IS NOT NULL THEN
    RAISE EXCEPTION 'jobs: % has ended, as %', OLD.job_id, OLD.state;
  ELSIF OLD.state = 'PENDING' AND NEW.state NOT IN ('PENDING', 'RUNNING', 'CANCELLED') OR OLD.state = 'RUNNING' AND NEW.state = 'PENDING' THEN
    RAISE EXCEPTION 'jobs: % cannot become % from %', OLD.job_id, NEW.state, OLD.state;
  ELSIF NEW.attempt < OLD.attempt OR OLD.cancel_requested AND NOT NEW.cancel_requested THEN
    RAISE EXCEPTION 'jobs: neither the attempt nor the wish to cancel % goes back', OLD.job_id;
  ELSIF (NEW.tenant_id, NEW.job_id, NEW.client, NEW.kind, NEW.spec, NEW.rewrites, NEW.request_id, NEW.created_at)
    IS DISTINCT FROM (OLD.tenant_id, OLD.job_id, OLD.client, OLD.kind, OLD.spec, OLD.rewrites, OLD.request_id, OLD.created_at) THEN
    RAISE EXCEPTION 'jobs: what % is to do does not change', OLD.job_id;
  END IF;
  RETURN NEW;
END
$$;

CREATE TRIGGER keep_job_states BEFORE UPDATE ON jobs
FOR EACH ROW EXECUTE FUNCTION keep_job_states();

-- A hint for workers and for those who wait; both look by themselves, too.
CREATE FUNCTION tell_of_job()
RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('windrow_jobs', NEW.tenant_id || ' ' || NEW.job_id);
  RETURN NULL;
END
$$;

CREATE TRIGGER tell_of_new_job AFTER INSERT ON jobs
FOR EACH ROW EXECUTE FUNCTION tell_of_job();

CREATE TRIGGER tell_of_job AFTER UPDATE ON jobs
FOR EACH ROW WHEN ((OLD.state, OLD.attempt, OLD.cancel_requested, OLD.progress_done, OLD.progress_total)
  IS DISTINCT FROM (NEW.state, NEW.attempt, NEW.cancel_requested, NEW.progress_done, NEW.progress_total))
EXECUTE FUNCTION tell_of_job();
