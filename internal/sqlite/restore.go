package sqlite

import (
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/google/uuid"
)

// Restore puts a copy made by [DB.Backup] into a data folder that has no
// database, and begins a new generation, so that devices fetch everything anew
// and send again what the copy lacks. The keys must be in the folder already: a
// key file that is older than the copy is refused. Nothing is left behind when it
// fails. master is the master key, when it is kept outside the folder of keys.
func Restore(backup, dir string, master []byte) error {
	to := filepath.Join(dir, "bokvar.db")
	if _, err := os.Lstat(to); !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("%s is there already; a restore never overwrites", to)
	}
	if _, err := os.Stat(filepath.Join(dir, "keys")); err != nil {
		return fmt.Errorf("the keys are missing: put the folder \"keys\" that was kept beside the backup into %s first", dir)
	}
	part := to + ".part"
	err := copyFile(backup, part)
	if err == nil {
		err = keysFit(part, filepath.Join(dir, "keys"), master)
	}
	if err == nil {
		err = newGeneration(part)
	}
	if err == nil {
		err = os.Rename(part, to)
	}
	if err != nil {
		return errors.Join(err, remove(part))
	}
	return syncFolder(dir)
}

func copyFile(from, to string) (err error) {
	in, err := os.Open(from)
	if err != nil {
		return fmt.Errorf("the backup cannot be read: %w", err)
	}
	defer func() { _ = in.Close() }()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	if _, err = io.Copy(out, in); err == nil {
		err = out.Sync()
	}
	return errors.Join(err, out.Close())
}

func newGeneration(path string) error {
	db, err := sql.Open("sqlite3", "file:"+path+"?_journal_mode=DELETE&_synchronous=FULL")
	if err != nil {
		return err
	}
	result, err := db.Exec(`UPDATE server SET value = CAST(? AS BLOB) WHERE name = 'generation'`, uuid.NewString())
	if err == nil {
		var n int64
		if n, err = result.RowsAffected(); err == nil && n != 1 {
			err = errors.New("the file is no backup of bokvar")
		}
	}
	if err == nil { // the next start looks for what was erased since
		_, err = db.Exec(`INSERT INTO server (name, value) VALUES ('restored', x'01') ON CONFLICT DO NOTHING`)
	}
	return errors.Join(err, db.Close())
}

func remove(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

func syncFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
