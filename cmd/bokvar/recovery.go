package main

import (
	"errors"

	"bokvar/internal/account"
	"bokvar/internal/audit"
	"bokvar/internal/casework"
)

// recoveryDoor lets people in anew, by two others: access.md's rows `recovery` and
// `recovery.second` say who asks and who agrees.
type recoveryDoor struct{ core *core }

type recoveryPerson struct {
	ID   string        `json:"id"`
	Name string        `json:"name"`
	Role casework.Role `json:"role"`
}

type recoveryAnswer struct {
	People  []recoveryPerson `json:"people"` // whom the asker may ask for; null: nobody
	Waiting []recoveryRow    `json:"waiting"`
}

type recoveryRow struct {
	ID     string `json:"id"`
	Person string `json:"person"` // names
	By     string `json:"by"`
	At     int64  `json:"at"`
	Mine   bool   `json:"mine"`  // the asker asked for it
	Agree  bool   `json:"agree"` // the asker may be the second
}

var errNotInRole = &casework.Error{Code: "not_allowed", Sentence: "Det får du inte göra i din roll."}

func (d recoveryDoor) may(by *casework.Member, group string) bool {
	return d.core.office.Access().Cell(group, by.Role).Read != "never"
}

func (d recoveryDoor) List(by *casework.Member) (any, error) {
	ask, agree := d.may(by, "recovery"), d.may(by, "recovery.second")
	if !ask && !agree {
		return nil, errNotInRole
	}
	people, err := d.core.accounts.People(by.Org)
	if err != nil {
		return nil, err
	}
	answer, names := recoveryAnswer{Waiting: []recoveryRow{}}, map[string]string{}
	for _, m := range people {
		names[m.ID] = m.Name
		if ask && m.Active && m.ID != by.ID {
			answer.People = append(answer.People, recoveryPerson{m.ID, m.Name, m.Role})
		}
	}
	waiting, err := d.core.accounts.Recoveries(by.Org)
	if err != nil {
		return nil, err
	}
	for _, r := range waiting {
		answer.Waiting = append(answer.Waiting, recoveryRow{r.ID, names[r.Person], names[r.By], r.At.UnixMilli(), r.By == by.ID, agree && r.By != by.ID && r.Person != by.ID})
	}
	return answer, nil
}

func (d recoveryDoor) Ask(by *casework.Member, device, person string) error {
	if !d.may(by, "recovery") {
		return errNotInRole
	}
	r, err := d.core.accounts.AskRecovery(by, person)
	if err != nil {
		return err
	}
	return d.note(by, device, audit.RecoveryAsked, r)
}

// Agree answers the code, for the one who agreed to hand over.
func (d recoveryDoor) Agree(by *casework.Member, device, id string) (string, error) {
	if !d.may(by, "recovery.second") {
		return "", errNotInRole
	}
	r, code, err := d.core.accounts.AgreeRecovery(by, id)
	if err != nil {
		return "", err
	}
	return code, d.note(by, device, audit.RecoveryAgreed, r)
}

func (d recoveryDoor) Drop(by *casework.Member, device, id string) error {
	if !d.may(by, "recovery") && !d.may(by, "recovery.second") {
		return errNotInRole
	}
	r, err := d.core.accounts.DropRecovery(by.Org, id)
	if err != nil {
		return err
	}
	return d.note(by, device, audit.RecoveryDropped, r)
}

func (d recoveryDoor) note(by *casework.Member, device, action string, r *account.Recovery) error {
	return d.core.db.Audit(audit.Entry{At: d.core.clock().UnixMilli(), Person: by.ID, Device: device, Action: action, Org: by.Org, What: r.Person})
}

// about are the actions that their person is told of.
var about = []string{audit.DeviceBlocked, audit.DeviceAllowed, audit.DeviceWipe, audit.DeviceWiped, audit.DeviceRollback, audit.WrongPassphrase, audit.Replayed, audit.SessionsEnded, audit.RecoveryAsked, audit.RecoveryAgreed, audit.RecoveryDropped}

const aboutPage = 30

type eventRow struct {
	At     int64  `json:"at"`
	By     string `json:"by"` // name; "" for the person's own device
	Action string `json:"action"`
}

// Events tells a person what was done about their account.
func (d recoveryDoor) Events(by *casework.Member) (any, error) {
	rows, err := d.core.db.LogAbout(by.Org, by.ID, about, aboutPage)
	if err != nil {
		return nil, err
	}
	out := []eventRow{}
	for _, r := range rows {
		name := ""
		if r.Person != by.ID {
			m, err := d.core.accounts.Person(r.Person)
			var unknown *casework.Error
			if err != nil && !errors.As(err, &unknown) {
				return nil, err
			}
			if m != nil {
				name = m.Name
			}
		}
		out = append(out, eventRow{r.At, name, r.Action})
	}
	return out, nil
}
