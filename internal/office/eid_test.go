package office

import (
	"context"
	"strings"
	"testing"
	"time"

	"bokvar/internal/casework"
	"bokvar/internal/casework/eidtest"
)

// An eID signature comes on top of a drawn one, for the evidence as it stands and
// with the service's own proof; it is nobody's to write or change, and opens nothing.
func TestAnEIDSignatureIsAttachedAfterwards(t *testing.T) {
	w := linked(t)
	s := signature("g-p1", "g", values{"how": "drawn", "strokes": [][][]float64{{{1, 1}, {2, 2}}}})
	g := noted(t, giving("g", values{"landlord_org": "hem"}), s)
	w.must("kim", g, s)
	w.link("l", "g", "s-case", "p1")
	hash := object[casework.Evidence]([]byte(w.field("soc", "g", "evidence"))).Hash
	service, err := eidtest.New(func() time.Time { return w.now })
	if err != nil {
		t.Fatal(err)
	}
	order, _, err := service.Begin(context.Background(), hash, "Samtycke")
	if err != nil {
		t.Fatal(err)
	}
	service.Sign(order)
	e, err := service.Collect(context.Background(), order)
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*casework.EIDSignature){
		"of something else": func(e *casework.EIDSignature) { e.Hash = strings.Repeat("0", 64) },
		"with no proof":     func(e *casework.EIDSignature) { e.Proof = nil },
		"at another time":   func(e *casework.EIDSignature) { e.At = e.At.Add(time.Hour) },
	} {
		wrong := *e
		change(&wrong)
		if _, err := AttachEID(w, service, "soc", "g-p1", wrong); err == nil {
			t.Errorf("one %s is taken", name)
		}
	}
	for name, id := range map[string]string{"a signature that is not there": "nothing", "a case": "s-case"} {
		if _, err := AttachEID(w, service, "soc", id, *e); err == nil {
			t.Errorf("it is attached to %s", name)
		}
	}
	before := w.state("g")
	changes, err := AttachEID(w, service, "soc", "g-p1", *e)
	w.house("soc", changes, err)
	id := changes[0].Record
	w.expect("it stands beside the drawn one", w.field("soc", id, "provider")+w.field("soc", "g-p1", "how"), `"Provtjänsten""drawn"`)
	w.expect("what is open is as it was", w.state("g"), before)
	w.expect("the unit sees it, the landlord does not", []bool{w.sees("tove", "soc", id), w.sees("karin", "soc", id), w.sees("elin", "soc", id), w.sees("kim", "soc", id), w.sees("jonna", "soc", id)}, []bool{true, true, false, false, false})
	w.expect("nobody writes one", w.by("tove", set("eid_signature", "mine", values{"giving": "g", "signature": "g-p1", "provider": "x", "at": 1795000000000, "hash": hash, "proof": "x"})), "refused not_allowed")
	if n, err := VerifyConsents(w, "soc"); n != 1 || err != nil {
		t.Errorf("verify: %d, %v", n, err)
	}
	field := w.records["soc/"+id].Fields["hash"]
	field.Value = []byte(`"` + strings.Repeat("0", 64) + `"`)
	w.records["soc/"+id].Fields["hash"] = field
	if _, err := VerifyConsents(w, "soc"); err == nil || !strings.Contains(err.Error(), id) {
		t.Errorf("a changed hash: %v", err)
	}
}
