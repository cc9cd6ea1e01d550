package seal

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"time"
)

// Copies of the key file are short-lived: a key that was forgotten must not live
// on in them. Each says in its name from which day it is, and after which it goes.
// The master key is never in them.

var copyName = regexp.MustCompile(`^roots-(\d{4}-\d{2}-\d{2})-until-(\d{4}-\d{2}-\d{2})\.keys$`)

// Copy writes the key file of today into the folder, to be kept for so many days,
// and takes away what is older than it may be. Days are calendar days, "2026-11-23".
func (r *Ring) Copy(folder, today string, days int) error {
	day, err := time.Parse(time.DateOnly, today)
	if err != nil {
		return err
	}
	if days < 1 {
		return fmt.Errorf("copies of the key file are kept for a day at least, not %d", days)
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return fmt.Errorf("folder for copies of the key file: %w", err)
	}
	until := day.AddDate(0, 0, days).Format(time.DateOnly)
	if err := r.copyTo(filepath.Join(folder, "roots-"+today+"-until-"+until+".keys")); err != nil {
		return fmt.Errorf("copy the key file: %w", err)
	}
	return DropExpired(folder, today)
}

// DropExpired takes away copies that are older than they may be.
func DropExpired(folder, today string) error {
	return dropCopies(folder, func(_, until string) bool { return until < today })
}

// DropCopies takes away copies that were made before the day: after a rotation
// they need a master key that is gone.
func DropCopies(folder, before string) error {
	return dropCopies(folder, func(day, _ string) bool { return day < before })
}

func dropCopies(folder string, over func(day, until string) bool) error {
	return eachCopy(folder, func(path, day, until string) error {
		if over(day, until) {
			return os.Remove(path)
		}
		return nil
	})
}

// CopiesUntil is the last day on which a copy made by Copy may still be there;
// "" when there is none.
func CopiesUntil(folder string) (last string, err error) {
	err = eachCopy(folder, func(_, _, until string) error {
		last = max(last, until)
		return nil
	})
	return last, err
}

func eachCopy(folder string, f func(path, day, until string) error) error {
	entries, err := os.ReadDir(folder)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if m := copyName.FindStringSubmatch(entry.Name()); m != nil {
			if err := f(filepath.Join(folder, entry.Name()), m[1], m[2]); err != nil {
				return err
			}
		}
	}
	return nil
}
