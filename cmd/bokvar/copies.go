package main

import (
	"crypto/subtle"
	"strings"
	"sync"
	"time"
	"unicode"

	"bokvar/internal/account"
	"bokvar/internal/casework"
	"bokvar/internal/office"
	"bokvar/internal/web"
	"bokvar/sync/server"
	"bokvar/sync/wire"
)

// A code has 50 bits. Wrong ones are limited by address; a right one never waits. A
// birth date has fifteen at most: wrong ones are limited by address and by copy, and a
// right one waits with them.
const (
	copyTries  = 5
	copyWindow = time.Hour
	copyPlaces = 50_000 // addresses and copies that are remembered; more start over
)

// copies lets tenants withdraw, as package web knows it.
type copies struct {
	core *core

	mu    sync.Mutex
	wrong map[string]*wrongTries
}

type wrongTries struct {
	since time.Time
	count int
}

func newCopies(o *core) *copies { return &copies{core: o, wrong: map[string]*wrongTries{}} }

var (
	errCopyUnreadable = &casework.Error{Code: "invalid_code", Sentence: "Koden har tio tecken. Kontrollera den och försök igen, eller ring numret på din kopia."}
	errCopyTooMany    = &casework.Error{Code: "too_many_tries", Sentence: "Det har blivit för många försök. Vänta en timme, eller ring numret på din kopia: då gäller det direkt."}
	errBornUnreadable = &casework.Error{Code: "invalid_born", Sentence: "Skriv åtta siffror: år, månad och dag."}
	errBornWrong      = &casework.Error{Code: "wrong_born", Sentence: "Det är inte det födelsedatum som hör till samtycket. Du kan ta tillbaka ditt ja ändå."}
	errBornTooMany    = &casework.Error{Code: "too_many_born", Sentence: "Det har blivit för många försök med fel datum. Vänta en timme, eller ring. Du kan ta tillbaka ditt ja ändå."}
)

// Look answers what there is under a code or secret; with the signer's birth date also
// what was agreed.
func (c *copies) Look(typed, born, address string) (web.Agreed, error) {
	found, _, err := c.find(typed, address)
	if err != nil {
		return web.Agreed{}, err
	}
	if found == nil {
		return c.units()
	}
	a := agreedOf(found)
	if born == "" || !a.AsksBorn {
		return a, nil
	}
	day, ok := readBorn(born)
	if !ok {
		return a, errBornUnreadable
	}
	if err := c.isBorn(found, day, account.Network(address)); err != nil {
		return a, err
	}
	a.Told = &web.Told{Until: found.Until, Partners: found.Partners, Unit: found.Unit}
	return a, nil
}

// readBorn takes a birth date as people write it, "19900602", "1990-06-02" or
// "١٩٩٠ ٠٦ ٠٢", and answers "1990-06-02". false: it is no date.
func readBorn(typed string) (string, bool) {
	digits := make([]byte, 0, 8)
	for _, r := range typed {
		switch zero, digit := zeroOf(r); {
		case digit && len(digits) < 8:
			digits = append(digits, byte('0'+r-zero))
		case digit || !unicode.IsSpace(r) && !strings.ContainsRune("-–./", r):
			return "", false
		}
	}
	day, err := time.Parse("20060102", string(digits))
	return day.Format(time.DateOnly), err == nil
}

// zeroOf is the zero of a digit in the scripts that the page speaks.
func zeroOf(r rune) (rune, bool) {
	for _, zero := range "0٠۰" {
		if r >= zero && r <= zero+9 {
			return zero, true
		}
	}
	return 0, false
}

// Withdraw withdraws it, now or when it comes.
func (c *copies) Withdraw(typed, address string) (web.Agreed, error) {
	found, hash, err := c.find(typed, address)
	if err != nil {
		return web.Agreed{}, err
	}
	if found == nil {
		err := c.core.engine.Touch(func(tx server.Tx, _ func(person, org, record string) error) error { return office.PutPending(tx, hash) })
		return web.Agreed{}, err
	}
	var change wire.Change
	err = c.core.db.Facts(func(f casework.Facts) error {
		known, err := f.Record(found.Org, office.CopyWithdrawalID(found))
		if err != nil || known != nil {
			return err // done before: the first one counts
		}
		change, err = c.core.office.CopyWithdrawal(f, found)
		return err
	})
	if err == nil && change.Kind != "" {
		err = c.core.engine.House(found.Org, "", []wire.Change{change})
	}
	return agreedOf(found), err
}

// find looks for the consent. Only what is not there counts as a wrong try.
func (c *copies) find(typed, address string) (found *office.Copy, hash string, err error) {
	read, ok := casework.ReadCopy(typed)
	if !ok {
		return nil, "", errCopyUnreadable
	}
	hash = casework.CopyHash(read)
	organisations, err := c.core.db.Organisations()
	if err != nil {
		return nil, "", err
	}
	err = c.core.db.Facts(func(f casework.Facts) error {
		found, err = c.core.office.FindCopy(f, organisations, hash)
		return err
	})
	// A secret that was scanned has 128 bits: nobody guesses it, and it never waits.
	if err == nil && found == nil && len(read) == casework.CopyCode && !c.another(account.Network(address)) {
		err = errCopyTooMany
	}
	return found, hash, err
}

// isBorn refuses a birth date that is not the signer's, and any once there were too many
// wrong ones: from the address, or for this copy from wherever. They are no wrong codes,
// so that a withdrawal of a code that has not come yet does not wait for them.
func (c *copies) isBorn(found *office.Copy, day, place string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	here, copied := c.tries("born "+place), c.tries("born "+found.Signature)
	if here.count >= copyTries || copied.count >= copyTries {
		return errBornTooMany
	}
	if subtle.ConstantTimeCompare([]byte(day), []byte(found.Born)) == 1 {
		return nil
	}
	here.count++
	copied.count++
	return errBornWrong
}

// another counts a wrong try and says whether the address has some left.
func (c *copies) another(place string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	w := c.tries(place)
	w.count++
	return w.count <= copyTries
}

// tries are those of this hour. The lock is held.
func (c *copies) tries(place string) *wrongTries {
	now := c.core.clock()
	if len(c.wrong) > copyPlaces {
		clear(c.wrong)
	}
	w := c.wrong[place]
	if w == nil || now.Sub(w.since) >= copyWindow {
		w = &wrongTries{since: now}
		c.wrong[place] = w
	}
	return w
}

func agreedOf(c *office.Copy) web.Agreed {
	if c == nil {
		return web.Agreed{}
	}
	return web.Agreed{Found: true, InForce: c.InForce, Ended: c.Ended, Day: c.Day, Phone: c.Phone, AsksBorn: c.Born != ""}
}

// Languages lists the translations that social services on this server have switched
// on. One is reviewed when all that offer it stand for the words of this program.
func (c *copies) Languages() (map[string]bool, error) {
	organisations, err := c.core.db.Organisations()
	if err != nil {
		return nil, err
	}
	on := map[string]bool{}
	err = c.core.db.Facts(func(f casework.Facts) error {
		for _, org := range organisations {
			offered, err := office.OfferedBy(f, org.ID)
			if err != nil {
				return err
			}
			for _, each := range offered {
				tongue := casework.TongueOf(each.Language)
				known, seen := on[each.Language]
				on[each.Language] = tongue != nil && each.Reviewed == tongue.Hash && (known || !seen)
			}
		}
		return nil
	})
	return on, err
}

// units are whom one can call when nothing was found.
func (c *copies) units() (a web.Agreed, err error) {
	organisations, err := c.core.db.Organisations()
	if err != nil {
		return a, err
	}
	err = c.core.db.Facts(func(f casework.Facts) error {
		seen := map[web.Unit]bool{}
		for _, org := range organisations {
			agreements, err := f.RecordsOfKind(org.ID, "agreement")
			if err != nil {
				return err
			}
			for _, r := range agreements {
				if u := (web.Unit{Name: word(r, "unit_name"), Phone: word(r, "unit_phone")}); !seen[u] {
					seen[u] = true
					a.Units = append(a.Units, u)
				}
			}
		}
		return nil
	})
	return a, err
}
