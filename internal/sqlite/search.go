package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"

	"bokvar/internal/audit"
	"bokvar/sync/server"
)

// Search finds households by name and address, and by identity number. The index
// lives in memory alone and is made from the sealed records when an organisation
// first searches: no name lies in clear on the disk, in the database's log, or in
// a backup, and an erasure leaves no trace here. Notes are never in it, and a
// household with protected details is not in it at all. Identity numbers are found
// by a keyed hash, whose key is the organisation's.
//
// Each organisation's words are a table of their own: how long a search takes, and in
// which order it answers, would otherwise tell of names that another one has.
type search struct {
	mu    sync.Mutex
	index *sql.DB                 // one connection, in memory
	words map[string]string       // the table of each organisation that has searched
	macs  map[numberKey][]Hit     // identity numbers
	known map[rootKey][]numberKey // of each file that is in the index

	marks sync.Mutex                  // held for a moment only: the writer asks for it
	dirty map[string]map[rootKey]bool // by organisation that has searched: files to be read anew before the next search
}

type numberKey struct {
	org string
	mac [32]byte
}

// Hit is a record in which something was found. Whether the asker may see it is
// not decided here.
type Hit struct{ Root, Record string }

// mostHits bounds what one search answers.
const mostHits = 500

func (s *search) open() (err error) {
	if s.index != nil {
		return nil
	}
	if s.index, err = sql.Open("sqlite3", ":memory:"); err != nil {
		return err
	}
	s.index.SetMaxOpenConns(1) // another connection would be another, empty, index
	s.index.SetConnMaxLifetime(0)
	s.macs, s.known, s.words = map[numberKey][]Hit{}, map[rootKey][]numberKey{}, map[string]string{}
	_, err = s.index.Exec(`CREATE TABLE hit (row INTEGER PRIMARY KEY, org TEXT NOT NULL, root TEXT NOT NULL, record TEXT NOT NULL) STRICT;
		CREATE INDEX hit_root ON hit (org, root)`)
	return err
}

// begin makes the table of an organisation's words, once.
func (s *search) begin(org string) error {
	if s.words[org] != "" {
		return nil
	}
	name := "words_" + strconv.Itoa(len(s.words))
	_, err := s.index.Exec(`CREATE VIRTUAL TABLE ` + name + ` USING fts5 (text, content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 0', prefix = '2 3')`)
	if err == nil {
		s.words[org] = name
	}
	return err
}

func (s *search) close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.index == nil {
		return nil
	}
	return s.index.Close()
}

// changed marks files whose names or addresses were written.
func (s *search) changed(roots []rootKey) {
	if len(roots) == 0 {
		return
	}
	s.marks.Lock()
	defer s.marks.Unlock()
	for _, r := range roots {
		if marked := s.dirty[r.org]; marked != nil {
			marked[r] = true
		}
	}
}

// take hands out what is marked, and begins to mark anew; first: nothing of the
// organisation was read yet. It is asked before a snapshot is taken, so that a
// write is either in the snapshot or marked after it.
func (s *search) take(org string) (marked map[rootKey]bool, first bool) {
	s.marks.Lock()
	defer s.marks.Unlock()
	if s.dirty == nil {
		s.dirty = map[string]map[rootKey]bool{}
	}
	marked = s.dirty[org]
	s.dirty[org] = map[rootKey]bool{}
	return marked, marked == nil
}

// giveBack marks again what could not be read.
func (s *search) giveBack(org string, marked map[rootKey]bool, first bool) {
	s.marks.Lock()
	defer s.marks.Unlock()
	if first {
		delete(s.dirty, org)
		return
	}
	maps.Copy(s.dirty[org], marked)
}

// FindWords finds records of an organisation in which every word of the query
// begins a word of a name or an address: the best of those whose file is wanted, 500 at most.
func (db *DB) FindWords(org, query string, wanted func(root string) bool) (hits []Hit, err error) {
	match := matchAll(query)
	if match == "" {
		return nil, nil
	}
	db.search.mu.Lock()
	defer db.search.mu.Unlock()
	if err := db.bringIndexUp(org); err != nil {
		return nil, err
	}
	words := db.search.words[org]
	rows, err := db.search.index.Query(`SELECT h.root, h.record FROM `+words+` w JOIN hit h ON h.row = w.rowid WHERE `+words+` MATCH ? ORDER BY rank`, match)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for len(hits) < mostHits && rows.Next() {
		var h Hit
		if err := rows.Scan(&h.Root, &h.Record); err != nil {
			return nil, err
		}
		if wanted(h.Root) {
			hits = append(hits, h)
		}
	}
	return hits, rows.Err()
}

// matchAll writes a query of FTS5 that wants every word, as a beginning; quoted, so
// that nothing in it is taken for an operator. What does not show parts words: FTS5
// takes a NUL for the query's end.
func matchAll(query string) string {
	var words []string
	for _, w := range strings.FieldsFunc(query, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }) {
		words = append(words, `"`+strings.ReplaceAll(w, `"`, `""`)+`"*`)
	}
	return strings.Join(words, " AND ")
}

// FindNumber finds persons of an organisation by an identity number of twelve digits, in files that are wanted.
func (db *DB) FindNumber(org, number string, wanted func(root string) bool) (hits []Hit, err error) {
	db.search.mu.Lock()
	defer db.search.mu.Unlock()
	if err := db.bringIndexUp(org); err != nil {
		return nil, err
	}
	key, err := db.numberKey(org, number)
	for _, h := range db.search.macs[key] {
		if wanted(h.Root) {
			hits = append(hits, h)
		}
	}
	return hits, err
}

func (db *DB) numberKey(org, number string) (numberKey, error) {
	mac, err := db.keys.MAC(org, "", audit.Text([]byte("identity number "), number))
	return numberKey{org, mac}, err
}

// bringIndexUp makes the organisation's part of the index, or reads anew what was
// written since.
func (db *DB) bringIndexUp(org string) error {
	if err := db.search.open(); err != nil {
		return err
	}
	if err := db.search.begin(org); err != nil {
		return err
	}
	marked, first := db.search.take(org)
	if len(marked) == 0 && !first {
		return nil
	}
	err := db.Read(func(tx server.Tx) error {
		t := tx.(*Tx)
		if !first {
			return db.readRoots(t, marked)
		}
		roots, err := t.strings(t.c.namedRoots, org, "household")
		if err != nil {
			return err
		}
		all := make(map[rootKey]bool, len(roots))
		for _, root := range roots {
			all[rootKey{org, root}] = true
		}
		return db.readRoots(t, all)
	})
	if err != nil {
		db.search.giveBack(org, marked, first)
	}
	return err
}

func (db *DB) readRoots(tx *Tx, roots map[rootKey]bool) error {
	into, err := db.search.index.BeginTx(context.Background(), nil)
	if err != nil {
		return err
	}
	for root := range roots {
		if err := db.readRoot(tx, into, root); err != nil {
			return errors.Join(err, into.Rollback())
		}
	}
	return into.Commit()
}

// readRoot replaces what the index holds of one file.
func (db *DB) readRoot(tx *Tx, into *sql.Tx, root rootKey) error {
	if err := db.search.drop(into, root); err != nil {
		return err
	}
	households, err := tx.RecordsOf(root.org, root.root, "household")
	if err != nil {
		return err
	}
	for _, h := range households {
		if string(h.Fields["protected"].Value) == "true" {
			return nil
		}
	}
	persons, err := tx.RecordsOf(root.org, root.root, "person")
	if err != nil {
		return err
	}
	db.search.known[root] = nil
	for _, record := range append(households, persons...) {
		if err := db.indexRecord(into, root, record); err != nil {
			return err
		}
	}
	return nil
}

// drop takes a file out of the index.
func (s *search) drop(into *sql.Tx, root rootKey) error {
	keys, there := s.known[root]
	if !there {
		return nil
	}
	for _, key := range keys {
		s.macs[key] = slices.DeleteFunc(s.macs[key], func(h Hit) bool { return h.Root == root.root })
	}
	delete(s.known, root)
	for _, q := range []string{`DELETE FROM ` + s.words[root.org] + ` WHERE rowid IN (SELECT row FROM hit WHERE org = ? AND root = ?)`, `DELETE FROM hit WHERE org = ? AND root = ?`} {
		if _, err := into.Exec(q, root.org, root.root); err != nil {
			return err
		}
	}
	return nil
}

func (db *DB) indexRecord(into *sql.Tx, root rootKey, record *server.State) error {
	var words []string
	for _, field := range []string{"name", "street", "postcode", "city", "apartment"} {
		var text string
		if raw := record.Fields[field].Value; len(raw) > 0 && json.Unmarshal(raw, &text) == nil && text != "" {
			words = append(words, text)
		}
	}
	done, err := into.Exec(`INSERT INTO hit (org, root, record) VALUES (?, ?, ?)`, root.org, root.root, record.ID)
	if err != nil {
		return err
	}
	row, err := done.LastInsertId()
	if err == nil {
		_, err = into.Exec(`INSERT INTO `+db.search.words[root.org]+` (rowid, text) VALUES (?, ?)`, row, strings.Join(words, " "))
	}
	var number string
	if raw := record.Fields["personal_number"].Value; err == nil && len(raw) > 0 && json.Unmarshal(raw, &number) == nil && number != "" {
		key, e := db.numberKey(root.org, number)
		if e != nil {
			return e
		}
		db.search.macs[key] = append(db.search.macs[key], Hit{root.root, record.ID})
		db.search.known[root] = append(db.search.known[root], key)
	}
	return err
}
