-- The events themselves, and the ledgers that make each of them count once.

CREATE TABLE events (
  tenant_id   integer          NOT NULL,
  occurred_at timestamptz      NOT NULL,
  -- Which flush wrote it, and its place there: together unique, and the lineage to ingest_batches.
  batch_id    bigint           NOT NULL,
  batch_index integer          NOT NULL,
  source      text             NOT NULL,
  type        text             NOT NULL,
  entity_id   text             NOT NULL,
  status      text             NOT NULL,
  value       double precision,
  amount      bigint,
  attributes  jsonb,
  payload     jsonb,
  event_id    text
) PARTITION BY RANGE (occurred_at);

CREATE INDEX events_entity ON events (tenant_id, entity_id, occurred_at);
CREATE INDEX events_time ON events USING brin (occurred_at) WITH (pages_per_range = 16);

CREATE TABLE ingest_batches (
  tenant_id          integer     NOT NULL,
  batch_id           bigint      NOT NULL,
  instance_id        text,
  env                text,
  lane               integer     NOT NULL,
  request_count      integer     NOT NULL,
  event_count        integer     NOT NULL,
  duplicate_count    integer     NOT NULL,
  rejected_count     integer     NOT NULL,
  oldest_occurred_at timestamptz,
  newest_occurred_at timestamptz,
  -- The writing transaction: with a pg_snapshot it tells whether a reader of that snapshot saw the batch.
  xact_id            xid8        NOT NULL DEFAULT pg_current_xact_id(),
  written_at         timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (tenant_id, batch_id)
);

CREATE INDEX ingest_batches_xact ON ingest_batches (tenant_id, xact_id);
CREATE INDEX ingest_batches_newest ON ingest_batches (tenant_id, newest_occurred_at);
CREATE INDEX ingest_batches_written ON ingest_batches (tenant_id, written_at);

CREATE SEQUENCE ingest_batch_ids;

CREATE TABLE producers (
  tenant_id     integer     NOT NULL,
  producer_id   text        NOT NULL,
  epoch         bigint      NOT NULL,
  last_sequence bigint      NOT NULL,
  updated_at    timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, producer_id)
);

CREATE TABLE event_ids (
  tenant_id    integer     NOT NULL,
  source       text        NOT NULL,
  event_id     text        NOT NULL,
  -- Tells a repeat from a different event under the same id.
  content_hash bigint      NOT NULL,
  batch_id     bigint      NOT NULL,
  PRIMARY KEY (tenant_id, source, event_id)
);
