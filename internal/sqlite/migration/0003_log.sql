-- +goose Up

-- What concerns no case file, for an organisation's own view of the log.
CREATE INDEX audit_org ON audit (org, row) WHERE root = '';

-- How far each device has told what was read on it, so that telling it twice changes nothing.
CREATE TABLE reading (
  person TEXT NOT NULL,
  device TEXT NOT NULL,
  seq    INTEGER NOT NULL,
  PRIMARY KEY (person, device)
) STRICT, WITHOUT ROWID;

-- +goose Down
SELECT 1; -- never: a backup is the way back
