package office

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"

	"bokvar/internal/access"
	"bokvar/internal/casework"
	"bokvar/internal/method"
	"bokvar/sync/server"
)

// Monthly is the list that a landlord and social services go through at their monthly
// meeting, as one of them may see it: for each agreement the notices of the month by
// name, for they have a ground, and those without one as numbers.
type Monthly struct {
	Month string        `json:"month"` // "2026-11"
	Lists []MonthlyList `json:"lists"` // one for each agreement
}

// MonthlyList is what one landlord has told one unit of social services.
type MonthlyList struct {
	Other   string          `json:"other"` // name of the other organisation
	Unit    string          `json:"unit"`  // name of social services' unit
	Notices []MonthlyNotice `json:"notices"`
	// Without is of the month that is running; nil of an earlier one: numbers are of
	// today and are not kept.
	Without *MonthlyCounts `json:"without"`
}

// MonthlyNotice is a notice with the fields of it that access.md lets the reader see.
type MonthlyNotice struct {
	Record string                     `json:"record"`
	Root   string                     `json:"root"`
	Fields map[string]json.RawMessage `json:"fields"`
}

// MonthlyCounts is how many open cases with unpaid rent no notice was sent of, by the
// step of the month that they have reached. nil is kept back: see access.Few.
type MonthlyCounts struct {
	Least int           `json:"least"`
	Total *int          `json:"total"`
	Steps []MonthlyStep `json:"steps"`
}

// MonthlyStep is a step of the month with its number.
type MonthlyStep struct {
	ID    string      `json:"id"`
	Title method.Text `json:"title"`
	Count *int        `json:"count"`
}

// shownOfNotice are the fields of a notice that the list shows, where access.md lets the
// reader see them.
var shownOfNotice = []string{"reason", "ground", "capital", "costs", "tenants", "address", "children", "signed", "received", "at", "case"}

// MonthlyOf makes the list of a month for a member of either side. Both sides get the
// same numbers, those that may cross: so a landlord's people see what they tell. Ask
// access.md's row monthly before. What it is made of is read once, however many
// agreements there are.
func (o *Office) MonthlyOf(f casework.Facts, m *casework.Member, month string) (Monthly, error) {
	list := Monthly{Month: month, Lists: []MonthlyList{}}
	agreements, err := f.RecordsOfKind(m.Org, "agreement")
	if err != nil {
		return list, err
	}
	slices.SortFunc(agreements, func(a, b *server.State) int { return strings.Compare(a.ID, b.ID) })
	notices, err := noticesOf(f, m.Org, month)
	if err != nil {
		return list, err
	}
	least, running := o.access.Counted("monthly", m.Role), month == o.today()[:len(month)]
	owing := map[string]*owingCases{} // of each landlord
	for _, a := range agreements {
		landlord, social, unit := text(a.Fields["landlord_org"].Value), text(a.Fields["social_org"].Value), text(a.Fields["unit"].Value)
		one := MonthlyList{Other: text(a.Fields["social_name"].Value), Unit: text(a.Fields["unit_name"].Value)}
		other := social
		if m.Org == landlord {
			least = o.access.LeastCounted("monthly")
		} else {
			if m.Org != social || !m.WorksIn(unit) {
				continue
			}
			one.Other, other = text(a.Fields["landlord_name"].Value), landlord
		}
		if one.Notices, err = o.shownNotices(f, m, notices[noticeEnd{other, unit}]); err != nil {
			return list, err
		}
		if least > 0 && running {
			if owing[landlord] == nil {
				if owing[landlord], err = o.owingOf(f, landlord); err != nil {
					return list, err
				}
			}
			one.Without = o.withoutNotice(owing[landlord], social, least)
		}
		list.Lists = append(list.Lists, one)
	}
	return list, nil
}

// noticeEnd is the other organisation of a notice, and the unit of social services.
type noticeEnd struct{ org, unit string }

// noticesOf lists an organisation's notices of a month, the earliest first: a landlord's
// as they were sent, social services' as they came.
func noticesOf(f casework.Facts, org, month string) (map[noticeEnd][]*server.State, error) {
	out := map[noticeEnd][]*server.State{}
	for _, each := range []struct{ kind, other, at string }{{"notice_sent", "social_org", "at"}, {"notice_in", "from_org", "received"}} {
		records, err := f.RecordsOfKind(org, each.kind)
		if err != nil {
			return nil, err
		}
		slices.SortFunc(records, func(a, b *server.State) int {
			return cmp.Or(cmp.Compare(number(a.Fields[each.at].Value), number(b.Fields[each.at].Value)), strings.Compare(a.ID, b.ID))
		})
		for _, r := range records {
			if casework.DayOf(number(r.Fields[each.at].Value))[:len(month)] == month {
				end := noticeEnd{text(r.Fields[each.other].Value), text(r.Fields["unit"].Value)}
				out[end] = append(out[end], r)
			}
		}
	}
	return out, nil
}

// shownNotices are the notices as the member may see them.
func (o *Office) shownNotices(f casework.Facts, m *casework.Member, notices []*server.State) ([]MonthlyNotice, error) {
	out := []MonthlyNotice{}
	for _, r := range notices {
		seen, err := o.See(f, m.ID, r)
		if err != nil {
			return nil, err
		}
		if !seen.Visible {
			continue
		}
		notice := MonthlyNotice{Record: r.ID, Root: r.Root, Fields: map[string]json.RawMessage{}}
		for _, name := range shownOfNotice {
			if value, may := seen.Fields[name]; may && !casework.IsNull(value) {
				notice.Fields[name] = value
			}
		}
		out = append(out, notice)
	}
	return out, nil
}

// owingCases are a landlord's open cases with unpaid rent.
type owingCases struct {
	reached map[string]int             // case, the step of the month
	told    map[string]map[string]bool // social services, the cases that they got a notice of
}

func (o *Office) owingOf(f casework.Facts, landlord string) (*owingCases, error) {
	reached, err := o.stages(f, landlord)
	if err != nil {
		return nil, err
	}
	sent, err := f.RecordsOfKind(landlord, "notice_sent")
	if err != nil {
		return nil, err
	}
	told := map[string]map[string]bool{}
	for _, n := range sent {
		social := text(n.Fields["social_org"].Value)
		if told[social] == nil {
			told[social] = map[string]bool{}
		}
		told[social][text(n.Fields["case"].Value)] = true
	}
	return &owingCases{reached, told}, nil
}

// withoutNotice counts those of which social services got no notice, as it may be told
// to them.
func (o *Office) withoutNotice(owing *owingCases, social string, least int) *MonthlyCounts {
	parts := make([]int, len(o.profile.Steps))
	for id, step := range owing.reached {
		if !owing.told[social][id] {
			parts[step]++
		}
	}
	counts := access.Few(parts, least)
	out := &MonthlyCounts{Least: least, Total: counts.Total, Steps: []MonthlyStep{}}
	for i, step := range o.profile.Steps {
		out.Steps = append(out.Steps, MonthlyStep{step.ID, step.Title, counts.Parts[i]})
	}
	return out
}

// stages says which step of the month each open case of an organisation with unpaid rent
// has reached, by the rent that is oldest; one that has reached none is left out.
func (o *Office) stages(f casework.Facts, org string) (map[string]int, error) {
	cases, err := f.RecordsOfKind(org, "case")
	if err != nil {
		return nil, err
	}
	oldest, err := oldestDues(f, org)
	if err != nil {
		return nil, err
	}
	out := map[string]int{}
	for _, c := range cases {
		reached := o.profile.Stage(oldest[c.ID], o.today())
		if text(c.Fields["status"].Value) != "open" || reached == nil {
			continue
		}
		out[c.ID] = slices.IndexFunc(o.profile.Steps, func(s method.Step) bool { return s.ID == reached.ID })
	}
	return out, nil
}

// oldestDues is the day on which the oldest unpaid rent of each case fell due.
func oldestDues(f casework.Facts, org string) (map[string]string, error) {
	claims, err := f.RecordsOfKind(org, "claim")
	if err != nil {
		return nil, err
	}
	oldest := map[string]string{}
	for _, claim := range claims {
		of, due := text(claim.Fields["case"].Value), text(claim.Fields["due"].Value)
		if text(claim.Fields["state"].Value) == "open" && due != "" && (oldest[of] == "" || due < oldest[of]) {
			oldest[of] = due
		}
	}
	return oldest, nil
}
