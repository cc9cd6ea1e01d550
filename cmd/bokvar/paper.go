package main

import (
	"cmp"
	"encoding/json"
	"slices"

	"bokvar/internal/audit"
	"bokvar/internal/casework"
	"bokvar/internal/office"
	"bokvar/internal/paper"
	"bokvar/sync/server"
)

// maxPaper is how big a paper may get, in bytes. All that fits into one consent stays
// far below.
const maxPaper = 2 << 20

var (
	errNoConsent    = &casework.Error{Code: "not_found", Sentence: "Det finns inget sådant samtycke."}
	errNotSigned    = &casework.Error{Code: "not_signed", Sentence: "Hyresgästen har inte sagt ja, så det finns inget att skriva ut."}
	errPaperTooLong = &casework.Error{Code: "paper_too_long", Sentence: "Samtycket är för långt för att skrivas ut. Allt som står i det finns kvar i Bokvar."}
)

// paperDoor is the papers as package web knows them.
type paperDoor struct{ core *core }

// Consent prints what the asker may see of a consent, and writes down that it was
// taken out of the program.
func (d paperDoor) Consent(by *casework.Member, device, id string) ([]byte, error) {
	c := consentForm{core: d.core, by: by}
	err := d.core.db.Facts(func(f casework.Facts) error {
		c.f = f
		return c.fill(id)
	})
	if err != nil {
		return nil, err
	}
	pdf, err := c.form.Print()
	if err == nil && len(pdf) > maxPaper {
		err = errPaperTooLong
	}
	if err != nil {
		return nil, err
	}
	return pdf, d.core.wasRead(by, device, audit.Export, id, "paper")
}

// consentForm fills a form with what one person may see, field by field.
type consentForm struct {
	*core
	by   *casework.Member
	f    casework.Facts
	form paper.Consent
}

// fill answers errNoConsent for what is not there and for what is not theirs, after the
// same work: what is not there is looked at as an empty one.
func (c *consentForm) fill(id string) error {
	giving, err := c.f.Record(c.by.Org, id)
	if err != nil {
		return err
	}
	if giving == nil || giving.Kind != "giving" {
		giving = &server.State{Org: c.by.Org, Kind: "giving", ID: id, Root: id}
	}
	g, err := c.see(giving)
	if err != nil {
		return err
	}
	if g == nil {
		return errNoConsent
	}
	if of[string](g, "answer") != "given" {
		return errNotSigned
	}
	c.form = paper.Consent{
		ID: id, Partners: of[[]string](g, "partners"), Relatives: of[string](g, "relatives"), Other: of[string](g, "other_partner"),
		Place: of[string](g, "place"), Day: of[string](g, "day"), Until: of[string](g, "valid_until"), Witness: of[string](g, "witness"),
		Original: of[string](g, "original"), Photos: len(of[[]string](g, "photos")),
		Collected: of[string](g, "collected_by"), Shown: of[*casework.WordingShown](g, "wording"), Translation: of[*casework.TranslationShown](g, "translation"),
		Proven: of[bool](g, "proven"),
	}
	if err := c.signers(giving); err != nil {
		return err
	}
	if err := c.words(giving); err != nil {
		return err
	}
	return c.names(of[string](g, "unit"), of[string](g, "landlord_org"))
}

// signers also works out the hash, in the order in which they signed.
func (c *consentForm) signers(giving *server.State) error {
	signatures, err := c.f.RecordsOf(giving.Org, giving.Root, "signature")
	if err != nil {
		return err
	}
	hash, note, err := office.EvidenceOf(giving, signatures)
	if err != nil {
		return err
	}
	c.form.Hash, c.form.Same = hash, true
	if note != nil {
		c.form.Hash, c.form.Noted, c.form.Same = note.Hash, true, note.Hash == hash
		slices.SortStableFunc(signatures, func(a, b *server.State) int {
			return slices.Index(note.Signatures, a.ID) - slices.Index(note.Signatures, b.ID)
		})
	}
	for _, signature := range signatures {
		s, err := c.see(signature)
		if err != nil {
			return err
		}
		if s == nil {
			continue
		}
		c.form.Signers = append(c.form.Signers, paper.Signer{
			Name: cmp.Or(of[string](s, "name"), "Skyddade uppgifter"), Child: of[string](s, "child"), Number: of[string](s, "personal_number"), How: of[string](s, "how"),
			Strokes: of[[][][]float64](s, "strokes"), At: of[int64](s, "at"),
		})
	}
	return nil
}

func (c *consentForm) words(giving *server.State) error {
	record, err := office.WordsOf(c.f, giving)
	if err != nil || record == nil {
		return err
	}
	w, err := c.see(record)
	c.form.Wording = of[*casework.Wording](w, "wording")
	return err
}

// names are those of the organisations and the unit, as they are called now.
func (c *consentForm) names(unit, landlord string) error {
	own, err := c.f.Organisation(c.by.Org)
	if err != nil || own == nil {
		return err
	}
	c.form.Social = own.Name
	other, err := c.f.Organisation(landlord)
	if err != nil {
		return err
	}
	if other != nil {
		c.form.Landlord = other.Name
	}
	record, err := c.f.Record(c.by.Org, unit)
	if err != nil || record == nil {
		return err
	}
	u, err := c.see(record)
	c.form.Unit, c.form.UnitPhone = of[string](u, "name"), of[string](u, "phone")
	return err
}

// see is what the person may read of a record; nil when it is nothing.
func (c *consentForm) see(record *server.State) (map[string]json.RawMessage, error) {
	seen, err := c.office.See(c.f, c.by.ID, record)
	if err != nil || !seen.Visible {
		return nil, err
	}
	return seen.Fields, nil
}

// of reads a field; what is not there, or not theirs, is zero.
func of[T any](fields map[string]json.RawMessage, name string) (v T) {
	_ = json.Unmarshal(fields[name], &v)
	return v
}
