package sqlite

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pressly/goose/v3"
)

const migrateFolder = "BOKVAR_MIGRATE_FOLDER" // set for the child: what it opens until it is killed

// TestKilledWhileMigrating kills a newer program while it brings a database of the first
// released schema up to its own, at any moment, twice in a row: the next start goes on
// where it was, everything is there, and the schema is that of a new database.
func TestKilledWhileMigrating(t *testing.T) {
	if dir := os.Getenv(migrateFolder); dir != "" {
		open(t, dir, 0)
		return
	}
	seed := rand.Uint64()
	random := rand.New(rand.NewPCG(seed, 0))
	const rows = 20_000
	fresh, old := t.TempDir(), t.TempDir()
	must(t, open(t, fresh, 0).Close())
	must(t, os.CopyFS(filepath.Join(old, "keys"), os.DirFS(filepath.Join(fresh, "keys"))))
	firstReleased(t, filepath.Join(old, "bokvar.db"), rows)
	want := schemaOf(t, filepath.Join(fresh, "bokvar.db"))

	last := versionOf(t, filepath.Join(fresh, "bokvar.db"))
	between := map[int64]bool{} // schemas that a kill left behind
	for round := range 12 {
		dir := folderWith(t, old)
		for range 2 {
			killedFrom(t, dir, 1+random.Int64N(last), time.Duration(max(0, random.IntN(600)-300))*time.Microsecond)
			between[versionOf(t, filepath.Join(dir, "bokvar.db"))] = true
		}
		db := open(t, dir, 0)
		must(t, db.Close())
		path := filepath.Join(dir, "bokvar.db")
		if got := schemaOf(t, path); !slices.Equal(got, want) {
			t.Fatalf("seed %d, round %d: the schema is\n%s\nwant\n%s", seed, round, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
		raw := rawly(t, path)
		var whole string
		var records, inbox int
		must(t, raw.QueryRow(`PRAGMA integrity_check`).Scan(&whole))
		must(t, raw.QueryRow(`SELECT (SELECT COUNT(*) FROM record), (SELECT COUNT(*) FROM inbox)`).Scan(&records, &inbox))
		if whole != "ok" || records != rows || inbox != rows {
			t.Fatalf("seed %d, round %d: %s, %d records, %d rows of inboxes", seed, round, whole, records, inbox)
		}
	}
	delete(between, 1)
	delete(between, last)
	t.Logf("seed %d: kills left these schemas behind: %v", seed, slices.Sorted(maps.Keys(between)))
	if len(between) == 0 {
		t.Errorf("seed %d: no kill left a schema in between: that tries nothing", seed)
	}
}

// killedFrom opens the database in a process of its own, and kills that a moment after the
// schema has come to a version; where that is so from the beginning, while it starts.
func killedFrom(t *testing.T, dir string, version int64, later time.Duration) {
	t.Helper()
	child := exec.Command(os.Args[0], "-test.run=^TestKilledWhileMigrating$")
	child.Env = append(os.Environ(), migrateFolder+"="+dir)
	var said bytes.Buffer
	child.Stdout, child.Stderr = &said, &said
	must(t, child.Start())
	ended := make(chan error, 1)
	go func() { ended <- child.Wait() }()
	db := rawly(t, filepath.Join(dir, "bokvar.db"))
	_, err := db.Exec(`PRAGMA busy_timeout = 0`)
	must(t, err)
	for there := int64(0); ; {
		// It is looked at while nobody else can write, as soon as nobody does: a step takes
		// less than a millisecond, and the next one follows at once.
		if _, err := db.Exec(`BEGIN IMMEDIATE`); err == nil {
			must(t, db.QueryRow(`SELECT MAX(version_id) FROM goose_db_version`).Scan(&there))
			if there >= version && later == 0 {
				_ = child.Process.Kill() // between two steps
			}
			_, err = db.Exec(`ROLLBACK`)
			must(t, err)
		}
		if there >= version {
			break
		}
		select {
		case err := <-ended: // it was quicker than we could look
			if err != nil {
				t.Fatalf("the newer program says: %v\n%s", err, said.String())
			}
			return
		default:
		}
	}
	time.Sleep(later)
	_ = child.Process.Kill()
	if err := <-ended; err != nil && child.ProcessState.Exited() {
		t.Fatalf("the newer program says: %v\n%s", err, said.String())
	}
	must(t, db.Close())
}

// firstReleased makes a database of the first schema, with some rows that later ones look at.
func firstReleased(t *testing.T, path string, rows int) {
	t.Helper()
	db := rawly(t, path)
	folder, err := fs.Sub(migrations, "migration")
	must(t, err)
	provider, err := goose.NewProvider(goose.DialectSQLite3, db, folder)
	must(t, err)
	_, err = provider.UpTo(context.Background(), 1)
	must(t, err)
	tx, err := db.Begin()
	must(t, err)
	for i := range rows {
		id := fmt.Sprintf("record-%d", i)
		_, err := tx.Exec(`INSERT INTO record (org, id, kind, root, sealed) VALUES ('org', ?, ?, ?, ?)`, id, []string{"note", "case"}[i%2], fmt.Sprintf("root-%d", i/20), make([]byte, 200))
		must(t, err)
		_, err = tx.Exec(`INSERT INTO inbox (org, record, person, seq, gone, hash) VALUES ('org', ?, 'kim', ?, 0, ?)`, id, i+1, make([]byte, 16))
		must(t, err)
	}
	must(t, tx.Commit())
	must(t, db.Close())
}

func rawly(t *testing.T, path string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite3", "file:"+path+"?_journal_mode=WAL")
	must(t, err)
	db.SetMaxOpenConns(1)
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// folderWith is a data folder of its own with what lies in another.
func folderWith(t *testing.T, from string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	must(t, os.CopyFS(dir, os.DirFS(from)))
	return dir
}

func versionOf(t *testing.T, path string) (version int64) {
	t.Helper()
	db := rawly(t, path)
	must(t, db.QueryRow(`SELECT MAX(version_id) FROM goose_db_version`).Scan(&version))
	must(t, db.Close())
	return version
}

// schemaOf is how everything in the database was made, in a fixed order.
func schemaOf(t *testing.T, path string) (all []string) {
	t.Helper()
	db := rawly(t, path)
	rows, err := db.Query(`SELECT COALESCE(sql, name) FROM sqlite_master ORDER BY type, name`)
	must(t, err)
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var one string
		must(t, rows.Scan(&one))
		all = append(all, one)
	}
	must(t, rows.Err())
	must(t, rows.Close())
	must(t, db.Close())
	return all
}
