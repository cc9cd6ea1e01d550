-- +goose Up

-- What was erased, with the signed certificate that says so: kept for ever.
-- Root is a case file's, or "~2026-11" for a month's loose papers.
CREATE TABLE erasure (
  number    INTEGER PRIMARY KEY,
  org       TEXT NOT NULL,
  root      TEXT NOT NULL,
  upto      INTEGER NOT NULL, -- what the log says up to this row may be gone
  body      TEXT NOT NULL,
  signature BLOB NOT NULL
) STRICT;
CREATE INDEX erasure_root ON erasure (org, root);
-- +goose StatementBegin
CREATE TRIGGER erasure_stays BEFORE UPDATE ON erasure BEGIN
  SELECT RAISE(ABORT, 'certificates are kept as they were signed');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER erasure_keeps BEFORE DELETE ON erasure BEGIN
  SELECT RAISE(ABORT, 'certificates are kept for ever');
END;
-- +goose StatementEnd

-- Files that are not to be erased for now, and why (sealed).
CREATE TABLE erasure_hold (
  org    TEXT NOT NULL,
  root   TEXT NOT NULL,
  person TEXT NOT NULL,
  made   INTEGER NOT NULL,
  sealed BLOB NOT NULL,
  PRIMARY KEY (org, root)
) STRICT, WITHOUT ROWID;

-- +goose Down
SELECT 1; -- never: a backup is the way back
