package casework

import (
	"bytes"
	_ "embed"
	"encoding/json"
)

// Ground is a legal ground on which one thing can be told to the other
// organisation without a consent. The list is data, so that a lawyer can read it.
type Ground struct {
	ID      string  `json:"id"`
	For     OrgKind `json:"for"` // the kind of organisation that can tell on it
	Law     string  `json:"law"`
	Swedish string  `json:"sv"`
	English string  `json:"en"`
}

//go:embed grounds.json
var groundFile []byte

// Grounds are all of them, in the order in which they are offered.
var Grounds = readGrounds()

// readGrounds reads a file that is part of the program. That it is wrong stops
// every start, and so every test.
func readGrounds() (all []Ground) {
	strict := json.NewDecoder(bytes.NewReader(groundFile))
	strict.DisallowUnknownFields()
	if err := strict.Decode(&all); err != nil {
		panic("grounds.json: " + err.Error())
	}
	return all
}

// GroundOf finds a ground; nil when there is none.
func GroundOf(id string) *Ground {
	for i := range Grounds {
		if Grounds[i].ID == id {
			return &Grounds[i]
		}
	}
	return nil
}

func groundIDs() (ids []string) {
	for _, g := range Grounds {
		ids = append(ids, g.ID)
	}
	return ids
}
