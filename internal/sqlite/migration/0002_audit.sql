-- +goose Up

-- Which case file a row of the log concerns, and a keyed hash (under that file's
-- key) of what was stored.
ALTER TABLE audit ADD COLUMN root TEXT NOT NULL DEFAULT '';
ALTER TABLE audit ADD COLUMN evidence BLOB;
CREATE INDEX audit_root ON audit (org, root, row) WHERE root <> '';

-- The log and the commits are only ever added to. An erasure takes the content
-- out of a commit and leaves its receipt.
-- +goose StatementBegin
CREATE TRIGGER audit_stays BEFORE UPDATE ON audit BEGIN
  SELECT RAISE(ABORT, 'the audit log is only ever added to');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER audit_keeps BEFORE DELETE ON audit BEGIN
  SELECT RAISE(ABORT, 'the audit log is only ever added to');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER commits_keep BEFORE DELETE ON commits BEGIN
  SELECT RAISE(ABORT, 'commits are kept for ever');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER commits_stay BEFORE UPDATE ON commits
WHEN NEW.sealed IS NOT NULL OR NEW.org <> OLD.org OR NEW.id <> OLD.id OR NEW.person <> OLD.person OR NEW.device <> OLD.device
  OR NEW.hash <> OLD.hash OR NEW.receipt <> OLD.receipt OR NEW.root IS NOT OLD.root
BEGIN
  SELECT RAISE(ABORT, 'commits are kept as they were judged');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER payload_stays BEFORE UPDATE ON payload
WHEN NEW.sealed <> x'' OR NEW.org <> OLD.org OR NEW.id <> OLD.id OR NEW.root <> OLD.root
BEGIN
  SELECT RAISE(ABORT, 'commits are kept as they were judged');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER payload_keeps BEFORE DELETE ON payload BEGIN
  SELECT RAISE(ABORT, 'commits are kept for ever');
END;
-- +goose StatementEnd

-- +goose Down
SELECT 1; -- never: a backup is the way back
