-- +goose Up

-- Searching the log between two days: an organisation's own, and a case file's.
CREATE INDEX audit_org_at ON audit (org, at, row) WHERE root = '';
CREATE INDEX audit_root_at ON audit (org, root, at, row) WHERE root <> '';

-- +goose Down
SELECT 1; -- never: a backup is the way back
