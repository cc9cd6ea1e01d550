-- +goose Up

-- Clear columns are what access needs to decide without opening anything; all else is sealed.
CREATE TABLE server (
  name  TEXT PRIMARY KEY,
  value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE record (
  org    TEXT NOT NULL,
  id     TEXT NOT NULL,
  kind   TEXT NOT NULL,
  root   TEXT NOT NULL,
  sealed BLOB NOT NULL,
  PRIMARY KEY (org, id)
) STRICT;
CREATE INDEX record_root ON record (org, root, kind);
-- Notes are most of what there is, and nobody asks for them by kind alone.
CREATE INDEX record_kind ON record (org, kind) WHERE kind <> 'note';

-- A commit with its receipt and its payload, sealed under the key of the root that
-- it belongs to. What belongs to further roots lies in payload, root by root.
CREATE TABLE commits (
  org      TEXT NOT NULL,
  id       TEXT NOT NULL,
  person   TEXT NOT NULL,
  device   TEXT NOT NULL,
  hash     BLOB NOT NULL,
  receipt  TEXT NOT NULL,
  root     TEXT,
  records  TEXT,
  sealed   BLOB,
  PRIMARY KEY (org, id)
) STRICT;
CREATE TABLE payload (
  org     TEXT NOT NULL,
  id      TEXT NOT NULL,
  root    TEXT NOT NULL,
  records TEXT NOT NULL,
  sealed  BLOB NOT NULL
) STRICT;
CREATE INDEX payload_commit ON payload (org, id);

-- The rows of one record lie side by side: it reaches all who carry it at once.
-- A person's numbering goes on from their last row, which therefore stays.
CREATE TABLE inbox (
  org    TEXT NOT NULL,
  record TEXT NOT NULL,
  person TEXT NOT NULL,
  seq    INTEGER NOT NULL,
  gone   INTEGER NOT NULL,
  hash   BLOB NOT NULL,
  PRIMARY KEY (org, record, person)
) STRICT, WITHOUT ROWID;
-- A page reads nothing but this index.
CREATE INDEX inbox_seq ON inbox (person, seq, gone, hash);

-- Counters of a person: last receipt number, access epoch, day of the device scope.
CREATE TABLE counter (
  person    TEXT PRIMARY KEY,
  number    INTEGER NOT NULL DEFAULT 0,
  epoch     INTEGER NOT NULL DEFAULT 0,
  scope_day TEXT NOT NULL DEFAULT ''
) STRICT, WITHOUT ROWID;

CREATE TABLE root_unit (
  org    TEXT NOT NULL,
  root   TEXT NOT NULL,
  record TEXT NOT NULL,
  unit   TEXT NOT NULL,
  closed INTEGER NOT NULL,
  PRIMARY KEY (org, root, record)
) STRICT, WITHOUT ROWID;
CREATE INDEX root_unit_unit ON root_unit (org, unit, closed);

CREATE TABLE assignment (
  org     TEXT NOT NULL,
  root    TEXT NOT NULL,
  contact TEXT NOT NULL,
  person  TEXT NOT NULL,
  planned INTEGER NOT NULL,
  until   INTEGER NOT NULL,
  PRIMARY KEY (org, root, contact, person)
) STRICT, WITHOUT ROWID;
CREATE INDEX assignment_person ON assignment (person, planned);

CREATE TABLE organisation (
  id   TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  kind TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE member (
  id     TEXT PRIMARY KEY,
  org    TEXT NOT NULL REFERENCES organisation (id),
  name   TEXT NOT NULL,
  title  TEXT NOT NULL,
  phone  TEXT NOT NULL,
  role   TEXT NOT NULL,
  units  TEXT NOT NULL, -- JSON list
  active INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE invitation (
  kind    TEXT NOT NULL,
  handle  TEXT NOT NULL,
  salt    BLOB NOT NULL,
  hash    BLOB NOT NULL,
  person  TEXT NOT NULL REFERENCES member (id),
  made    INTEGER NOT NULL,
  expires INTEGER NOT NULL,
  tries   INTEGER NOT NULL,
  used    INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (kind, handle)
) STRICT, WITHOUT ROWID;

CREATE TABLE session (
  hash    BLOB PRIMARY KEY,
  person  TEXT NOT NULL REFERENCES member (id),
  device  TEXT NOT NULL,
  made    INTEGER NOT NULL,
  seen    INTEGER NOT NULL,
  expires INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX session_person ON session (person);

CREATE TABLE vault_key (
  person TEXT NOT NULL REFERENCES member (id),
  device TEXT NOT NULL,
  sealed BLOB NOT NULL,
  PRIMARY KEY (person, device)
) STRICT, WITHOUT ROWID;

CREATE TABLE subscription (
  endpoint TEXT PRIMARY KEY,
  person   TEXT NOT NULL REFERENCES member (id),
  device   TEXT NOT NULL,
  sealed   BLOB NOT NULL, -- keys
  made     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX subscription_person ON subscription (person);

CREATE TABLE push (
  alert   TEXT NOT NULL,
  person  TEXT NOT NULL,
  org     TEXT NOT NULL,
  due     INTEGER NOT NULL,
  outcome TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (alert, person)
) STRICT, WITHOUT ROWID;
CREATE INDEX push_pending ON push (due) WHERE outcome = '';

CREATE TABLE proposal (
  id     TEXT NOT NULL,
  org    TEXT NOT NULL,
  person TEXT NOT NULL,
  made   INTEGER NOT NULL,
  sealed BLOB NOT NULL,
  PRIMARY KEY (org, id)
) STRICT, WITHOUT ROWID;

-- Append-only and chained; no content.
CREATE TABLE audit (
  row    INTEGER PRIMARY KEY,
  at     INTEGER NOT NULL,
  person TEXT NOT NULL,
  device TEXT NOT NULL,
  action TEXT NOT NULL,
  org    TEXT NOT NULL,
  what   TEXT NOT NULL,
  hash   BLOB NOT NULL
) STRICT;

-- +goose Down
SELECT 1; -- never: a backup is the way back
