package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"bokvar/internal/audit"
	"bokvar/internal/casework"
	"bokvar/internal/seal"
)

// keyCopies is where copies of the key file are kept, and for how long.
type keyCopies struct {
	folder string
	own    string // in the data folder: commands without a server copy to there
	days   int
}

func (c Config) copies() keyCopies {
	own := filepath.Join(c.Data, "keys", "copies")
	return keyCopies{cmp.Or(c.Keys.Copies, own), own, c.Keys.Days}
}

func (o *core) today() string { return casework.DayOf(o.clock().UnixMilli()) }

// copyKeys makes today's copy and takes away those that are too old.
func (o *core) copyKeys() error {
	return errors.Join(o.db.CopyKeys(o.copies.folder, o.today(), o.copies.days), seal.DropExpired(o.copies.own, o.today()))
}

// copyKeysOnce copies the keys unless it has done so on this day. Only the start and
// the new day call it, one after the other.
func (o *core) copyKeysOnce() error {
	today := o.today()
	if today == o.copied {
		return nil
	}
	if err := o.copyKeys(); err != nil {
		return err
	}
	o.copied = today
	return nil
}

// keysCommand is about the keys that everything stored is sealed with.
func keysCommand(_ context.Context, args []string, std stdio) error {
	return choose("keys", args, std, map[string]func([]string, stdio) error{"rotate": keysRotate, "copy": keysCopy})
}

// keysRotate puts a new master key in place, also while the server runs.
func keysRotate(args []string, std stdio) error {
	f := flags("keys rotate", std)
	data := f.String("data", defaults().Data, "data folder")
	to := f.String("to", "", "file with the new master key, when it is kept outside the data folder; made when missing")
	if err := parse(f, args, 0); err != nil {
		return err
	}
	path := ""
	if *to != "" {
		var err error
		if path, err = filepath.Abs(*to); err != nil { // the server may have another working folder
			return err
		}
	}
	if _, err := perform[nothing](*data, "keys rotate", path); err != nil {
		return err
	}
	_, err := fmt.Fprintln(std.out, rotated(path))
	return err
}

func rotated(path string) string {
	if path == "" {
		return "There is a new master key in keys/master.key. Copies of the key file from before it are gone, and one of today is made. Back up keys/master.key, and destroy the copies of the old one."
	}
	return "The key file now needs the master key in " + path + ". Put it where the service gets its key from before the next start, and destroy the old one. Copies of the key file from before are gone, and one of today is made."
}

func rotateKeys(o *core, path string) (nothing, error) {
	var next []byte
	if path != "" {
		var err error
		if next, err = nextMaster(path); err != nil {
			return nothing{}, err
		}
	}
	if err := o.db.RotateKeys(next); err != nil {
		return nothing{}, err
	}
	tomorrow := casework.AddDays(o.today(), 1)
	if err := errors.Join(seal.DropCopies(o.copies.folder, tomorrow), seal.DropCopies(o.copies.own, tomorrow), o.copyKeys()); err != nil {
		return nothing{}, err
	}
	return nothing{}, o.noted(audit.Operate, "", "master key rotated", nil)
}

// nextMaster reads the key in the file, and makes one where there is no file.
func nextMaster(path string) ([]byte, error) {
	key, err := seal.MasterFile(path)
	if !errors.Is(err, os.ErrNotExist) {
		return key, err
	}
	key = make([]byte, 32)
	_, _ = rand.Read(key) // never fails: it would end the program
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	_, err = file.WriteString(hex.EncodeToString(key) + "\n")
	return key, errors.Join(err, file.Sync(), file.Close())
}

// keysCopy makes a copy of the key file at once.
func keysCopy(args []string, std stdio) error {
	f := flags("keys copy", std)
	data := f.String("data", defaults().Data, "data folder")
	if err := parse(f, args, 0); err != nil {
		return err
	}
	where, err := perform[string](*data, "keys copy", nothing{})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(std.out, "Today's copy of the key file is in "+where+". It needs the master key, which is not in it.")
	return err
}

func copyKeys(o *core, _ nothing) (string, error) {
	return o.copies.folder, o.noted(audit.Operate, "", "key file copied", o.copyKeys())
}
