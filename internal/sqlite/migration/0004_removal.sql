-- +goose Up

-- A device's word that it does not have a record any more, since its person's scope
-- lost it: the row of the inbox that said so, and when the word came.
CREATE TABLE removal (
  person TEXT NOT NULL,
  device TEXT NOT NULL,
  org    TEXT NOT NULL,
  record TEXT NOT NULL,
  seq    INTEGER NOT NULL,
  at     INTEGER NOT NULL,
  PRIMARY KEY (person, device, org, record)
) STRICT, WITHOUT ROWID;
CREATE INDEX removal_last ON removal (person, device, seq);

-- +goose Down
SELECT 1; -- never: a backup is the way back
