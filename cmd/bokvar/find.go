package main

import (
	"encoding/json"

	"bokvar/internal/audit"
	"bokvar/internal/casework"
	"bokvar/internal/sqlite"
)

// found is a household in which something was found, as the asker may see it.
type found struct {
	Root   string                     `json:"root"`
	Kind   string                     `json:"kind"`
	Record string                     `json:"record"`
	Fields map[string]json.RawMessage `json:"fields"`
}

// mostFound is how many a search answers with.
const mostFound = 50

// shownOfHit are the fields that an answer shows, where access.md lets the asker see them.
var shownOfHit = []string{"name", "position", "street", "postcode", "city", "floor", "apartment"}

// find searches names, addresses and identity numbers of the asker's organisation.
// What they may not read is as if it were not there, by whatever it was found. Of a file
// that they have no part in nothing is read for that: it would take time, and how long an
// answer takes would tell that the name is there.
func (o *core) find(by *casework.Member, device, query string) (any, error) {
	number, problem := casework.ReadNumber(query, o.clock())
	var near map[string]bool
	err := o.db.Facts(func(f casework.Facts) (err error) {
		near, err = o.office.Near(f, by.ID)
		return err
	})
	if err != nil {
		return nil, err
	}
	wanted := func(root string) bool { return near[root] }
	var hits []sqlite.Hit
	if problem == nil {
		hits, err = o.db.FindNumber(by.Org, number, wanted)
	} else {
		hits, err = o.db.FindWords(by.Org, query, wanted)
	}
	if err != nil {
		return nil, err
	}
	out := []found{}
	err = o.db.Facts(func(f casework.Facts) error {
		for _, hit := range hits {
			one, err := o.seen(f, by, hit, problem == nil)
			if err != nil {
				return err
			}
			if one != nil && len(out) < mostFound {
				out = append(out, *one)
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, o.db.Audit(audit.Entry{At: o.clock().UnixMilli(), Person: by.ID, Device: device, Action: audit.Search, Org: by.Org})
}

// seen is a hit as the asker may see it; nil when they may not see what it was found by.
func (o *core) seen(f casework.Facts, by *casework.Member, hit sqlite.Hit, byNumber bool) (*found, error) {
	record, err := f.Record(by.Org, hit.Record)
	if err != nil || record == nil {
		return nil, err
	}
	p, err := o.office.See(f, by.ID, record)
	if err != nil || p.Fields["name"] == nil && p.Fields["street"] == nil || byNumber && p.Fields["personal_number"] == nil {
		return nil, err
	}
	one := &found{Root: hit.Root, Kind: record.Kind, Record: record.ID, Fields: map[string]json.RawMessage{}}
	for _, field := range shownOfHit {
		if v, ok := p.Fields[field]; ok {
			one.Fields[field] = v
		}
	}
	return one, nil
}
