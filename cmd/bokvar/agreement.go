package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"text/tabwriter"

	"bokvar/internal/casework"
	"bokvar/internal/office"
)

// agreement manages what a landlord and social services have agreed: where
// consents go, whom a tenant calls, and the words that are answered.
func agreement(_ context.Context, args []string, std stdio) error {
	return choose("agreement", args, std, map[string]func([]string, stdio) error{"add": agreementAdd, "list": agreementList})
}

// agreementArgs is an agreement as it is typed. Words is the text of a wording
// file, "" for the plain words.
type agreementArgs struct {
	Landlord, Social, Unit, Phone, Emergency, Interpreter, Place, Words string
	Version                                                             int
}

func agreementAdd(args []string, std stdio) error {
	f := flags("agreement add", std)
	data := f.String("data", defaults().Data, "data folder")
	a := agreementArgs{}
	f.StringVar(&a.Landlord, "landlord", "", "id of the landlord")
	f.StringVar(&a.Social, "social", "", "id of social services")
	f.StringVar(&a.Unit, "unit", "", "id of the unit of social services that consents and notices go to")
	f.StringVar(&a.Phone, "phone", "", "telephone number at which a tenant withdraws a consent")
	f.StringVar(&a.Emergency, "emergency", "", "telephone number of the municipality's emergency social service")
	f.StringVar(&a.Interpreter, "interpreter", "", "telephone number of the interpreters")
	f.StringVar(&a.Place, "place", "", "town, for \"place and date\"")
	words := f.String("wording", "", "file with the words of the consent: a title line, the text, a line ---, and how to withdraw")
	f.IntVar(&a.Version, "version", 1, "version of these words; raise it when they change")
	if err := parse(f, args, 0); err != nil {
		return err
	}
	if *words != "" {
		text, err := os.ReadFile(*words)
		if err != nil {
			return err
		}
		a.Words = string(text)
	}
	_, err := perform[nothing](*data, "agreement add", a)
	return err
}

func agreementList(args []string, std stdio) error {
	f := flags("agreement list", std)
	data := f.String("data", defaults().Data, "data folder")
	if err := parse(f, args, 0); err != nil {
		return err
	}
	all, err := perform[[]agreed](*data, "agreement list", nothing{})
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(std.out, 0, 0, 2, ' ', 0)
	for _, a := range all {
		_, _ = fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", a.Landlord, a.Social, a.Unit, a.Phone)
	}
	return w.Flush()
}

// agreed is one line of the list.
type agreed struct{ Landlord, Social, Unit, Phone string }

// addAgreement writes the agreement for both organisations. Adding it again
// changes it; words that somebody has answered stay known.
func addAgreement(o *core, in agreementArgs) (nothing, error) {
	landlord, err := o.accounts.Organisation(in.Landlord)
	if err != nil {
		return nothing{}, err
	}
	social, err := o.accounts.Organisation(in.Social)
	if err != nil {
		return nothing{}, err
	}
	switch {
	case landlord.Kind != casework.Landlord || social.Kind != casework.SocialServices:
		return nothing{}, errors.New("an agreement is between a landlord and social services")
	case in.Phone == "":
		return nothing{}, errors.New("an agreement needs the telephone number at which a tenant withdraws")
	}
	unit, err := o.unitName(social.ID, in.Unit)
	if err != nil {
		return nothing{}, err
	}
	words, err := in.wording(social.Name, unit)
	if err != nil {
		return nothing{}, err
	}
	records, err := office.Agreement{
		ID: "agreement-" + landlord.ID + "-" + social.ID, Landlord: *landlord, Social: *social, Unit: in.Unit, UnitName: unit, UnitPhone: in.Phone,
		EmergencyPhone: in.Emergency, InterpreterPhone: in.Interpreter, Place: in.Place, Wording: words,
	}.Records()
	if err != nil {
		return nothing{}, err
	}
	return nothing{}, errors.Join(o.house(landlord.ID, records[0]), o.house(social.ID, records[1]))
}

// wording is the words of the agreement.
func (in agreementArgs) wording(social, unit string) (casework.Wording, error) {
	id := in.Landlord + "-" + in.Social
	if in.Words == "" {
		return casework.PlainWording(id, social, unit, in.Phone), nil
	}
	text, withdraw, ok := strings.Cut(strings.ReplaceAll(in.Words, "\r\n", "\n"), "\n---\n")
	title, body, more := strings.Cut(strings.TrimSpace(text), "\n")
	w := casework.Wording{ID: id, Version: in.Version, Language: "sv",
		Title: strings.TrimSpace(title), Body: strings.TrimSpace(body), Withdraw: strings.TrimSpace(withdraw)}
	if !ok || !more || w.Body == "" || w.Withdraw == "" || w.Version < 1 {
		return w, errors.New("the wording is a title line, the text, a line ---, and how to withdraw; its version is 1 or more")
	}
	return w.Sealed(), nil
}

func (o *core) unitName(org, unit string) (name string, err error) {
	err = o.db.Facts(func(f casework.Facts) error {
		record, err := f.Record(org, unit)
		if err != nil {
			return err
		}
		if record == nil || record.Kind != "unit" {
			return fmt.Errorf("%s has no unit %q", org, unit)
		}
		name = word(record, "name")
		return nil
	})
	return name, err
}

func listAgreements(o *core, _ nothing) (all []agreed, err error) {
	organisations, err := o.db.Organisations()
	if err != nil {
		return nil, err
	}
	err = o.db.Facts(func(f casework.Facts) error {
		for _, org := range organisations {
			records, err := f.RecordsOfKind(org.ID, "agreement")
			if err != nil {
				return err
			}
			for _, r := range records {
				if word(r, "landlord_org") == org.ID { // each side has the same
					all = append(all, agreed{word(r, "landlord_name"), word(r, "social_name"), word(r, "unit_name"), word(r, "unit_phone")})
				}
			}
		}
		return nil
	})
	return all, err
}
