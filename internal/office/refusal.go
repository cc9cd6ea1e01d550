package office

import (
	"bytes"
	"encoding/json"
	"reflect"

	"bokvar/internal/casework"
	"bokvar/sync/server"
	"bokvar/sync/wire"
)

func refuse(code, sentence string) error {
	return &server.Refusal{Status: wire.Refused, Code: code, Sentence: sentence}
}

// notFound is the one answer for what is not there and what is not yours.
func notFound() error {
	return refuse(wire.CodeNotFound, "Det du skrev om finns inte hos dig. Din text är kvar på telefonen.")
}

func notAllowed() error {
	return refuse(wire.CodeNotAllowed, "Du kan läsa det här men inte ändra det. Din text är kvar på telefonen.")
}

func locked() error {
	return refuse(wire.CodeLocked, "Det som är sparat kan inte ändras. Skriv en rättelse i stället.")
}

func tooOld() error {
	return &server.Refusal{Status: wire.Held, Code: wire.CodeServerTooOld,
		Sentence: "Appen är nyare än servern. Det du skrev är sparat och visas när servern är uppdaterad."}
}

// judged turns what is wrong with a value into the answer for the commit.
func judged(problem *casework.Error) error {
	if problem == nil {
		return nil
	}
	if problem.Code == casework.CodeUnknown {
		return tooOld()
	}
	if problem.Code == casework.CodeTooLong {
		return refuse(wire.CodeTooBig, problem.Sentence)
	}
	return refuse(wire.CodeInvalid, problem.Sentence)
}

// equal compares JSON values by what they mean.
func equal(a, b json.RawMessage) bool {
	if casework.IsNull(a) || casework.IsNull(b) {
		return casework.IsNull(a) && casework.IsNull(b)
	}
	if bytes.Equal(a, b) {
		return true
	}
	var left, right any
	return json.Unmarshal(a, &left) == nil && json.Unmarshal(b, &right) == nil && reflect.DeepEqual(left, right)
}

func has(list []string, s string) bool {
	for _, each := range list {
		if each == s {
			return true
		}
	}
	return false
}
