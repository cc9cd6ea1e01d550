package office

import (
	"bokvar/internal/casework"
	"bokvar/sync/server"
)

// protectedNow follows a household whose identity became protected, or is it no
// more, to what consents and notices tell of the same people.
func (w *work) protectedNow(c server.Changed) error {
	if !differs(c, "protected") {
		return nil
	}
	household := c.After
	if err := w.protect(household.Org, household.Root, truth(household.Fields["protected"].Value)); err != nil {
		return err
	}
	papers, err := w.papersOf(household.Org, household.Root)
	if err != nil {
		return err
	}
	for _, paper := range papers {
		if err := w.protectPaper(paper.org, paper.root); err != nil {
			return err
		}
	}
	return nil
}

// protect keeps whether a root is protected. Everybody who carries it gets its
// records anew as they look from now on; when it is protected, nothing that was
// read before leaves any more (the epoch).
func (w *work) protect(org, root string, is bool) error {
	was, err := w.f.Protected(org, root)
	if err != nil || was == is {
		return err
	}
	people, err := w.inside(casework.Side{Org: org, Root: root})
	if err != nil {
		return err
	}
	if err := w.f.SetProtected(org, root, is); err != nil || w.began[root] {
		return err // all of it is in this commit: nobody has seen it otherwise
	}
	for _, person := range people {
		if is {
			if err := w.f.MoveEpoch(person); err != nil {
				return err
			}
		}
		if err := w.shiftOne(person, org, root); err != nil {
			return err
		}
	}
	return nil
}

// papersOf lists the givings and notices that tell of a household: those that are
// linked to a case of it, and for a landlord's those that go by one of its handles.
func (w *work) papersOf(org, root string) ([]rootKey, error) {
	var papers []rootKey
	add := func(org, name string) error {
		found, err := w.f.Handles(org, name)
		for _, h := range found {
			papers = append(papers, rootKey{org, h.Root})
		}
		return err
	}
	cases, err := w.f.RecordsOf(org, root, "case")
	if err != nil {
		return nil, err
	}
	for _, c := range cases {
		if err := add(org, byCase(c.ID)); err != nil {
			return nil, err
		}
	}
	social, err := w.partners(org)
	if err != nil {
		return nil, err
	}
	for _, kind := range []string{"consent_mark", "notice_sent"} {
		named, err := w.f.RecordsOf(org, root, kind)
		if err != nil {
			return nil, err
		}
		for _, record := range named {
			handle := text(record.Fields["handle"].Value)
			for _, other := range social {
				if handle == "" {
					continue
				}
				if err := add(other, byHandle(handle)); err != nil {
					return nil, err
				}
			}
		}
	}
	return papers, nil
}

// partners are the social services that the organisation has an agreement with.
func (w *work) partners(org string) ([]string, error) {
	agreements, err := w.f.RecordsOfKind(org, "agreement")
	var social []string
	for _, agreement := range agreements {
		if id := text(agreement.Fields["social_org"].Value); id != "" && id != org && !has(social, id) {
			social = append(social, id)
		}
	}
	return social, err
}

// protectPaper protects a giving or a notice when those whom it tells of are
// protected where it came from, or in the case that it is linked to.
func (w *work) protectPaper(org, root string) error {
	paper, err := w.f.Record(org, root)
	if err != nil || paper == nil || paper.Kind != "giving" && paper.Kind != "notice_in" {
		return err
	}
	from := text(paper.Fields["from_org"].Value)
	if paper.Kind == "giving" {
		from = text(paper.Fields["landlord_org"].Value)
	}
	is := false
	if handle := text(paper.Fields["handle"].Value); from != "" && handle != "" {
		homes, err := w.f.Handles(from, byHandle(handle))
		if err != nil {
			return err
		}
		for _, home := range homes {
			there, err := w.f.Protected(from, home.Root)
			if err != nil {
				return err
			}
			is = is || there
		}
	}
	if !is {
		if is, err = w.linkedToProtected(org, root); err != nil {
			return err
		}
	}
	return w.protect(org, root, is)
}

// linkedToProtected looks at the case of the paper's latest link.
func (w *work) linkedToProtected(org, root string) (bool, error) {
	links, err := w.f.RecordsOf(org, root, "case_link")
	if err != nil {
		return false, err
	}
	var latest *server.State
	for _, link := range links {
		if latest == nil || orderOf(latest) < orderOf(link) {
			latest = link
		}
	}
	if latest == nil {
		return false, nil
	}
	c, err := w.f.Record(org, text(latest.Fields["case"].Value))
	if err != nil || c == nil {
		return false, err
	}
	return w.f.Protected(org, c.Root)
}

// protectByHandle looks anew at what social services have under a handle.
func (w *work) protectByHandle(org, handle string) error {
	found, err := w.f.Handles(org, byHandle(handle))
	if err != nil {
		return err
	}
	for _, h := range found {
		if err := w.protectPaper(org, h.Root); err != nil {
			return err
		}
	}
	return nil
}
