-- +goose Up

-- Whether a device is let in, and what it told of itself at its last contact.
ALTER TABLE device ADD COLUMN state    TEXT    NOT NULL DEFAULT 'active'; -- active, blocked, wipe, wiped
ALTER TABLE device ADD COLUMN since    INTEGER NOT NULL DEFAULT 0;        -- when the state began; 0: with the device
ALTER TABLE device ADD COLUMN app      TEXT    NOT NULL DEFAULT '';       -- version of the app
ALTER TABLE device ADD COLUMN unsent   INTEGER NOT NULL DEFAULT 0;        -- as last told

-- What it must bring back at its next contact: a phone that was put back to an
-- earlier day brings an older one.
ALTER TABLE device ADD COLUMN turn     INTEGER NOT NULL DEFAULT 0; -- that it has brought
ALTER TABLE device ADD COLUMN offered  INTEGER NOT NULL DEFAULT 0; -- that it was given last
ALTER TABLE device ADD COLUMN turned   INTEGER NOT NULL DEFAULT 0; -- when that was
ALTER TABLE device ADD COLUMN rollback INTEGER NOT NULL DEFAULT 0; -- when an older one was brought; 0: never

-- +goose Down
SELECT 1; -- never: a backup is the way back
