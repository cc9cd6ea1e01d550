-- +goose Up

-- A person's phone or computer. What is wrapped and the verifier are sealed: with
-- the database alone nobody can try passphrases.
CREATE TABLE device (
  person  TEXT NOT NULL REFERENCES member (id),
  id      TEXT NOT NULL,
  locker  TEXT NOT NULL UNIQUE, -- random: names the row for somebody who is not signed in
  name    TEXT NOT NULL,
  made    INTEGER NOT NULL,
  seen    INTEGER NOT NULL,
  signing BLOB NOT NULL,        -- public key, SPKI; empty until there is one
  sealed  BLOB NOT NULL,        -- wrapped copies of the data key, and the verifier
  PRIMARY KEY (person, id)
) STRICT, WITHOUT ROWID;

-- The SHA-256 of a secret that lies in the device's vault: once it is there, the cookie alone opens nothing.
ALTER TABLE session ADD COLUMN proof BLOB;

-- The data key is made on the phone now, and never known here.
DROP TABLE vault_key;

-- +goose Down
SELECT 1; -- never: a backup is the way back
