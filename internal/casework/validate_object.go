package casework

import (
	"bytes"
	"encoding/json"
	"io"
	"strings"
	"time"
)

// objects has one entry per field of type Object: how its value is read and judged.
var objects = map[string]func(json.RawMessage) *Error{
	"agreement.wording": shaped(func(w *Wording) bool {
		return w.ID != "" && w.Version > 0 && w.Language != "" && w.Title != "" && w.Body != ""
	}),
	"agreement.languages":     shaped(func(l *[]OfferedTongue) bool { return len(*l) < len(tongueOrder) }),
	"translation.review":      shaped(func(r *Reviewed) bool { return r.By != "" && instant(r.At) && len(r.Hash) == 64 }),
	"giving.translation":      shaped(func(t *TranslationShown) bool { return t.Language != "" && len(t.Language) <= 20 && len(t.Hash) == 64 }),
	"signature.copies":        shaped(hashesFit),
	"giving.photos":           shaped(hashesFit),
	"giving.evidence":         shaped(func(e *Evidence) bool { return len(e.Hash) == 64 && len(e.Device) <= 100 && len(e.Signatures) <= 10 }),
	"wording.wording":         shaped(func(w *Wording) bool { return w.ID != "" && w.Version > 0 && w.Hash != "" }),
	"notice_sent.tenants":     shaped(tenantsFit),
	"notice_in.tenants":       shaped(tenantsFit),
	"thread_message.concerns": shaped(idsFit),
	"message.concerns":        shaped(idsFit),
	"appointment.concerns":    shaped(idsFit),
	"room.covered":            shaped(func(*[]string) bool { return true }),
	"case_link.people": shaped(func(l *[]LinkedSigner) bool {
		for _, each := range *l {
			if each.Signature == "" || each.Person == "" {
				return false
			}
		}
		return len(*l) <= 10
	}),
	"consent_state.standings": shaped(func(l *[]ConsentStanding) bool { return true }),
	"late_list.counts":        shaped(func(c *Counts) bool { return c.Rows >= 0 }),
	"case.rent":               shaped(func(r *Rent) bool { return oneOf(RentStates, r.State) && instant(r.AsOf) }),
	"case.priority":           shaped(reasonsFit),
	"case.debt_reasons":       shaped(reasonsFit),
	"case.debt":               shaped(func(d *Debt) bool { return d.Capital >= 0 && d.Costs >= 0 && d.Months >= 0 && instant(d.AsOf) }),
	"case.handles":            shaped(idsFit),
	"case.last_contact":       shaped(func(l *LastContact) bool { return instant(l.At) && oneOf(Answers, l.Answer) }),
	"contact.moved":           shaped(func(m *Moved) bool { return (m.From == 0 || instant(m.From)) && m.By != "" && instant(m.At) }),
	"contact.cancelled":       shaped(func(c *Cancelled) bool { return oneOf(Becauses, c.Because) && instant(c.At) }),
	"contact.outcome":         shaped(func(o *Outcome) bool { return oneOf(Answers, o.Answer) && o.By != "" && instant(o.At) }),
	"alert.seen":              shaped(func(s *Seen) bool { return s.By != "" && instant(s.At) }),
	"conflict.versions":       shaped(func(v *[]ConflictVersion) bool { return len(*v) > 0 }),
	"conflict.settled":        shaped(func(s *Seen) bool { return instant(s.At) }),
	"found.changes":           shaped(func(c *[]FoundChange) bool { return len(*c) > 0 }),
	"found.settled":           shaped(func(s *Seen) bool { return s.By != "" && instant(s.At) }),
	"giving.wording": shaped(func(w *WordingShown) bool {
		return w.ID != "" && w.Version > 0 && w.Language != "" && w.Hash != ""
	}),
}

// hashesFit takes at most four SHA-256, hex.
func hashesFit(l *[]string) bool {
	for _, hash := range *l {
		if len(hash) != 64 || ValidateID(hash) != nil {
			return false
		}
	}
	return len(*l) <= 4
}

func validateObject(where string, raw json.RawMessage) *Error {
	judge := objects[where]
	if judge == nil {
		return &Error{Code: CodeUnknown, Sentence: "Servern känner inte till uppgiften. Den är sparad tills servern är uppdaterad."}
	}
	return judge(raw)
}

// shaped reads a value strictly as T and asks fits. A part that T does not know
// comes from a newer app, so it is unknown and not wrong.
func shaped[T any](fits func(*T) bool) func(json.RawMessage) *Error {
	return func(raw json.RawMessage) *Error {
		var value T
		decoder := json.NewDecoder(bytes.NewReader(raw))
		decoder.DisallowUnknownFields()
		if err := decoder.Decode(&value); err != nil {
			if strings.Contains(err.Error(), "unknown field") {
				return &Error{Code: CodeUnknown, Sentence: "Servern känner inte till en del av uppgiften. Den är sparad tills servern är uppdaterad."}
			}
			return invalid("Uppgiften går inte att läsa.")
		}
		if _, err := decoder.Token(); err != io.EOF || !fits(&value) {
			return invalid("Uppgiften är inte fullständig. Svara igen.")
		}
		return nil
	}
}

func reasonsFit(list *[]Reason) bool {
	for _, r := range *list {
		if r.ID == "" {
			return false
		}
		if r.Date != "" {
			if _, err := time.Parse(time.DateOnly, r.Date); err != nil {
				return false
			}
		}
	}
	return true
}

func tenantsFit(list *[]NamedTenant) bool {
	for _, tenant := range *list {
		if strings.TrimSpace(tenant.Name) == "" {
			return false
		}
		if tenant.PersonalNumber != "" && checkNumber(tenant.PersonalNumber) != nil {
			return false
		}
	}
	return len(*list) > 0 && len(*list) <= 10
}

// idsFit takes a list of at least one id: nobody in particular is no list at all.
func idsFit(list *[]string) bool {
	for _, id := range *list {
		if ValidateID(id) != nil {
			return false
		}
	}
	return len(*list) > 0 && len(*list) <= 50
}

func instant(ms int64) bool { return ms > 0 && ms < maxInstant }

func oneOf[T comparable](list []T, value T) bool {
	for _, each := range list {
		if each == value {
			return true
		}
	}
	return false
}

// validateStrokes takes a list of strokes, each a list of points [x, y, t, pressure].
func validateStrokes(raw json.RawMessage) *Error {
	if len(raw) > MaxStrokes {
		return &Error{Code: CodeTooLong, Sentence: "Underskriften är för stor. Rensa och skriv igen."}
	}
	var strokes [][][]float64
	if problem := readable(raw, &strokes, "Underskriften går inte att läsa. Rensa och skriv igen."); problem != nil {
		return problem
	}
	for _, stroke := range strokes {
		for _, point := range stroke {
			if len(point) < 2 || len(point) > 4 {
				return invalid("Underskriften går inte att läsa. Rensa och skriv igen.")
			}
		}
	}
	return nil
}
