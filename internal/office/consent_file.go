package office

import (
	"maps"
	"slices"
	"strings"

	"bokvar/internal/casework"
	"bokvar/internal/consent"
	"bokvar/sync/server"
)

// Names under which the roots of consents and notices are found again. They are
// told apart by what stands before the colon.
func byHandle(handle string) string { return "handle:" + handle }
func byCase(id string) string       { return "case:" + id }
func disclosed(record string) string {
	return "disclosed:" + record
}

// consentFile is everything of one organisation that hangs together through
// handles and cases: what consent.Judge decides from, and what it came from.
type consentFile struct {
	consent.File
	org       string
	landlords []string                 // that social services have an agreement with
	withdrawn string                   // day of the last withdrawal
	givings   map[string]*server.State // by id
	notices   map[string]*server.State // by id
	links     map[string]*server.State // the latest of each root
	names     []string                 // that were followed, in order
	roots     map[string]bool
	handles   map[string]string // root, the handle that it came under
	same      map[string]string // handle, the first one of the same landlord's case
	homes     map[string]bool   // landlords' cases whose handles are followed, org/id
}

// gatherOf gathers what hangs together with a giving or a withdrawal.
func gatherOf(f casework.Facts, record *server.State) (*consentFile, error) {
	return gather(f, record.Org, byHandle(text(record.Fields["handle"].Value)), byCase(text(record.Fields["case"].Value)))
}

// gather follows the names until nothing new is found.
func gather(f casework.Facts, org string, names ...string) (*consentFile, error) {
	c := &consentFile{org: org, givings: map[string]*server.State{}, notices: map[string]*server.State{},
		links: map[string]*server.State{}, roots: map[string]bool{}, handles: map[string]string{}, same: map[string]string{}, homes: map[string]bool{}}
	var err error
	if c.landlords, err = landlordsOf(f, org); err != nil {
		return nil, err
	}
	c.follow(names...)
	for i := 0; i < len(c.names); i++ {
		if err := c.alike(f, c.names[i]); err != nil {
			return nil, err
		}
		found, err := f.Handles(org, c.names[i])
		if err != nil {
			return nil, err
		}
		for _, h := range found {
			if c.roots[h.Root] {
				continue
			}
			c.roots[h.Root] = true
			records, err := f.RecordsOf(org, h.Root, "")
			if err != nil {
				return nil, err
			}
			c.take(records)
		}
		if handle, is := strings.CutPrefix(c.names[i], byHandle("")); is {
			for _, h := range found {
				c.join(handle, c.handles[h.Root])
			}
		}
	}
	for i := range c.Givings {
		c.Givings[i].Handle = c.first(c.Givings[i].Handle)
	}
	for i := range c.Closings {
		c.Closings[i].Handle = c.first(c.Closings[i].Handle)
	}
	return c, nil
}

// alike follows the other handles of the landlord's case that a handle is of.
func (c *consentFile) alike(f casework.Facts, name string) error {
	for _, landlord := range c.landlords {
		homes, err := f.Handles(landlord, name)
		if err != nil {
			return err
		}
		for _, home := range homes {
			key := landlord + "/" + home.Record
			if c.homes[key] {
				continue
			}
			c.homes[key] = true
			handles, err := handlesOf(f, landlord, home.Root, home.Record)
			if err != nil {
				return err
			}
			for _, handle := range handles {
				c.join(handles[0], handle)
			}
		}
	}
	return nil
}

// keepAlike writes at social services that what they have goes by another handle of the
// same landlord's case as well: the landlord's own file, which says so, may be erased first.
func (w *work) keepAlike(c *consentFile) error {
	for _, root := range slices.Sorted(maps.Keys(c.handles)) {
		for _, other := range slices.Compact(slices.Sorted(maps.Values(c.handles))) {
			own := c.handles[root]
			if own == "" || other == "" || own == other || c.first(own) != c.first(other) {
				continue
			}
			if err := w.f.PutHandle(casework.Handle{Org: c.org, Handle: byHandle(other), Root: root, Record: root}); err != nil {
				return err
			}
		}
	}
	return nil
}

// handlesOf lists the opaque names that marks and notices gave a landlord's case, or
// all cases of the household when caseID is "".
func handlesOf(f casework.Facts, landlord, root, caseID string) (handles []string, err error) {
	for _, kind := range []string{"consent_mark", "notice_sent"} {
		naming, err := f.RecordsOf(landlord, root, kind)
		if err != nil {
			return nil, err
		}
		for _, r := range naming {
			handle := text(r.Fields["handle"].Value)
			if handle != "" && !has(handles, handle) && (caseID == "" || text(r.Fields["case"].Value) == caseID) {
				handles = append(handles, handle)
			}
		}
	}
	return handles, nil
}

// join makes one of two handles that are of the same landlord's case.
func (c *consentFile) join(handle, other string) {
	first, second := c.first(handle), c.first(other)
	if first == second || other == "" {
		return
	}
	for each, of := range c.same {
		if of == second {
			c.same[each] = first
		}
	}
	c.same[second] = first
	c.follow(byHandle(handle), byHandle(other))
}

// first is the handle under which all of the landlord's case is judged.
func (c *consentFile) first(handle string) string {
	if first := c.same[handle]; first != "" {
		return first
	}
	return handle
}

// linkedUnder lists the cases that what goes by the handle, or by another one of the
// same landlord's case, is linked to.
func (c *consentFile) linkedUnder(handle string) (cases []string) {
	for root, link := range c.links {
		paper := c.givings[root]
		if paper == nil {
			paper = c.notices[root]
		}
		if handle != "" && paper != nil && c.first(text(paper.Fields["handle"].Value)) == c.first(handle) {
			cases = append(cases, text(link.Fields["case"].Value))
		}
	}
	return cases
}

// landlordsOf are those that social services have an agreement with.
func landlordsOf(f casework.Facts, org string) ([]string, error) {
	agreements, err := f.RecordsOfKind(org, "agreement")
	var landlords []string
	for _, agreement := range agreements {
		if id := text(agreement.Fields["landlord_org"].Value); id != "" && id != org && !slices.Contains(landlords, id) {
			landlords = append(landlords, id)
		}
	}
	return landlords, err
}

// follow adds names that were not there.
func (c *consentFile) follow(names ...string) {
	for _, name := range names {
		if name != byHandle("") && name != byCase("") && !slices.Contains(c.names, name) {
			c.names = append(c.names, name)
		}
	}
}

// take reads the records of one root.
func (c *consentFile) take(records []*server.State) {
	var giving *server.State
	var signers []consent.Signer
	for _, r := range records {
		value := func(field string) string { return text(r.Fields[field].Value) }
		if r.ID == r.Root {
			c.handles[r.Root] = value("handle")
		}
		switch r.Kind {
		case "giving":
			giving = r
		case "signature":
			signers = append(signers, consent.Signer{ID: r.ID})
		case "confirmation":
			c.Confirmations = append(c.Confirmations, consent.Confirmation{Giving: r.Root})
		case "withdrawal":
			c.Closings = append(c.Closings, consent.Closing{ID: r.ID, Order: orderOf(r), Handle: value("handle"),
				Case: value("case"), Signature: value("signature"), Person: value("person")})
			c.withdrawn = max(c.withdrawn, casework.DayOf(number(r.Fields["at"].Value)))
			c.follow(byHandle(value("handle")), byCase(value("case")))
		case "notice_in":
			c.notices[r.ID] = r
			c.follow(byHandle(value("handle")))
		case "case_link":
			if old := c.links[r.Root]; old == nil || orderOf(old) < orderOf(r) {
				c.links[r.Root] = r
			}
			c.follow(byCase(value("case")))
		}
	}
	if giving != nil {
		c.takeGiving(giving, signers)
	}
}

func (c *consentFile) takeGiving(giving *server.State, signers []consent.Signer) {
	value := func(field string) string { return text(giving.Fields[field].Value) }
	c.givings[giving.ID] = giving
	c.follow(byHandle(value("handle")))
	g := consent.Giving{
		ID: giving.ID, Order: orderOf(giving), Answer: consent.Answer(value("answer")), Handle: value("handle"),
		Org: value("landlord_org"), Partners: texts(giving.Fields["partners"].Value), Day: value("day"),
		Until: value("valid_until"), Knew: value("knew_withdrawal"), Signers: signers,
	}
	if note := object[casework.Evidence](giving.Fields["evidence"].Value); note != nil {
		g.Signers = slices.DeleteFunc(g.Signers, func(s consent.Signer) bool { return !has(note.Signatures, s.ID) }) // came later: not under this
	}
	for _, wrong := range texts(giving.Fields["wrong"].Value) {
		g.Wrong = append(g.Wrong, consent.Reason(wrong))
	}
	if link := c.links[giving.ID]; link != nil {
		g.Case = text(link.Fields["case"].Value)
		if people := object[[]casework.LinkedSigner](link.Fields["people"].Value); people != nil {
			for i := range g.Signers {
				g.Signers[i].Person = personOf(*people, g.Signers[i].ID)
			}
		}
	}
	c.Givings = append(c.Givings, g)
}

func personOf(people []casework.LinkedSigner, signature string) string {
	for _, each := range people {
		if each.Signature == signature {
			return each.Person
		}
	}
	return ""
}

func orderOf(r *server.State) int64 { return number(r.Fields["order"].Value) }

// nextOrder is the next place in an organisation's order of consents.
func (w *work) nextOrder(org string) (int64, error) { return w.f.NextNumber("consents of " + org) }
