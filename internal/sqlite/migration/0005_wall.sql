-- +goose Up

-- Two linked cases of two organisations. What is shared between them is seen only
-- through the room; the epoch moves when that shrinks. cover says for whom a
-- consent is in force: ids of persons and days, no names.
CREATE TABLE room (
  id            TEXT PRIMARY KEY,
  landlord_org  TEXT NOT NULL,
  landlord_root TEXT NOT NULL,
  landlord_case TEXT NOT NULL,
  social_org    TEXT NOT NULL,
  social_root   TEXT NOT NULL, -- the household's, or the notice's own before it is linked
  social_case   TEXT NOT NULL, -- empty before that
  notice        INTEGER NOT NULL,
  cover         TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX room_landlord ON room (landlord_org, landlord_root);
CREATE INDEX room_social ON room (social_org, social_root);

CREATE TABLE room_epoch (
  room  TEXT PRIMARY KEY,
  epoch INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Opaque names that an organisation's records go by, within it alone.
CREATE TABLE handle (
  org    TEXT NOT NULL,
  handle TEXT NOT NULL,
  root   TEXT NOT NULL,
  record TEXT NOT NULL,
  PRIMARY KEY (org, handle, root, record)
) STRICT, WITHOUT ROWID;

-- +goose Down
SELECT 1; -- never: a backup is the way back
