package office

import (
	"encoding/json"
	"strings"
	"testing"

	"bokvar/internal/casework"
	"bokvar/sync/wire"
)

// noted gives a giving the note that a phone makes of it.
func noted(t *testing.T, giving wire.Change, signatures ...wire.Change) wire.Change {
	t.Helper()
	signed := func(c wire.Change) casework.Signed {
		s := casework.Signed{ID: c.Record, Fields: map[string]json.RawMessage{}}
		for name, set := range c.Fields {
			s.Fields[name] = set.Value
		}
		return s
	}
	note := casework.Evidence{Signatures: []string{}}
	var list []casework.Signed
	for _, s := range signatures {
		note.Signatures = append(note.Signatures, s.Record)
		list = append(list, signed(s))
	}
	var err error
	if note.Hash, err = casework.EvidenceHash(signed(giving), list); err != nil {
		t.Fatal(err)
	}
	raw, err := json.Marshal(note)
	if err != nil {
		t.Fatal(err)
	}
	giving.Fields["evidence"] = wire.Set{Value: raw}
	return giving
}

func TestAChangedByteHoldsAConsent(t *testing.T) {
	w := linked(t)
	good, s1 := giving("g1", nil), signature("s1", "g1", values{"strokes": [][][]float64{{{1, 2, 3, 4}}}})
	w.must("kim", noted(t, good, s1), s1)
	w.expect("as signed", w.state("g1"), "waiting")
	for i, change := range []struct{ of, field, value string }{
		{"giving", "partners", `["landlord","psychiatry"]`}, {"giving", "day", `"2026-11-17"`}, {"giving", "valid_until", `"2030-01-01"`}, {"giving", "witness", `"Someone"`},
		{"giving", "original", `"Elsewhere"`}, {"giving", "photos", `["` + hashB + `"]`},
		{"signature", "name", `"Nadja Alström"`}, {"signature", "strokes", `[[[1,2,3,5]]]`}, {"signature", "at", `1795000000001`}, {"signature", "personal_number", `null`},
	} {
		id := string(rune('a' + i))
		g, s := giving("g-"+id, values{"photos": []string{hashA}}), signature("s-"+id, "g-"+id, values{"strokes": [][][]float64{{{1, 2, 3, 4}}}})
		g = noted(t, g, s)
		of := g
		if change.of == "signature" {
			of = s
		}
		of.Fields[change.field] = wire.Set{Value: json.RawMessage(change.value)}
		w.must("kim", g, s)
		w.expect(change.of+"."+change.field, w.state(g.Record), "held:changed")
	}
	checked, err := VerifyConsents(w, "soc")
	w.expect("verified", checked, int64(1))
	w.expect("what is held for it is no news", err, nil)

	w.must("tove", signature("later", "g1", nil))
	w.expect("who signs later signs nothing", w.state("g1"), "waiting")
	_, err = VerifyConsents(w, "soc")
	w.expect("nor is it a fault", err, nil)
	for _, name := range []string{"partners", "day", "handle", "wording", "evidence"} {
		kept := w.records["soc/g1"].Fields[name]
		broken := kept
		broken.Value = json.RawMessage(`{"hash":"` + strings.Repeat("0", 64) + `","signatures":["s1"]}`)
		w.records["soc/g1"].Fields[name] = broken
		if _, err := VerifyConsents(w, "soc"); err == nil || !strings.Contains(err.Error(), "g1") {
			t.Errorf("%s was changed: %v", name, err)
		}
		w.records["soc/g1"].Fields[name] = kept
	}
}

func TestThePhonesOwnSignatureIsOneProofMore(t *testing.T) {
	w := linked(t)
	var asked string
	w.office.Signed = func(person, device string, message, signature []byte) (bool, error) {
		asked = person + "/" + device + "/" + string(message)
		return string(signature) == "right", nil
	}
	for id, c := range map[string]struct{ device, want string }{
		"right": {"cmlnaHQ", "true"}, "wrong": {"d3Jvbmc", ""}, "none": {"", ""}, "noise": {"%%", ""},
	} {
		g, s := giving(id, values{"handle": id}), signature("s-"+id, id, nil)
		g = noted(t, g, s)
		note := object[casework.Evidence](g.Fields["evidence"].Value)
		note.Device = c.device
		raw, err := json.Marshal(note)
		if err != nil {
			t.Fatal(err)
		}
		g.Fields["evidence"] = wire.Set{Value: raw}
		w.must("kim", g, s)
		w.expect(id, w.field("soc", id, "proven"), c.want)
		w.expect(id+" is held for nothing", w.state(id), "waiting")
		if c.device == "cmlnaHQ" {
			w.expect("asked", asked, "kim/phone/"+note.Hash)
		}
	}
}
