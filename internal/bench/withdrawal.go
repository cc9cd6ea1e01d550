package bench

import (
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"bokvar/internal/casework"
	"bokvar/sync/wire"
)

// w10 are the towns of W10: many people and something shared with them, then a few and
// very much: how long a withdrawal takes must not hang on how much it closes. Both at
// once are twenty million rows of inboxes; that is measured when it is asked for
// (Config.Largest), with the inbox of one person copied to all.
var w10 = []struct{ people, entries int }{{2000, 100}, {20, 10_000}}

var w10Largest = struct{ people, entries int }{2000, 10_000}

const w10Rooms = 3 // one withdrawal each

var socialServices = casework.Organisation{ID: "bench-social", Name: "Provsocialtjänsten", Kind: casework.SocialServices}

// W10: people are online in the landlord's unit, entries are shared with them through
// three rooms, and the consents are withdrawn one by one. How long until the receipt,
// and until the last device has been told to drop what it has. What follows for each
// of those people (their screens say that the room is closed, entries leave) is told
// after the receipt, and may be under way while the next one is withdrawn.
func withdrawal(c Config, s *sample) error {
	most := slices.Max(c.Records) // fewer only when fewer are asked for
	towns := w10
	if c.Largest {
		towns = append(slices.Clone(w10), w10Largest)
	}
	for _, town := range towns {
		devices, entries := min(town.people, most), min(town.entries, most)
		if err := withdrawn(c, s, devices, entries, fmt.Sprintf("%d people online, %d entries: ", devices, entries)); err != nil {
			return err
		}
	}
	return nil
}

func withdrawn(c Config, s *sample, devices, entries int, label string) error {
	var cookies, worker []string
	var rooms []sharedFile
	var at []Place
	r, done, err := prepared(c, func(seed Seeder) (err error) {
		if err := seed.Agree(organisation, socialServices, "social"); err != nil {
			return err
		}
		carry := devices // as many get what is shared row by row
		if devices*entries > 1<<20 {
			carry = 1
		}
		if cookies, err = people(seed, "coordinator", carry, casework.Coordinator, "unit"); err != nil {
			return err
		}
		if worker, err = peopleOf(seed, socialServices.ID, "worker", 1, casework.SocialWorker, "social"); err != nil {
			return err
		}
		for range w10Rooms {
			f, err := newSharedFile(seed)
			if err != nil {
				return err
			}
			if err := f.share(seed, entries/w10Rooms); err != nil {
				return err
			}
			rooms = append(rooms, f)
			c.Note(fmt.Sprintf("  %d entries are shared with %d people", len(rooms)*(entries/w10Rooms), devices))
		}
		if carry < devices {
			if cookies, err = people(seed, "coordinator", devices, casework.Coordinator, "unit"); err != nil {
				return err
			}
			var others []string
			for i := carry; i < devices; i++ {
				others = append(others, fmt.Sprintf("coordinator-%d", i))
			}
			c.Note(fmt.Sprintf("  what coordinator-0 carries is copied to %d more", len(others)))
			if err := seed.Carry("coordinator-0"); err != nil { // for today
				return err
			}
			if err := seed.CopyInbox("coordinator-0", others); err != nil {
				return err
			}
		}
		for i := range devices {
			place, err := seed.Place(fmt.Sprintf("coordinator-%d", i))
			if err != nil {
				return err
			}
			at = append(at, place)
		}
		return nil
	})
	if err != nil {
		return err
	}
	defer done()

	told := make(chan time.Time, devices*w10Rooms)
	for i, cookie := range cookies {
		person := fmt.Sprintf("coordinator-%d", i)
		cl, err := Dial(r.addr, person, cookie, false)
		if err != nil {
			return fmt.Errorf("device %d: %w", i, err)
		}
		defer cl.Close()
		w, err := cl.Hello(at[i].Cursor, at[i].Generation)
		if err == nil {
			_, err = cl.CatchUp(w)
		}
		if err != nil {
			return fmt.Errorf("device %d: %w", i, err)
		}
		go noteShut(cl, told)
	}
	w, err := caughtUp(r.addr, "worker-0", worker[0])
	if err != nil {
		return err
	}
	defer w.Close()
	for _, room := range rooms {
		used, err := r.cpu()
		if err != nil {
			return err
		}
		began := time.Now()
		took, err := w.Push("withdrawal", uuid.NewString(), map[string]any{"unit": "social", "case": room.social.case_, "how": "phone", "at": time.Now().UnixMilli()})
		if err != nil {
			return err
		}
		each := make([]time.Duration, 0, devices)
		for range devices {
			select {
			case when := <-told:
				each = append(each, when.Sub(began))
			case <-time.After(time.Minute):
				return fmt.Errorf("after a minute only %d of %d devices are told", len(each), devices)
			}
		}
		slices.Sort(each)
		after, err := r.cpu()
		if err != nil {
			return err
		}
		s.add(label+"receipt", "ms", float64(took.Microseconds())/1000)
		s.add(label+"a device is told, p50", "ms", quantile(each, .5))
		s.add(label+"the last device is told", "ms", quantile(each, 1))
		s.add(label+"server's processor time until then", "ms", float64((after - used).Milliseconds()))
	}
	return nil
}

// noteShut says when a device is told that a room is shut, until its socket ends.
func noteShut(cl *Client, told chan<- time.Time) {
	for {
		m, err := cl.Next()
		if err != nil {
			return
		}
		if m.Type == wire.TypeShut {
			told <- time.Now()
		}
	}
}

// sharedFile is a household of which both have a file, with a consent between them.
type sharedFile struct{ landlord, social file }

// newSharedFile makes one: each its file, a consent, and the link to social services' case.
func newSharedFile(seed Seeder) (f sharedFile, err error) {
	f = sharedFile{newFile(), newFile()}
	handle, giving, signature, tenant := uuid.NewString(), uuid.NewString(), uuid.NewString(), uuid.NewString()
	if err = seed.Write(org, "", f.landlord.changes("unit")); err != nil {
		return f, err
	}
	if err = seed.Write(socialServices.ID, "", append(f.social.changes("social"),
		casework.HouseChange{Kind: "person", Record: tenant, Fields: map[string]any{"household": f.social.household, "name": "Prov Person", "position": "tenant"}})); err != nil {
		return f, err
	}
	day := casework.DayOf(time.Now().UnixMilli())
	wording, err := seed.Wording(socialServices.ID)
	if err != nil {
		return f, err
	}
	for _, write := range []struct {
		org     string
		changes []casework.HouseChange
	}{
		{org, []casework.HouseChange{{Kind: "consent_mark", Record: uuid.NewString(), Fields: map[string]any{"household": f.landlord.household, "case": f.landlord.case_,
			"answer": "given", "handle": handle, "at": 1, "by": "coordinator-0"}}}},
		{socialServices.ID, []casework.HouseChange{
			{Kind: "giving", Record: giving, Fields: map[string]any{"unit": "social", "handle": handle, "landlord_org": org, "answer": "given", "partners": []string{"landlord"},
				"wording": wording, "day": day, "witness": "Prov"}},
			{Kind: "signature", Record: signature, Fields: map[string]any{"giving": giving, "how": "oral", "name": "Prov Person", "at": 1}}}},
		{socialServices.ID, []casework.HouseChange{{Kind: "case_link", Record: uuid.NewString(), Fields: map[string]any{"of": giving, "case": f.social.case_, "at": 1, "by": "worker-0",
			"people": []casework.LinkedSigner{{Signature: signature, Person: tenant}}}}}},
	} {
		if err = seed.Write(write.org, "", write.changes); err != nil {
			return f, err
		}
	}
	return f, nil
}

// share has social services share so many entries.
func (f sharedFile) share(seed Seeder, entries int) error {
	const perWrite = 50 // and a row for each person
	for done := 0; done < entries; done += perWrite {
		var batch []casework.HouseChange
		for range min(perWrite, entries-done) {
			batch = append(batch, casework.HouseChange{Kind: "message", Record: uuid.NewString(), Fields: map[string]any{"household": f.social.household, "case": f.social.case_,
				"by": "worker-0", "signed": "Prov", "at": 1, "about": "message", "text": sentence, "shared_with": org}})
		}
		if err := seed.Write(socialServices.ID, "", batch); err != nil {
			return err
		}
	}
	return nil
}
