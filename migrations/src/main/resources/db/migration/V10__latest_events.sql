-- The newest event of each aggregate of a rollup that has entity_id among its dimensions, so that an entity's latest
-- value need not be looked for among its events. The bytes are defined by the rollup module; as bytes they are ordered
-- as the events are: by time, batch and place in the batch.
-- NULL (a row from before this version, or of a service from before it) and no bytes (shorter, where a row has no other
-- NULL) mean *not known*: then the events tell. What is merged from such a row is not known either, never wrong.
ALTER TABLE rollup_deltas ADD COLUMN latest bytea;
ALTER TABLE rollup_buckets ADD COLUMN latest bytea;
