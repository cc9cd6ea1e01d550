package main

import (
	"encoding/json"
	"errors"
	"fmt"

	"bokvar/internal/audit"
	"bokvar/internal/casework"
	"bokvar/internal/office"
	"bokvar/internal/sqlite"
)

// erasureDoor is erasure as package web knows it: access.md's row `erasure` says who
// sees to it in their own organisation. It shows ids and days, no content.
type erasureDoor struct{ core *core }

var (
	errNoErasure   = &casework.Error{Code: "not_allowed", Sentence: "Det får du inte göra i din roll."}
	errOtherCount  = &casework.Error{Code: "stale", Sentence: "Det är inte lika många längre. Titta på planen igen. Inget har gallrats."}
	errDays        = &casework.Error{Code: "invalid", Sentence: "Skriv antal dagar, 0 till 36500. 0 betyder att inget gallras av sig självt."}
	errCertificate = &casework.Error{Code: "not_found", Sentence: "Det finns inget sådant intyg."}
)

const mostDays = 36500

func (d erasureDoor) sees(by *casework.Member) error {
	if d.core.office.Access().Cell("erasure", by.Role).Read == "never" {
		return errNoErasure
	}
	return nil
}

// planned is the dry run as it is shown.
type planned struct {
	Today        string               `json:"today"`
	Keep         office.Retention     `json:"keep"`
	Due          int                  `json:"due"`
	Files        []plannedFile        `json:"files"`
	Certificates []sqlite.Certificate `json:"certificates"`
}

type plannedFile struct {
	office.Ended
	Held string `json:"held"` // why; "" when it is not
}

func (d erasureDoor) Plan(by *casework.Member) (any, error) {
	if err := d.sees(by); err != nil {
		return nil, err
	}
	plan, err := planErasure(d.core, by.Org)
	if err != nil {
		return nil, err
	}
	out := planned{Today: plan.Today, Due: len(plan.due()), Files: []plannedFile{}, Certificates: []sqlite.Certificate{}}
	for _, e := range plan.Ended {
		out.Files = append(out.Files, plannedFile{e, plan.Held[e.Root]})
	}
	raw, err := d.core.db.Setting(keepSetting(by.Org))
	if err == nil && raw != nil {
		err = json.Unmarshal(raw, &out.Keep)
	}
	if err != nil {
		return nil, err
	}
	return out, d.core.db.Erasures(func(c sqlite.Certificate, _ sqlite.Signed) error {
		if c.Org == by.Org {
			out.Certificates = append(out.Certificates, c)
		}
		return nil
	})
}

func (d erasureDoor) Keep(by *casework.Member, device string, body []byte) error {
	if err := d.sees(by); err != nil {
		return err
	}
	var days office.Retention
	if json.Unmarshal(body, &days) != nil {
		return errUnreadable
	}
	if min(days.Case, days.Consent, days.Loose) < 0 || max(days.Case, days.Consent, days.Loose) > mostDays {
		return errDays
	}
	raw, err := json.Marshal(days)
	if err != nil {
		return err
	}
	if err := d.core.db.PutSetting(keepSetting(by.Org), raw); err != nil {
		return err
	}
	return d.note(by, device, audit.Administer, "", fmt.Sprintf("kept: cases %d days, consents %d, loose papers %d", days.Case, days.Consent, days.Loose))
}

func (d erasureDoor) Run(by *casework.Member, device string, count int) (any, error) {
	if err := d.sees(by); err != nil {
		return nil, err
	}
	plan, err := planErasure(d.core, by.Org)
	if err != nil {
		return nil, err
	}
	if count < 1 || count != len(plan.due()) {
		return nil, errOtherCount
	}
	return runErasure(d.core, runArgs{Org: by.Org, Count: count, By: by.ID, Device: device})
}

func (d erasureDoor) Hold(by *casework.Member, device, root, why string) error {
	if err := d.sees(by); err != nil {
		return err
	}
	if err := d.core.isFile(by.Org, root); errors.Is(err, errNoFile) {
		return errNoSuchFile
	} else if err != nil {
		return err
	}
	what := "held"
	var err error
	if why == "" {
		what = "released"
		_, err = d.core.db.Release(by.Org, root)
	} else {
		err = d.core.db.Hold(by.Org, root, by.ID, why, d.core.clock())
	}
	if err != nil {
		return err
	}
	return d.note(by, device, audit.Hold, root, what)
}

func (d erasureDoor) Certificate(by *casework.Member, number int64) (text []byte, err error) {
	if err := d.sees(by); err != nil {
		return nil, err
	}
	err = d.core.db.Erasures(func(c sqlite.Certificate, s sqlite.Signed) error {
		if c.Org == by.Org && c.Number == number {
			text, err = json.MarshalIndent(map[string]any{"certificate": s.Body, "signature": s.Signature, "public_key": s.PublicKey, "algorithm": "Ed25519"}, "", " ")
		}
		return err
	})
	if err == nil && text == nil {
		err = errCertificate
	}
	return text, err
}

func (d erasureDoor) note(by *casework.Member, device, action, root, what string) error {
	return d.core.db.Audit(audit.Entry{At: d.core.clock().UnixMilli(), Person: by.ID, Device: device, Action: action, Org: by.Org, Root: root, What: what})
}
