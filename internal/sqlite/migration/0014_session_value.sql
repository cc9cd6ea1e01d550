-- +goose Up

-- A session's cookie changes: which of its values counts, since when, and when the next
-- one was first shown by the device (0: not yet).
ALTER TABLE session ADD COLUMN number INTEGER NOT NULL DEFAULT 0;
ALTER TABLE session ADD COLUMN since  INTEGER NOT NULL DEFAULT 0; -- 0: with the session
ALTER TABLE session ADD COLUMN newer  INTEGER NOT NULL DEFAULT 0;

-- +goose Down
SELECT 1; -- never: a backup is the way back
