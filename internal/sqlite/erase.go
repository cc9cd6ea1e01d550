package sqlite

import (
	"context"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"bokvar/internal/audit"
	"bokvar/internal/seal"
)

// Certificate says what was erased, and after which day nothing can open the text
// in any copy. Its JSON, as it stands, is what is signed.
type Certificate struct {
	Number      int64  `json:"certificate"`
	Org         string `json:"org"`
	Root        string `json:"root"`
	Kind        string `json:"kind"`   // "case", "consent", "loose"
	Reason      string `json:"reason"` // "schedule", or why it was done at once
	By          string `json:"by"`
	ErasedAt    int64  `json:"erased_at"`    // ms
	CopiesUntil string `json:"copies_until"` // the last day on which a copy of the key file may still hold the key
	Records     int    `json:"records"`
	Commits     int    `json:"commits"`
	UpTo        int64  `json:"log_up_to"` // commits before this row of the log have lost their content
	Device      string `json:"-"`         // where it was ordered: for the log, not signed
}

// Signed is a certificate with its signature.
type Signed struct {
	Body      string
	Signature []byte
	PublicKey []byte // Ed25519
}

// Carried is a record that a person carried when it was erased.
type Carried struct{ Person, Org, Record string }

const signer = "erasure.key"

// signingKey is the server's own key for certificates, made at first use.
func (db *DB) signingKey() (ed25519.PrivateKey, error) {
	seed, err := db.Setting(signer)
	if err != nil {
		return nil, err
	}
	if seed == nil {
		_, key, err := ed25519.GenerateKey(nil)
		if err != nil {
			return nil, err
		}
		seed = key.Seed()
		if err := db.PutSetting(signer, seed); err != nil {
			return nil, err
		}
	}
	return ed25519.NewKeyFromSeed(seed), nil
}

// LooseRoot names the loose papers of the month of a day: what was refused, and
// lists that waited for a yes.
func LooseRoot(day string) string { return "~" + day[:len("2006-01")] }

// Erase takes the content of a file out of the database, in the transaction, and
// writes the certificate. It returns who carried what, to be told. After the
// transaction [DB.ForgetErased] takes the key away, which is what makes copies
// unreadable.
func (tx *Tx) Erase(c Certificate, key ed25519.PrivateKey) (written Certificate, carried []Carried, err error) {
	if !tx.writes {
		return c, nil, errReadOnly
	}
	tx.db.warm.forget()
	tx.named = append(tx.named, rootKey{c.Org, c.Root})
	if carried, err = tx.carriedOf(c.Org, c.Root); err != nil {
		return c, nil, err
	}
	shared, err := tx.leaveRooms(c.Org, c.Root)
	if err != nil {
		return c, nil, err
	}
	carried = append(carried, shared...)
	if c.Records, err = tx.eraseRecords(c.Org, c.Root); err != nil {
		return c, nil, err
	}
	if c.Commits, err = tx.eraseCommits(c.Org, c.Root); err != nil {
		return c, nil, err
	}
	statements := []string{`DELETE FROM root_unit WHERE org = ? AND root = ?`, `DELETE FROM assignment WHERE org = ? AND root = ?`, `DELETE FROM handle WHERE org = ? AND root = ?`, `DELETE FROM protected WHERE org = ? AND root = ?`, `DELETE FROM erasure_hold WHERE org = ? AND root = ?`}
	for _, s := range statements {
		if _, err := tx.once(s, c.Org, c.Root); err != nil {
			return c, nil, err
		}
	}
	if err := tx.eraseProposals(c.Org, c.Root); err != nil {
		return c, nil, err
	}
	if _, err := tx.once(`DELETE FROM handed WHERE org = ? AND root = ?`, c.Org, c.Root); err != nil { // by month
		return c, nil, err
	}
	err = tx.certify(&c, key)
	return c, carried, err
}

// once runs a statement that is not among the prepared ones.
func (tx *Tx) once(query string, args ...any) (int64, error) {
	if err := tx.over(); err != nil {
		return 0, err
	}
	return tx.c.once(query, args)
}

// rows reads all rows of a query.
func (tx *Tx) rows(query string, scan func(row), args ...any) error {
	s, err := tx.c.temporary(query)
	if err != nil {
		return err
	}
	return errors.Join(s.each(scan, args...), s.prepared.Close())
}

func (tx *Tx) carriedOf(org, root string) (out []Carried, err error) {
	err = tx.rows(`SELECT i.person, i.record FROM record r JOIN inbox i ON i.org = r.org AND i.record = r.id
		WHERE r.org = ? AND r.root = ? AND i.gone = 0`, func(r row) { out = append(out, Carried{r.text(0), org, r.text(1)}) }, org, root)
	return out, err
}

// leaveRooms closes the rooms of a file for good, and lists what the other side
// had shared with people of the organisation.
func (tx *Tx) leaveRooms(org, root string) (out []Carried, err error) {
	rooms, err := tx.Rooms(org, root)
	if err != nil {
		return nil, err
	}
	for _, room := range rooms {
		other := room.Landlord
		if other.Org == org {
			other = room.Social
		}
		shared, err := tx.carriedOf(other.Org, other.Root)
		if err != nil {
			return nil, err
		}
		var people []string
		for _, c := range shared {
			if m := tx.db.people.Load().member(c.Person); m != nil && m.Org == org {
				out = append(out, c)
				people = append(people, c.Person)
			}
		}
		if err := tx.ShutRoom(room.ID, people); err != nil {
			return nil, err
		}
		for _, s := range []string{`DELETE FROM room WHERE id = ?`, `DELETE FROM room_untold WHERE room = ?`} { // who carried what is told by the erasure
			if _, err := tx.once(s, room.ID); err != nil {
				return nil, err
			}
		}
	}
	tx.rooms = nil
	return out, nil
}

func (tx *Tx) eraseRecords(org, root string) (int, error) {
	if strings.HasPrefix(root, "~") {
		return 0, nil
	}
	var ids []string
	err := tx.rows(`SELECT id, kind, sealed FROM record WHERE org = ? AND root = ?`, func(r row) {
		ids = append(ids, r.text(0))
		tx.sums[tallyRecord].Take(tx.db.tally.record(org, r.text(0), stampOf(r.text(1), root, r.blob(2))))
	}, org, root)
	if err != nil {
		return 0, err
	}
	for _, id := range ids {
		for _, s := range []string{`DELETE FROM push WHERE alert = ? AND org = ?`, `DELETE FROM photo WHERE id = ? AND org = ?`} {
			if _, err := tx.once(s, id, org); err != nil {
				return 0, err
			}
		}
	}
	_, err = tx.once(`DELETE FROM record WHERE org = ? AND root = ?`, org, root)
	return len(ids), err
}

// eraseCommits leaves the receipts, so that what is sent again is known again.
func (tx *Tx) eraseCommits(org, root string) (int, error) {
	query := `SELECT what FROM audit WHERE org = ? AND root = ? AND evidence IS NOT NULL AND action <> '` + audit.Picture + `'`
	if strings.HasPrefix(root, "~") { // loose papers are in no case's log
		query = `SELECT id FROM commits WHERE org = ? AND root = ? UNION SELECT id FROM payload WHERE org = ? AND root = ?`
	}
	ids := map[string]bool{}
	args := []any{org, root, org, root}[:strings.Count(query, "?")]
	if err := tx.rows(query, func(r row) { ids[r.text(0)] = true }, args...); err != nil {
		return 0, err
	}
	for id := range ids {
		for _, s := range []string{`UPDATE commits SET sealed = NULL, records = NULL WHERE org = ? AND id = ? AND root = ?`,
			`UPDATE payload SET sealed = x'', records = '' WHERE org = ? AND id = ? AND root = ?`} {
			if _, err := tx.once(s, org, id, root); err != nil {
				return 0, err
			}
		}
	}
	return len(ids), nil
}

func (tx *Tx) eraseProposals(org, root string) error {
	if !strings.HasPrefix(root, "~") {
		return nil
	}
	var ids []string
	err := tx.rows(`SELECT id, made FROM proposal WHERE org = ?`, func(r row) {
		if loose(r.num(1)) == root {
			ids = append(ids, r.text(0))
		}
	}, org)
	for i := 0; i < len(ids) && err == nil; i++ {
		_, err = tx.once(`DELETE FROM proposal WHERE org = ? AND id = ?`, org, ids[i])
	}
	return err
}

// certify signs the certificate, keeps it, and appends its row to the log.
func (tx *Tx) certify(c *Certificate, key ed25519.PrivateKey) error {
	err := tx.rows(`SELECT (SELECT COALESCE(MAX(number), 0) FROM erasure), (SELECT COALESCE(MAX(row), 0) FROM audit)`, func(r row) {
		c.Number, c.UpTo = r.num(0)+1, r.num(1)+int64(len(tx.entries))
	})
	if err != nil {
		return err
	}
	body, err := json.Marshal(c)
	if err != nil {
		return err
	}
	signature := ed25519.Sign(key, body)
	if _, err := tx.once(`INSERT INTO erasure (number, org, root, upto, body, signature) VALUES (?, ?, ?, ?, ?, ?)`, c.Number, c.Org, c.Root, c.UpTo, string(body), signature); err != nil {
		return err
	}
	e := audit.Entry{At: c.ErasedAt, Person: c.By, Device: c.Device, Action: audit.Erase, Org: c.Org, Root: c.Root, What: fmt.Sprint("certificate ", c.Number), Evidence: signature}
	if strings.HasPrefix(c.Root, "~") {
		e.Root = ""
	}
	tx.entries = append(tx.entries, e)
	return nil
}

// SigningKey is the key that certificates are signed with.
func (db *DB) SigningKey() (ed25519.PrivateKey, error) { return db.signingKey() }

// ForgetErased takes the keys of erased files away, and what lies in the log of
// the database (WAL). It is called after the erasures are on disk, and at each
// start, so that a key that came back with an older key file goes again.
func (db *DB) ForgetErased() error {
	var erased []seal.Scope
	err := db.Erasures(func(c Certificate, _ Signed) error {
		if db.keys.Has(c.Org, c.Root) {
			used, err := db.usedSince(c)
			if err != nil || used {
				return err
			}
			erased = append(erased, seal.Scope{Org: c.Org, Root: c.Root})
		}
		return nil
	})
	if err != nil || len(erased) == 0 {
		return err
	}
	db.mu.Lock()
	defer db.mu.Unlock()
	if err := db.keys.Forget(erased...); err != nil {
		return err
	}
	db.erased.Add(1)
	db.warm.forget()
	db.opened.forget()
	_, err = db.writer.ExecContext(context.Background(), `PRAGMA wal_checkpoint(TRUNCATE)`)
	return err
}

// eraseAgain tidies a copy that was restored from before an erasure: its keys are
// gone, so nothing of those files could be read, and each would be in the way.
func (db *DB) eraseAgain() error {
	var restored int
	if err := db.reader.QueryRow(`SELECT COUNT(*) FROM server WHERE name = 'restored'`).Scan(&restored); err != nil || restored == 0 {
		return err
	}
	lost, err := db.lostScopes()
	if err != nil {
		return err
	}
	key, err := db.signingKey()
	if err != nil {
		return err
	}
	db.mu.Lock()
	defer db.mu.Unlock()
	return db.writeLocked(func(tx *Tx) error {
		for _, s := range lost {
			now := db.clock().UnixMilli()
			c := Certificate{Org: s.Org, Root: s.Root, Kind: "restored", Reason: "erased before this copy was restored", ErasedAt: now, Device: "console"}
			if _, _, err := tx.Erase(c, key); err != nil {
				return err
			}
		}
		_, err := tx.once(`DELETE FROM server WHERE name = 'restored'`)
		return err
	})
}

// lostScopes lists whose keys the ring remembers to have forgotten.
func (db *DB) lostScopes() (lost []seal.Scope, err error) {
	rows, err := db.reader.Query(`SELECT DISTINCT org, root FROM record UNION SELECT DISTINCT org, root FROM commits WHERE sealed IS NOT NULL AND root IS NOT NULL
		UNION SELECT DISTINCT org, root FROM payload WHERE sealed <> x''`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var s seal.Scope
		if err := rows.Scan(&s.Org, &s.Root); err != nil {
			return nil, err
		}
		if db.keys.Forgotten(s.Org, s.Root) {
			lost = append(lost, s)
		}
	}
	return lost, rows.Err()
}

// usedSince says whether something was written in the file after it was erased:
// then its key is a new one.
func (db *DB) usedSince(c Certificate) (used bool, err error) {
	var n int
	err = db.reader.QueryRow(`SELECT COUNT(*) FROM (SELECT 1 FROM audit WHERE org = ? AND root = ? AND row > ? AND evidence IS NOT NULL AND action <> ? LIMIT 1)`,
		c.Org, c.Root, c.UpTo, audit.Erase).Scan(&n)
	return n > 0, err
}

// Erasures hands out all certificates, in order.
func (db *DB) Erasures(f func(Certificate, Signed) error) error {
	rows, err := db.reader.Query(`SELECT body, signature FROM erasure ORDER BY number`)
	if err != nil {
		return err
	}
	defer rows.Close()
	var all []Signed
	for rows.Next() {
		var s Signed
		if err := rows.Scan(&s.Body, &s.Signature); err != nil {
			return err
		}
		all = append(all, s)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil || len(all) == 0 {
		return err
	}
	key, err := db.signingKey()
	if err != nil {
		return err
	}
	public := key.Public().(ed25519.PublicKey)
	for _, s := range all {
		var c Certificate
		if err := json.Unmarshal([]byte(s.Body), &c); err != nil {
			return fmt.Errorf("a certificate cannot be read: %w", err)
		}
		s.PublicKey = public
		if !ed25519.Verify(public, []byte(s.Body), s.Signature) {
			return fmt.Errorf("certificate %d is not what was signed", c.Number)
		}
		if err := f(c, s); err != nil {
			return err
		}
	}
	return nil
}

// Hold keeps a file from being erased; why is sealed with it.
func (db *DB) Hold(org, root, person, why string, at time.Time) error {
	sealed, err := db.keys.Seal(org, root, aad(org, root, "hold"), []byte(why))
	if err != nil {
		return err
	}
	return db.put(`INSERT INTO erasure_hold (org, root, person, made, sealed) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (org, root) DO UPDATE SET person = excluded.person, made = excluded.made, sealed = excluded.sealed`, org, root, person, at.UnixMilli(), sealed)
}

// Release lets a file be erased again; false when it was not held.
func (db *DB) Release(org, root string) (bool, error) {
	n, err := db.change(`DELETE FROM erasure_hold WHERE org = ? AND root = ?`, org, root)
	return n > 0, err
}

// Held lists the files of an organisation that are not to be erased, with the reason.
func (db *DB) Held(org string) (map[string]string, error) {
	rows, err := db.reader.Query(`SELECT root, sealed FROM erasure_hold WHERE org = ?`, org)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	held := map[string]string{}
	for rows.Next() {
		var root string
		var sealed []byte
		if err := rows.Scan(&root, &sealed); err != nil {
			return nil, err
		}
		why, err := db.keys.Open(org, root, aad(org, root, "hold"), sealed)
		if err != nil {
			return nil, err
		}
		held[root] = string(why)
	}
	return held, rows.Err()
}

// LooseMonths lists the months of which an organisation has loose papers, "~2026-11".
func (db *DB) LooseMonths(org string) (months []string, err error) {
	rows, err := db.reader.Query(`SELECT DISTINCT root FROM (SELECT root FROM commits WHERE org = ? AND root LIKE '~%' AND sealed IS NOT NULL
		UNION SELECT root FROM payload WHERE org = ? AND root LIKE '~%' AND sealed <> x''
		UNION SELECT root FROM handed WHERE org = ?) ORDER BY root`, org, org, org)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var m string
		if err := rows.Scan(&m); err != nil {
			return nil, err
		}
		months = append(months, m)
	}
	return months, rows.Err()
}
