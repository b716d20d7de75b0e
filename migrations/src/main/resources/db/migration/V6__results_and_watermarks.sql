-- What a producer may ask or say beside its events.

-- 1. Results. A repeat of a request is told what its original was told. That every event was stored is the common result
-- and needs no row; a row is written, in the flush's transaction, when some events were duplicates or rejected. (Requests
-- from before this version have none, and their repeats are told that everything was stored.)
CREATE TABLE append_results (
  tenant_id       integer NOT NULL,
  producer_id     text    NOT NULL,
  sequence        bigint  NOT NULL,
  batch_id        bigint  NOT NULL,
  stored_count    integer NOT NULL,
  duplicate_count integer NOT NULL,
  rejected_count  integer NOT NULL,
  -- An array of {index, reason, field, message, at}, by index; NULL if there are none. json, because it is only ever
  -- read whole.
  rejections      json,
  PRIMARY KEY (tenant_id, producer_id, sequence)
);

-- The last batch that moved this producer's ledger. Its flushes lock the ledger, so who sees this batch sees all that the
-- producer has stored. NULL if that was before this column.
ALTER TABLE producers ADD COLUMN last_batch_id bigint;

-- 2. Declared watermarks: a producer's word that it has sent everything of a source up to a time. Never moves backwards.
CREATE TABLE source_watermarks (
  tenant_id      integer     NOT NULL,
  source         text        NOT NULL,
  producer_id    text        NOT NULL,
  -- Exclusive.
  complete_until timestamptz NOT NULL,
  batch_id       bigint      NOT NULL,
  declared_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (tenant_id, source, producer_id)
);
