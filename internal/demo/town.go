package demo

import (
	"crypto/sha256"
	"fmt"
	"time"

	"bokvar/internal/casework"
)

// Ids of the organisations and of the units that others refer to.
const (
	Landlord  = "sjobergahem"
	Social    = "sjoberga-soc"
	Operators = "drift"

	UnitNorth    = "hem-norr"
	UnitEviction = "soc-vrak"
	UnitAdults   = "soc-vuxen"
	UnitChildren = "soc-barn"
)

// Organisations of the town.
var Organisations = []casework.Organisation{
	{ID: Landlord, Name: "Sjöbergahem", Kind: casework.Landlord},
	{ID: Social, Name: "Socialtjänsten i Sjöberga", Kind: casework.SocialServices},
	{ID: Operators, Name: "Drift", Kind: casework.Operator},
}

// Unit is a unit of an organisation and whoever is on call there.
type Unit struct {
	ID, Org, Name, Phone string
	OnCall               string // person
}

// Units of the town.
var Units = []Unit{
	{UnitNorth, Landlord, "Norr", "08-465 004 90", "jonna"},
	{UnitEviction, Social, "Vräkningsförebyggande teamet", "08-465 004 91", "samira"},
	{UnitAdults, Social, "Vuxenenheten", "08-465 004 92", "nils"},
	{UnitChildren, Social, "Barn och familj", "08-465 004 93", "elin"},
}

var allSocial = []string{UnitEviction, UnitAdults, UnitChildren}

// Members are the accounts, in the order in which the demo prints their links.
var Members = []casework.Member{
	member("kim", Landlord, "Kim Strandvik", casework.Caretaker, "070-174 06 61", UnitNorth),
	member("alva", Landlord, "Alva Lindroos", casework.Caretaker, "070-174 06 62", UnitNorth),
	member("jonna", Landlord, "Jonna Ekered", casework.Coordinator, "070-174 06 63", UnitNorth),
	member("peder", Landlord, "Peder Sandås", casework.Coordinator, "070-174 06 64", UnitNorth),
	member("maj", Landlord, "Maj Ahlberg", casework.Collections, "070-174 06 65", UnitNorth),
	member("rolf", Landlord, "Rolf Tingvall", casework.LandlordManager, "070-174 06 66", UnitNorth),
	member("eva", Landlord, "Eva Brink", casework.Administrator, "070-174 06 67", UnitNorth),
	member("samira", Social, "Samira Holmén", casework.SocialWorker, "070-174 06 71", UnitEviction),
	member("tove", Social, "Tove Malm", casework.SocialWorker, "070-174 06 72", UnitEviction),
	member("nils", Social, "Nils Åberg", casework.SocialWorker, "070-174 06 73", UnitAdults),
	member("elin", Social, "Elin Dahl", casework.ChildWorker, "070-174 06 74", UnitChildren),
	member("karin", Social, "Karin Öst", casework.SocialManager, "070-174 06 75", allSocial...),
	member("leif", Social, "Leif Norén", casework.Administrator, "070-174 06 76", allSocial...),
	member("disa", Operators, "Disa Ek", casework.SystemOperator, "070-174 06 79"),
}

func member(id, org, name string, role casework.Role, phone string, units ...string) casework.Member {
	return casework.Member{ID: id, Org: org, Name: name, Title: titles[role], Phone: phone, Role: role, Units: append([]string{}, units...), Active: true}
}

var titles = map[casework.Role]string{
	casework.Caretaker: "Kvartersvärd", casework.Coordinator: "Bostadssocial samordnare", casework.Collections: "Kravhandläggare",
	casework.LandlordManager: "Enhetschef", casework.SocialWorker: "Socialsekreterare", casework.ChildWorker: "Socialsekreterare, barn och familj",
	casework.SocialManager: "Enhetschef", casework.Administrator: "Administratör", casework.SystemOperator: "Driftansvarig",
}

// Person finds an account of the town; the zero Member when there is none.
func Person(id string) casework.Member {
	for _, m := range Members {
		if m.ID == id {
			return m
		}
	}
	return casework.Member{}
}

// Wording is the text that a tenant answers.
var Wording = casework.PlainWording("sjoberga-samtycke", "Socialtjänsten i Sjöberga", "Vräkningsförebyggande teamet", "08-465 004 91")

// agreement is what the landlord and social services have settled; both carry it.
func agreement() map[string]any {
	return map[string]any{
		"landlord_org": Landlord, "landlord_name": "Sjöbergahem", "social_org": Social, "social_name": "Socialtjänsten i Sjöberga",
		"unit": UnitEviction, "unit_name": "Vräkningsförebyggande teamet", "unit_phone": "08-465 004 91",
		"emergency_phone": "08-465 004 98", "interpreter_phone": "08-465 004 97", "place": town, "wording": Wording,
	}
}

// common are the records that everyone in an organisation carries.
func common(org string, now time.Time) []casework.HouseChange {
	var changes []casework.HouseChange
	add := func(kind, id string, fields map[string]any) {
		changes = append(changes, casework.HouseChange{Kind: kind, Record: id, Fields: fields})
	}
	for _, u := range Units {
		if u.Org == org {
			add("unit", u.ID, map[string]any{"name": u.Name, "phone": u.Phone})
		}
	}
	for _, m := range Members {
		if m.Org == org {
			add("colleague", m.ID, map[string]any{"name": m.Name, "title": m.Title, "phone": m.Phone, "role": string(m.Role), "units": m.Units, "active": true})
		}
	}
	for _, u := range Units {
		if u.Org == org {
			add("roster", "roster-"+u.ID, map[string]any{
				"unit": u.ID, "person": u.OnCall, "from": now.AddDate(0, 0, -7).UnixMilli(), "to": now.AddDate(1, 0, 0).UnixMilli(),
			})
		}
	}
	if org != Operators {
		add("agreement", "agreement-sjoberga", agreement())
	}
	if org == Social {
		for _, language := range []string{"ar", "en", "so", "sv-simple"} {
			add("translation", "translation-"+language, map[string]any{"language": language, "on": true})
		}
	}
	return changes
}

// derive makes a UUID (version 8: of one's own making) out of a name.
func derive(name string) string {
	h := sha256.Sum256([]byte("Sjöberga " + name))
	h[6], h[8] = h[6]&0x0f|0x80, h[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", h[:4], h[4:6], h[6:8], h[8:10], h[10:16])
}
