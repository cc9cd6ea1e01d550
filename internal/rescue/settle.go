package rescue

import (
	"encoding/json"
	"errors"
	"fmt"

	"bokvar/internal/casework"
	"bokvar/sync/server"
	"bokvar/sync/wire"
)

// work is one piece that was opened.
type work struct {
	casework.Handed
	head  head
	plain []byte
}

// compare: commits before pictures, each device's in the order written.
func (w work) compare(o work) int {
	if w.head.Type != o.head.Type {
		if w.head.Type == "commit" {
			return -1
		}
		return 1
	}
	return int(min(max(w.head.Order-o.head.Order, -1), 1))
}

// open is nil for what is not there, or not whole.
func (s *Service) open(org string, k Opened) (*work, error) {
	parts, err := s.Store.FindHanded(org, k.Person, k.Device, k.ID)
	if err != nil || len(parts) == 0 || len(parts) != parts[0].Parts {
		return nil, err
	}
	w := &work{Handed: parts[0]}
	var sealed []byte
	for _, p := range parts {
		sealed = append(sealed, p.Sealed...)
	}
	if w.plain, err = openContent(k.Key, w.Head, sealed); err != nil {
		return nil, err
	}
	if json.Unmarshal([]byte(w.Head), &w.head) != nil {
		return nil, errDoesNotOpen
	}
	return w, nil
}

// settle hands an opened piece to where it belongs.
func (s *Service) settle(w work, r *Result) error {
	if w.head.Type == "photo" {
		err := s.Picture(w.Home, w.Person, w.ID, w.plain)
		var known *casework.Error
		if errors.As(err, &known) {
			r.Nowhere++
			return nil
		}
		if err == nil {
			r.Saved++
		}
		return err
	}
	var line struct {
		E struct {
			Raw string `json:"raw"`
		} `json:"e"`
	}
	var id struct{ ID string }
	if json.Unmarshal(w.plain, &line) != nil || json.Unmarshal([]byte(line.E.Raw), &id) != nil || id.ID != w.ID {
		r.Unopened++ // not what its head says: somebody made it by hand
		return nil
	}
	author := server.Author{Person: w.Person, Org: w.Home, Device: w.Device, HandedIn: true}
	receipt := s.Submit(author, []json.RawMessage{json.RawMessage(line.E.Raw)})[0]
	switch {
	case receipt.Status == wire.Again:
		return fmt.Errorf("the commit %s could not be judged: %s", w.ID, receipt.Code)
	case receipt.Status == wire.Saved:
		r.Saved++
	case receipt.Code == wire.CodeHandedIn:
		r.Found++
	default:
		r.Nowhere++
	}
	return nil
}
