-- +goose Up

-- Rooms that were shut and whose people have not been told yet what follows from it:
-- their own record of the room, and each entry that left. One row, however many they
-- are; the telling is done after the receipt, and taken up again when the program died.
CREATE TABLE room_untold (
  room  TEXT PRIMARY KEY,
  epoch INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- +goose Down
SELECT 1; -- never: a backup is the way back
