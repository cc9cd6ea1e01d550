package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"time"

	"bokvar/internal/casework"
)

// Only one process has a data folder open. A command that wants something of a
// folder that a server uses asks that server, over a socket in the folder that
// the operator's own user alone can reach.

// order is one thing to do.
type order struct {
	Name string          `json:"name"`
	Args json.RawMessage `json:"args"`
}

// outcome is how it went.
type outcome struct {
	Result   json.RawMessage `json:"result,omitempty"`
	Failed   bool            `json:"failed,omitempty"`
	Code     string          `json:"code,omitempty"`
	Sentence string          `json:"sentence,omitempty"`
}

// task does an order's work on a core.
type task func(o *core, args json.RawMessage) (any, error)

const (
	socketName  = "control.sock"
	controlWait = 10 * time.Minute // a backup of a large database takes its time
)

// perform does a named task: by the server that uses the folder, or here.
func perform[R any](data, name string, args any) (result R, err error) {
	raw, err := json.Marshal(args)
	if err != nil {
		return result, err
	}
	c := defaults()
	c.Data, c.Method = data, "" // as the server had it, which has a configuration
	o, err := openCore(c)
	if errors.Is(err, errInUse) {
		return ask[R](data, order{name, raw})
	}
	if err != nil {
		return result, err
	}
	answer, err := tasks[name](o, raw)
	if err := errors.Join(err, o.close()); err != nil {
		return result, err
	}
	typed, ok := answer.(R)
	if !ok {
		return result, fmt.Errorf("the task %s answered with a %T", name, answer)
	}
	return typed, nil
}

// ask sends the order to the server that uses the folder.
func ask[R any](data string, what order) (result R, err error) {
	conn, err := net.Dial("unix", filepath.Join(data, socketName))
	if err != nil {
		return result, fmt.Errorf("%w, and it does not answer: %w", errInUse, err)
	}
	defer func() { _ = conn.Close() }()
	_ = conn.SetDeadline(time.Now().Add(controlWait))
	var answer outcome
	if err := json.NewEncoder(conn).Encode(what); err != nil {
		return result, err
	}
	if err := json.NewDecoder(conn).Decode(&answer); err != nil {
		return result, fmt.Errorf("the server did not answer: %w", err)
	}
	if answer.Failed {
		return result, &casework.Error{Code: answer.Code, Sentence: answer.Sentence}
	}
	return result, json.Unmarshal(answer.Result, &result)
}

// openControl lets other commands reach this server.
func (p *Program) openControl() error {
	path := filepath.Join(p.config.Data, socketName)
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) { // left by a killed server; the lock says that it is gone
		return err
	}
	listener, err := net.Listen("unix", path)
	if err != nil {
		return err
	}
	if err := os.Chmod(path, 0o600); err != nil {
		return errors.Join(err, listener.Close())
	}
	p.control = listener
	go p.obey(listener)
	return nil
}

func (p *Program) obey(listener net.Listener) {
	for {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		go p.carryOut(conn)
	}
}

func (p *Program) carryOut(conn net.Conn) {
	defer func() { _ = conn.Close() }()
	_ = conn.SetDeadline(time.Now().Add(controlWait))
	var what order
	if json.NewDecoder(conn).Decode(&what) != nil {
		return
	}
	answer := outcome{Failed: true, Code: "unknown", Sentence: "the server does not know the task " + what.Name}
	if do := tasks[what.Name]; do != nil {
		answer = outcomeOf(do(p.core, what.Args))
	}
	p.log.Info("task", slog.String("name", what.Name), slog.Bool("failed", answer.Failed))
	_ = json.NewEncoder(conn).Encode(answer) // whoever asked may have gone
}

func outcomeOf(result any, err error) outcome {
	if err == nil {
		var raw json.RawMessage
		if raw, err = json.Marshal(result); err == nil {
			return outcome{Result: raw}
		}
	}
	failed := outcome{Failed: true, Code: "failed", Sentence: sentence(err)}
	var known *casework.Error
	if errors.As(err, &known) {
		failed.Code = known.Code
	}
	return failed
}
