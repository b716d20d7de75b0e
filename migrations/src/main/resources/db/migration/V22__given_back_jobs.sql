-- How many of a job's attempts have given it back, because of trouble that passes; the others of those that are over died of it, or
-- with their process.
ALTER TABLE jobs ADD COLUMN given_back integer NOT NULL DEFAULT 0;
