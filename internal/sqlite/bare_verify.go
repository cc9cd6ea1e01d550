package sqlite

import (
	"bytes"
	"fmt"
	"os"
	"time"

	"bokvar/internal/audit"
	"bokvar/sync/server"
	"bokvar/sync/wire"
)

// MeasureVerify measures, for `bokvar bench`, how long [DB.Verify] takes over a
// log of rows entries, every second of which is a commit of a note of a kilobyte
// with its record, and every other a reading. It returns the seconds and the
// size of the database in bytes.
func MeasureVerify(dir string, rows int) (took time.Duration, size int64, err error) {
	db, err := Open(Options{Dir: dir})
	if err != nil {
		return 0, 0, err
	}
	defer db.Close()
	text := bytes.Repeat([]byte("a"), 1000)
	for done := 0; done < rows; done += 2000 {
		if err := db.Write(func(tx server.Tx) error { return fill(tx.(*Tx), done, min(done+2000, rows), text) }); err != nil {
			return 0, 0, err
		}
	}
	began := time.Now()
	v, err := db.Verify()
	took = time.Since(began)
	if err == nil && v.AuditRows < int64(rows) {
		err = fmt.Errorf("only %d rows were verified", v.AuditRows)
	}
	if err != nil {
		return 0, 0, err
	}
	info, err := os.Stat(db.path)
	if err != nil {
		return 0, 0, err
	}
	return took, info.Size(), nil
}

// fill writes log entries from until to, fifty commits to a root.
func fill(tx *Tx, from, to int, text []byte) error {
	for i := from; i < to; i++ {
		root := fmt.Sprint("root-", i/100)
		if i%2 == 1 {
			tx.entries = append(tx.entries, audit.Entry{At: int64(i), Person: "kim", Device: "phone", Action: audit.Read, Org: "org", Root: root})
			continue
		}
		id := fmt.Sprintf("%08d-0000-4000-8000-000000000000", i)
		s := &server.State{Org: "org", ID: id, Kind: "note", Root: root, Fields: map[string]server.Field{"text": {Value: append(append([]byte{'"'}, text...), '"'), Version: 1}}}
		if err := tx.PutRecord(s); err != nil {
			return err
		}
		err := tx.PutCommit(&server.Kept{Author: server.Author{Person: "kim", Org: "org", Device: "phone"},
			Receipt: wire.Receipt{Type: wire.TypeReceipt, Commit: id, Status: wire.Saved, At: int64(i)},
			Roots:   []server.RootPayload{{Org: "org", Root: root, Payload: text, Records: []string{id}}}})
		if err != nil {
			return err
		}
	}
	return nil
}
