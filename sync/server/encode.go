package server

import (
	"encoding/json"
	"slices"
	"strconv"

	"bokvar/sync/wire"
)

// appendRecord writes a wire.Record as JSON, with its keys in a fixed order, so
// that equal projections have equal bytes and so equal hashes.
func appendRecord(b []byte, s *State, p Projection) []byte {
	names := make([]string, 0, len(p.Fields))
	size := 80 + len(s.Org) + len(s.ID) + len(s.Kind)
	for name, v := range p.Fields {
		if len(v) > 0 {
			names = append(names, name)
			size += 2*len(name) + len(v) + 16
		}
	}
	slices.Sort(names)
	b = slices.Grow(b, size)
	b = appendHead(b, s.Org, s.ID, s.Kind)
	if p.Room != "" { // with the epoch, so that what comes through again is told again
		b = appendString(append(b, `,"room":`...), wire.RoomAt(p.Room, p.epoch))
	}
	b = append(b, `,"f":{`...)
	for i, name := range names {
		b = append(appendName(b, i, name), p.Fields[name]...)
	}
	b = append(b, `},"n":{`...)
	n := 0
	for _, name := range names {
		if field, known := s.Fields[name]; known {
			b = strconv.AppendInt(appendName(b, n, name), field.Version, 10)
			n++
		}
	}
	return append(b, "}}"...)
}

// hashRecord is the hash of a projection whose wire form is record (W10). Most
// records are in canonical form as they travel, and that is quick to see.
func hashRecord(record []byte, s *State, p Projection) wire.Sum {
	plain := wire.ValidID(s.Org) && wire.ValidID(s.ID) && wire.ValidName(s.Kind)
	for name, v := range p.Fields {
		_, known := s.Fields[name]
		plain = plain && known && wire.ValidName(name) && wire.Canonical(v)
	}
	if plain {
		return wire.HashBytes(record)
	}
	room := ""
	if p.Room != "" {
		room = wire.RoomAt(p.Room, p.epoch)
	}
	return wire.HashRecord(s.Org, s.ID, s.Kind, room, p.Fields, p.Versions(s))
}

// appendLeft writes the record that says: it is no longer yours.
func appendLeft(b []byte, org, id string) []byte {
	return append(appendHead(b, org, id, ""), `,"left":true}`...)
}

func appendHead(b []byte, org, id, kind string) []byte {
	b = appendString(append(b, `{"org":`...), org)
	b = appendString(append(b, `,"id":`...), id)
	return appendString(append(b, `,"kind":`...), kind)
}

func appendName(b []byte, at int, name string) []byte {
	if at > 0 {
		b = append(b, ',')
	}
	return append(appendString(b, name), ':')
}

func appendString(b []byte, s string) []byte {
	if s == "" || wire.ValidID(s) { // nothing to escape
		return append(append(append(b, '"'), s...), '"')
	}
	quoted, err := json.Marshal(s)
	if err != nil { // a string always can be written
		panic(err)
	}
	return append(b, quoted...)
}
