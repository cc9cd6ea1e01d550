package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"bokvar/internal/audit"
	"bokvar/internal/casework"
	"bokvar/internal/office"
	"bokvar/internal/seal"
	"bokvar/internal/sqlite"
	"bokvar/sync/server"
)

// planErasure looks at what has ended; nothing is changed.
func planErasure(o *core, org string) (erasurePlan, error) {
	p := erasurePlan{Today: o.today(), Held: map[string]string{}}
	if _, err := o.accounts.Organisation(org); err != nil {
		return p, err
	}
	var keep office.Retention
	raw, err := o.db.Setting(keepSetting(org))
	if err != nil {
		return p, err
	}
	if raw != nil {
		if err := json.Unmarshal(raw, &keep); err != nil {
			return p, err
		}
	}
	if err := o.db.Facts(func(f casework.Facts) (err error) {
		p.Ended, err = o.office.Ended(f, org, keep)
		return err
	}); err != nil {
		return p, err
	}
	loose, err := o.endedMonths(org, keep.Loose)
	if err != nil {
		return p, err
	}
	p.Ended = append(p.Ended, loose...)
	held, err := o.db.Held(org)
	if err != nil {
		return p, err
	}
	p.hold(held)
	return p, nil
}

// endedMonths are those whose loose papers have a day on which they go.
func (o *core) endedMonths(org string, days int) (out []office.Ended, err error) {
	if days == 0 {
		return nil, nil
	}
	months, err := o.db.LooseMonths(org)
	if err != nil {
		return nil, err
	}
	for _, month := range months {
		first, err := time.Parse("2006-01", strings.TrimPrefix(month, "~"))
		if err != nil {
			return nil, err
		}
		last := first.AddDate(0, 1, -1).Format(time.DateOnly)
		out = append(out, office.Ended{Root: month, Kind: office.FileLoose, Since: last, Due: casework.AddDays(last, days), With: month})
	}
	return out, nil
}

// runErasure erases what is due, each file in a transaction of its own, and then
// takes all their keys away at once.
func runErasure(o *core, in runArgs) ([]sqlite.Certificate, error) {
	due, reason, err := o.toErase(in)
	if err != nil {
		return nil, err
	}
	key, err := o.db.SigningKey()
	if err != nil {
		return nil, err
	}
	until, err := o.copiesUntil()
	if err != nil {
		return nil, err
	}
	said := audit.Entry{Person: in.By, Device: cmp.Or(in.Device, consoleDevice), Action: audit.Erase, Org: in.Org}
	var done []sqlite.Certificate
	for _, e := range due {
		c := sqlite.Certificate{Org: in.Org, Root: e.Root, Kind: e.Kind, Reason: reason, By: cmp.Or(in.By, consoleDevice), Device: said.Device, ErasedAt: o.clock().UnixMilli(), CopiesUntil: until}
		err := o.engine.Touch(func(tx server.Tx, touch func(person, org, record string) error) error {
			written, carried, err := tx.(*sqlite.Tx).Erase(c, key)
			if err != nil {
				return err
			}
			c = written
			for _, who := range carried {
				if err := touch(who.Person, who.Org, who.Record); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return done, errors.Join(err, o.forgetErased())
		}
		done = append(done, c)
	}
	if err := o.forgetErased(); err != nil {
		return done, err
	}
	said.At, said.What = o.clock().UnixMilli(), fmt.Sprint(len(done), " files erased")
	return done, o.db.Audit(said)
}

// forgetErased takes away keys, and what is in memory of what they opened.
func (o *core) forgetErased() error {
	defer o.engine.Forget()
	return o.db.ForgetErased()
}

// toErase is what the order means, checked against the plan.
func (o *core) toErase(in runArgs) (due []office.Ended, reason string, err error) {
	plan, err := planErasure(o, in.Org)
	if err != nil {
		return nil, "", err
	}
	if in.Root == "" {
		if due = plan.due(); len(due) != in.Count {
			return nil, "", fmt.Errorf("%d files are due, not %d: look at the plan again; nothing was changed", len(due), in.Count)
		}
		return due, "schedule", nil
	}
	if err := o.isFile(in.Org, in.Root); err != nil {
		return nil, "", err
	}
	var roots []string
	err = o.db.Facts(func(f casework.Facts) (err error) {
		roots, err = o.office.Together(f, in.Org, in.Root)
		return err
	})
	if err != nil {
		return nil, "", err
	}
	kind := office.FileCase
	if len(roots) > 1 {
		kind = office.FileConsent
		if in.Count != len(roots) {
			return nil, "", fmt.Errorf("%d consents and withdrawals go together, or what one of them ended would be open again: say so with -count %d; nothing was changed", len(roots), len(roots))
		}
	}
	for _, root := range roots {
		if plan.holds(root) {
			return nil, "", errors.New("the file is held: release it first")
		}
		due = append(due, office.Ended{Root: root, Kind: kind})
	}
	return due, in.Why, nil
}

var errNoFile = errors.New("the organisation has no such file")

// isFile says whether the organisation has such a file.
func (o *core) isFile(org, root string) error {
	return o.db.Facts(func(f casework.Facts) error {
		records, err := f.RecordsOf(org, root, "")
		if err == nil && len(records) == 0 || root == "" {
			err = errNoFile
		}
		return err
	})
}

// copiesUntil is the last day on which a copy of the key file that is there now
// may still be there: today, when there is none.
func (o *core) copiesUntil() (string, error) {
	until := o.today()
	for _, folder := range []string{o.copies.folder, o.copies.own} {
		last, err := seal.CopiesUntil(folder)
		if err != nil {
			return "", err
		}
		until = max(until, last)
	}
	return until, nil
}

func holdFile(o *core, in runArgs) (nothing, error) {
	if err := o.isFile(in.Org, in.Root); err != nil {
		return nothing{}, err
	}
	if err := o.db.Hold(in.Org, in.Root, consoleDevice, in.Why, o.clock()); err != nil {
		return nothing{}, err
	}
	return nothing{}, o.db.Audit(audit.Entry{At: o.clock().UnixMilli(), Device: consoleDevice, Action: audit.Hold, Org: in.Org, Root: in.Root, What: "held"})
}

func releaseFile(o *core, in runArgs) (nothing, error) {
	was, err := o.db.Release(in.Org, in.Root)
	if err != nil {
		return nothing{}, err
	}
	if !was {
		return nothing{}, errors.New("the file was not held")
	}
	return nothing{}, o.db.Audit(audit.Entry{At: o.clock().UnixMilli(), Device: consoleDevice, Action: audit.Hold, Org: in.Org, Root: in.Root, What: "released"})
}

func certificate(o *core, number int64) (found sqlite.Signed, err error) {
	err = o.db.Erasures(func(c sqlite.Certificate, s sqlite.Signed) error {
		if c.Number == number {
			found = s
		}
		return nil
	})
	if err == nil && found.Body == "" {
		err = fmt.Errorf("there is no certificate %d", number)
	}
	return found, err
}
