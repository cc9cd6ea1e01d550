-- +goose Up

-- What a device handed in that could not send it: sealed on the device for the two
-- people who hold the organisation's rescue key, and sealed here once more under the
-- key of its month, so that an erasure of loose papers reaches it. A commit is one
-- part, a picture several.
CREATE TABLE handed (
  person   TEXT NOT NULL,     -- the author, their organisation and device
  device   TEXT NOT NULL,
  id       TEXT NOT NULL,     -- of the commit or the picture
  part     INTEGER NOT NULL,
  parts    INTEGER NOT NULL,
  home     TEXT NOT NULL,     -- the author's organisation
  org      TEXT NOT NULL,     -- whose rescue key opens it
  root     TEXT NOT NULL,     -- month
  number   INTEGER NOT NULL,  -- of the rescue key
  received INTEGER NOT NULL,  -- ms
  sealed   BLOB NOT NULL,
  PRIMARY KEY (person, device, id, part)
) STRICT;
CREATE INDEX handed_org ON handed (org, root);

-- +goose Down
SELECT 1; -- never: a backup is the way back
