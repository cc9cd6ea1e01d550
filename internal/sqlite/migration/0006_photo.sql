-- +goose Up

-- Pictures of records of the kind photo, sealed under the key of their root: parts
-- that have come, by number from 0, and the complete picture as part -1.
CREATE TABLE photo (
  org    TEXT NOT NULL,
  id     TEXT NOT NULL,
  part   INTEGER NOT NULL,
  sealed BLOB NOT NULL,
  PRIMARY KEY (org, id, part)
) STRICT;

-- +goose Down
SELECT 1; -- never: a backup is the way back
