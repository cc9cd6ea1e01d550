package office

import (
	"slices"

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
	org     string
	givings map[string]*server.State // by id
	notices map[string]*server.State // by id
	links   map[string]*server.State // the latest of each root
	names   []string                 // that were followed, in order
	roots   map[string]bool
}

// gather follows the names until nothing new is found.
func gather(f casework.Facts, org string, names ...string) (*consentFile, error) {
	c := &consentFile{org: org, givings: map[string]*server.State{}, notices: map[string]*server.State{},
		links: map[string]*server.State{}, roots: map[string]bool{}}
	c.follow(names...)
	for i := 0; i < len(c.names); i++ {
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
	}
	return c, nil
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
