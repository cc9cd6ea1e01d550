package sqlite

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"sync/atomic"

	sqlite3 "github.com/mattn/go-sqlite3"
)

// conn is one connection with its prepared statements. It talks with the driver
// directly, because database/sql makes a new object of every use of a statement,
// and a commit uses a dozen. One goroutine at a time uses it.
type conn struct {
	raw   *sqlite3.SQLiteConn
	watch *atomic.Pointer[func(string)]
	statements
	all    []*stmt
	broken error // the first failure of the database itself since somebody cleared it
}

// noted remembers a failure after which SQLite may have ended the transaction by
// itself, in a reading statement too. What is written after that would be kept row
// by row, so nothing may be.
func (c *conn) noted(err error) error {
	var s sqlite3.Error
	if c.broken == nil && errors.As(err, &s) && s.Code != sqlite3.ErrConstraint {
		c.broken = ofDisk(err)
	}
	return err
}

// stmt is a prepared statement with room for its arguments and one row.
type stmt struct {
	of       *conn
	prepared *sqlite3.SQLiteStmt
	query    string
	args     []driver.NamedValue
	row      row
}

// row is one row of a result, valid until the next one.
type row []driver.Value

func (r row) text(i int) string { s, _ := r[i].(string); return s }
func (r row) num(i int) int64   { n, _ := r[i].(int64); return n }
func (r row) blob(i int) []byte { b, _ := r[i].([]byte); return b }

// on runs f on a connection of the pool.
func (db *DB) on(pool *sql.DB, f func(*conn) error) error {
	c, err := pool.Conn(context.Background())
	if err != nil {
		return err
	}
	defer func() { _ = c.Close() }() // back to the pool
	return ofDisk(c.Raw(func(raw any) error {
		own, err := db.connOf(raw)
		if err != nil {
			return err
		}
		return f(own)
	}))
}

// connOf finds the statements that were prepared on the connection, or prepares them.
func (db *DB) connOf(raw any) (*conn, error) {
	if known, ok := db.conns.Load(raw); ok {
		return known.(*conn), nil
	}
	driverConn, ok := raw.(*sqlite3.SQLiteConn)
	if !ok {
		return nil, fmt.Errorf("sqlite: the driver's connection is a %T", raw)
	}
	c := &conn{raw: driverConn, watch: &db.watch}
	if err := c.prepare(); err != nil {
		return nil, errors.Join(err, c.close())
	}
	db.conns.Store(raw, c)
	return c, nil
}

// closeStatements lets go of what was prepared; without it the file stays open.
func (db *DB) closeStatements() (err error) {
	db.conns.Range(func(raw, c any) bool {
		db.conns.Delete(raw)
		err = errors.Join(err, c.(*conn).close())
		return true
	})
	return err
}

func (c *conn) close() (err error) {
	for _, s := range c.all {
		err = errors.Join(err, s.prepared.Close())
	}
	return err
}

func (c *conn) add(query string) (*stmt, error) {
	s, err := c.temporary(query)
	if err == nil {
		c.all = append(c.all, s)
	}
	return s, err
}

// temporary prepares a statement that its caller closes.
func (c *conn) temporary(query string) (*stmt, error) {
	prepared, err := c.raw.Prepare(query)
	if err != nil {
		return nil, fmt.Errorf("prepare %.60s: %w", query, c.noted(err))
	}
	return &stmt{of: c, prepared: prepared.(*sqlite3.SQLiteStmt), query: query, args: make([]driver.NamedValue, prepared.NumInput())}, nil
}

// bind takes arguments of the types that SQLite knows, and of others with such an
// underlying type.
func (s *stmt) bind(args []any) ([]driver.NamedValue, error) {
	told(s.of.watch, s.query)
	if len(args) != len(s.args) {
		return nil, fmt.Errorf("sqlite: %d arguments for a statement with %d", len(args), len(s.args))
	}
	for i, a := range args {
		v, err := value(a)
		if err != nil {
			return nil, err
		}
		s.args[i] = driver.NamedValue{Ordinal: i + 1, Value: v}
	}
	return s.args, nil
}

// told says to whoever watches that a statement is run.
func told(watch *atomic.Pointer[func(string)], query string) {
	if f := watch.Load(); f != nil {
		(*f)(query)
	}
}

func value(a any) (driver.Value, error) {
	switch v := a.(type) {
	case string, int64, []byte, bool:
		return v, nil
	case int:
		return int64(v), nil
	}
	return driver.DefaultParameterConverter.ConvertValue(a)
}

func (s *stmt) exec(args ...any) error {
	_, err := s.change(args...)
	return err
}

// change is exec, and says how many rows it changed.
func (s *stmt) change(args ...any) (rows int64, err error) {
	bound, err := s.bind(args)
	var result driver.Result
	if err == nil {
		result, err = s.prepared.ExecContext(context.Background(), bound)
	}
	clear(s.args) // keep nothing alive
	if err != nil {
		return 0, s.of.noted(err)
	}
	return result.RowsAffected()
}

// each runs scan on every row; it must only scan and keep, never query.
func (s *stmt) each(scan func(row), args ...any) error {
	bound, err := s.bind(args)
	if err != nil {
		return err
	}
	rows, err := s.prepared.QueryContext(context.Background(), bound)
	clear(s.args)
	if err != nil {
		return s.of.noted(err)
	}
	if s.row == nil {
		s.row = make(row, len(rows.Columns()))
	}
	for {
		if err = rows.Next(s.row); err != nil {
			break
		}
		scan(s.row)
	}
	clear(s.row)
	if err == io.EOF {
		err = nil
	}
	return s.of.noted(errors.Join(err, rows.Close()))
}

// cursor hands out the rows of a statement one by one.
type cursor struct {
	of    *conn
	from  driver.Rows
	row   row
	ahead bool // row was looked at and not taken
	over  bool
}

func (s *stmt) rows(args ...any) (*cursor, error) {
	bound, err := s.bind(args)
	if err != nil {
		return nil, err
	}
	rows, err := s.prepared.QueryContext(context.Background(), bound)
	clear(s.args)
	if err != nil {
		return nil, s.of.noted(err)
	}
	return &cursor{of: s.of, from: rows, row: make(row, len(rows.Columns()))}, nil
}

// next is the next row, valid until the one after; nil at the end.
func (c *cursor) next() (row, error) {
	r, err := c.peek()
	c.ahead = false
	return r, err
}

// peek is the row that next will give.
func (c *cursor) peek() (row, error) {
	if c.over {
		return nil, nil
	}
	if !c.ahead {
		err := c.from.Next(c.row)
		if err == io.EOF {
			c.over = true
			return nil, nil
		}
		if err != nil {
			return nil, c.of.noted(err)
		}
		c.ahead = true
	}
	return c.row, nil
}

func (c *cursor) close() { _ = c.from.Close() }

// once runs a statement that is not among the prepared ones, and says how many rows it changed.
func (c *conn) once(query string, args []any) (rows int64, err error) {
	told(c.watch, query)
	named := make([]driver.NamedValue, len(args))
	for i, a := range args {
		v, err := value(a)
		if err != nil {
			return 0, err
		}
		named[i] = driver.NamedValue{Ordinal: i + 1, Value: v}
	}
	result, err := c.raw.ExecContext(context.Background(), query, named)
	if err != nil {
		return 0, c.noted(err)
	}
	return result.RowsAffected()
}
