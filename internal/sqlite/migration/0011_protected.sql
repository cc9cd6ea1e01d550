-- +goose Up

-- Files of people whose identity is protected: households, and the givings and
-- notices that are about them. Ids and no more; the server fills it in at its start.
CREATE TABLE protected (
  org  TEXT NOT NULL,
  root TEXT NOT NULL,
  PRIMARY KEY (org, root)
) STRICT, WITHOUT ROWID;

-- +goose Down
SELECT 1; -- never: a backup is the way back
