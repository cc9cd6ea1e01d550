package office

import (
	"slices"

	"bokvar/internal/casework"
	"bokvar/internal/consent"
	"bokvar/sync/server"
)

// consentFollows keeps where a record of a consent is found again, gives it its
// place in the server's order, and notes the file to be judged when the whole
// commit is there.
func (w *work) consentFollows(c server.Changed) error {
	r := c.After
	value := func(field string) string { return text(r.Fields[field].Value) }
	switch r.Kind {
	case "giving", "withdrawal":
		if c.Before != nil {
			return nil
		}
		if err := w.f.PutRootUnit(casework.RootUnit{Org: r.Org, Root: r.Root, Record: r.ID, Unit: value("unit")}); err != nil {
			return err
		}
		return w.ordered(r, byHandle(value("handle")), byCase(value("case")))
	case "case_link":
		if c.Before != nil {
			return nil
		}
		if err := w.ordered(r, byCase(value("case"))); err != nil {
			return err
		}
		return w.judgeRoot(r.Org, r.Root)
	case "signature":
		if err := w.judgeRoot(r.Org, r.Root); err != nil {
			return err
		}
		return w.copies(c)
	case "confirmation":
		return w.judgeRoot(r.Org, r.Root)
	case "consent_mark":
		return w.marked(c)
	}
	return nil
}

// ordered gives a new record its place, and keeps the names that lead to its root.
func (w *work) ordered(r *server.State, names ...string) error {
	order, err := w.nextOrder(r.Org)
	if err != nil {
		return err
	}
	if err := w.set(r.Org, r.Kind, r.ID, r, map[string]any{"order": order}); err != nil {
		return err
	}
	for _, name := range names {
		if name == byHandle("") || name == byCase("") {
			continue
		}
		if err := w.f.PutHandle(casework.Handle{Org: r.Org, Handle: name, Root: r.Root, Record: r.ID}); err != nil {
			return err
		}
		w.judge(r.Org, name)
	}
	return nil
}

// judgeRoot notes the file that a giving or a notice belongs to.
func (w *work) judgeRoot(org, root string) error {
	record, err := w.f.Record(org, root)
	if err != nil || record == nil {
		return err
	}
	w.judge(org, byHandle(text(record.Fields["handle"].Value)))
	return nil
}

// marked keeps which case of the landlord a handle means; what social services
// have under it may open now.
func (w *work) marked(c server.Changed) error {
	if c.Before != nil {
		return nil
	}
	return w.named(c.After)
}

// named keeps that the landlord's case of a record goes by the record's handle. The
// case tells it on, as far as a phone needs: whoever visits there next can withdraw under
// it. All of its handles are judged together, however many (handlesOf): two phones that
// gave it one each without knowing of the other speak of one file.
func (w *work) named(r *server.State) error {
	handle, caseID := text(r.Fields["handle"].Value), text(r.Fields["case"].Value)
	if handle == "" {
		return nil
	}
	if err := w.f.PutHandle(casework.Handle{Org: r.Org, Handle: byHandle(handle), Root: r.Root, Record: caseID}); err != nil {
		return err
	}
	kase, err := w.f.Record(r.Org, caseID)
	if err != nil {
		return err
	}
	if kase != nil && kase.Kind == "case" && kase.Root == r.Root {
		if known := texts(kase.Fields["handles"].Value); !slices.Contains(known, handle) && len(known) < mostHandles {
			if err := w.set(r.Org, "case", caseID, kase, map[string]any{"handles": append(known, handle)}); err != nil {
				return err
			}
		}
	}
	agreements, err := w.f.RecordsOfKind(r.Org, "agreement")
	if err != nil {
		return err
	}
	for _, agreement := range agreements {
		w.judge(text(agreement.Fields["social_org"].Value), byHandle(handle))
	}
	return nil
}

const mostHandles = 20 // that a case tells on; a phone needs one of them

// judge notes a file, to be judged once when all of the commit is there.
func (w *work) judge(org, name string) {
	if file := (fileName{org, name}); !w.judged[file] {
		w.judged[file] = true
		w.consents = append(w.consents, file)
	}
}

// fileName is one of the names of a file of consents.
type fileName struct{ org, name string }

// settleConsents judges the files that the commit touched.
func (w *work) settleConsents() error {
	for _, c := range w.changed {
		if c.After.Kind == "giving" && c.Before == nil {
			if err := w.examine(c.After); err != nil {
				return err
			}
		}
	}
	done := map[fileName]bool{}
	for _, name := range w.consents {
		if done[name] {
			continue
		}
		file, err := gather(w.f, name.org, name.name)
		if err != nil {
			return err
		}
		for _, each := range file.names {
			done[fileName{name.org, each}] = true
		}
		if err := w.settleFile(file); err != nil {
			return err
		}
	}
	return nil
}

// settleFile writes how its givings stand, what that opens or closes, and whether those
// whom it tells of are protected.
func (w *work) settleFile(file *consentFile) error {
	if err := w.protectFile(file); err != nil {
		return err
	}
	if err := w.keepAlike(file); err != nil {
		return err
	}
	judged := consent.Judge(file.File, w.today())
	for _, g := range file.Givings {
		standings := []consent.Standing{}
		for _, s := range judged {
			if s.Giving == g.ID {
				standings = append(standings, s)
			}
		}
		id := derivedID("consent_state", g.ID)
		record, err := w.f.Record(file.org, id)
		if err != nil {
			return err
		}
		err = w.set(file.org, "consent_state", id, record, map[string]any{"giving": g.ID, "case": g.Case, "standings": standings})
		if err != nil {
			return err
		}
	}
	return w.settleRooms(file, judged)
}

// examine notes what is wrong with a giving as it came. It is saved all the same.
func (w *work) examine(giving *server.State) error {
	wrong, err := w.wrongWith(giving)
	if err != nil {
		return err
	}
	fields := map[string]any{}
	if len(wrong) > 0 {
		fields["wrong"] = wrong
	}
	proven, err := w.proven(giving)
	if err != nil {
		return err
	}
	if proven {
		fields["proven"] = true
	}
	return w.setOf(giving.Org, "giving", giving.ID, fields)
}

func (w *work) wrongWith(giving *server.State) (wrong []consent.Reason, err error) {
	shown := object[casework.WordingShown](giving.Fields["wording"].Value)
	if shown == nil {
		wrong = append(wrong, consent.UnknownWording)
	} else {
		known, err := w.f.Record(giving.Org, wordingID(*shown))
		if err != nil {
			return nil, err
		}
		if known == nil {
			wrong = append(wrong, consent.UnknownWording)
		}
	}
	signatures, err := w.f.RecordsOf(giving.Org, giving.Root, "signature")
	if err != nil {
		return nil, err
	}
	blocked, err := w.blocked()
	if err != nil {
		return nil, err
	}
	if blocked {
		wrong = append(wrong, consent.BlockedDevice)
	}
	same, err := asSigned(giving, signatures)
	if err != nil {
		return nil, err
	}
	if !same {
		wrong = append(wrong, consent.Changed)
	}
	for _, s := range signatures {
		how := text(s.Fields["how"].Value)
		witness, original := text(giving.Fields["witness"].Value), text(giving.Fields["original"].Value)
		if (how == "oral" || how == "typed") && witness == "" && !slices.Contains(wrong, consent.NoWitness) {
			wrong = append(wrong, consent.NoWitness)
		}
		if how == "paper" && original == "" && witness == "" && !slices.Contains(wrong, consent.NoOriginal) {
			wrong = append(wrong, consent.NoOriginal)
		}
	}
	return wrong, nil
}

// blocked says whether the work was handed in by a device that is blocked by now.
func (w *work) blocked() (bool, error) {
	if !w.author.HandedIn || w.Blocked == nil {
		return false, nil
	}
	return w.Blocked(w.author.Person, w.author.Device)
}

// wordingID is the id of the record that keeps the words of a consent.
func wordingID(w casework.WordingShown) string {
	return derivedID("wording", w.ID+"/"+w.Language+"/"+w.Hash)
}

// wordings keeps the words of an agreement, so that a giving to earlier ones is
// known when it comes late.
func (w *work) wordings(c server.Changed) error {
	words := object[casework.Wording](c.After.Fields["wording"].Value)
	if words == nil || !differs(c, "wording") || text(c.After.Fields["social_org"].Value) != c.After.Org {
		return nil
	}
	id := wordingID(casework.WordingShown{ID: words.ID, Language: words.Language, Hash: words.Hash})
	if known, err := w.f.Record(c.After.Org, id); err != nil || known != nil {
		return err
	}
	return w.set(c.After.Org, "wording", id, nil, map[string]any{"wording": words})
}
