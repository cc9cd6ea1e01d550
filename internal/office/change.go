package office

import (
	"encoding/json"

	"bokvar/sync/server"
	"bokvar/sync/wire"
)

// changeOf sets the fields of a record that differ from what is there.
func changeOf(record *server.State, fields map[string]any) (wire.Change, error) {
	change, err := Change(record.Org, record.Kind, record.ID, fields)
	for name, set := range change.Fields {
		if equal(set.Value, record.Fields[name].Value) {
			delete(change.Fields, name)
		}
	}
	return change, err
}

// Change makes a change for the engine's House out of plain values; nil values
// clear. Base -1 means the version that is there now.
func Change(org, kind, record string, fields map[string]any) (wire.Change, error) {
	change := wire.Change{Org: org, Kind: kind, Record: record, Fields: map[string]wire.Set{}}
	for name, value := range fields {
		raw, err := json.Marshal(value)
		if err != nil {
			return change, err
		}
		change.Fields[name] = wire.Set{Value: raw, Base: -1}
	}
	return change, nil
}
