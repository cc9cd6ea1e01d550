package office

import (
	"bokvar/internal/casework"
	"bokvar/internal/method"
	"bokvar/sync/server"
)

// sent makes the receiving unit's own copy of a notice, which nobody changes, and
// the room that its thread is in.
func (w *work) sent(c server.Changed) error {
	if c.Before != nil {
		return nil
	}
	notice := c.After
	from, err := w.f.Organisation(notice.Org)
	if err != nil || from == nil {
		return err
	}
	fields := map[string]any{"from_org": from.ID, "from_name": from.Name, "received": w.now}
	for _, name := range []string{"unit", "handle", "reason", "ground", "ground_text", "capital", "costs", "payment", "tenants", "address", "children", "signed"} {
		if value := notice.Fields[name].Value; !casework.IsNull(value) {
			fields[name] = value
		}
	}
	social, id := text(notice.Fields["social_org"].Value), derivedID("notice", notice.Org+"/"+notice.ID)
	if err := w.set(social, "notice_in", id, nil, fields); err != nil {
		return err
	}
	if err := w.f.PutRootUnit(casework.RootUnit{Org: social, Root: id, Record: id, Unit: text(notice.Fields["unit"].Value)}); err != nil {
		return err
	}
	name := byHandle(text(notice.Fields["handle"].Value))
	if err := w.f.PutHandle(casework.Handle{Org: social, Handle: name, Root: id, Record: id}); err != nil {
		return err
	}
	return w.named(notice)
}

// disclosure keeps that one record is told, and shows it to those it is told to:
// they see on it that it was, and since when.
func (w *work) disclosure(c server.Changed) error {
	if c.Before != nil {
		return nil
	}
	id := text(c.After.Fields["record"].Value)
	err := w.f.PutHandle(casework.Handle{Org: c.After.Org, Handle: disclosed(id), Root: c.After.Root, Record: c.After.ID})
	if err != nil {
		return err
	}
	record, err := w.f.Record(c.After.Org, id)
	if err != nil {
		return err
	}
	if casework.IsNull(record.Fields["disclosed"].Value) {
		if err := w.set(record.Org, record.Kind, record.ID, record, map[string]any{"disclosed": w.now}); err != nil {
			return err
		}
	}
	return w.stirRoot(c.After.Org, c.After.Root)
}

// adults shuts what a consent opened by the adults of a household, when there is
// one more or one fewer.
func (w *work) adults(c server.Changed) error {
	if !differs(c, "position") && c.Before != nil {
		return nil
	}
	rooms, err := w.f.Rooms(c.After.Org, c.After.Root)
	if err != nil {
		return err
	}
	for _, room := range rooms {
		if room.Social.Org != c.After.Org || len(w.cover(&room).People) == 0 {
			continue
		}
		if err := w.shut(room); err != nil {
			return err
		}
	}
	return nil
}

// stirRoot has what is shared through the root's rooms announced anew.
func (w *work) stirRoot(org, root string) error {
	rooms, err := w.f.Rooms(org, root)
	if err != nil {
		return err
	}
	for _, room := range rooms {
		if err := w.stir(room); err != nil {
			return err
		}
	}
	return nil
}

// secrecy writes how the organisation's secrecy opens, now that two of its
// people decided it, and shuts every room where that is less than before: those with a
// notice, in whose thread it counts.
func (w *work) secrecy(c server.Changed) error {
	approval := c.After
	change, err := w.f.Record(approval.Org, text(approval.Fields["change"].Value))
	if err != nil || c.Before != nil || change == nil || change.Kind != "secrecy_change" {
		return err
	}
	was, err := secrecyOf(w.f, approval.Org)
	if err != nil {
		return err
	}
	record, err := w.f.Record(approval.Org, secrecyID)
	if err != nil {
		return err
	}
	how := text(change.Fields["how"].Value)
	err = w.set(approval.Org, "secrecy", secrecyID, record, map[string]any{
		"how": how, "since": w.now,
		"people": []string{text(change.Fields["by"].Value), text(approval.Fields["by"].Value)},
	})
	if err != nil || how == was {
		return err
	}
	rooms, err := w.f.Rooms(approval.Org, "")
	if err != nil {
		return err
	}
	for _, room := range rooms {
		if !room.Notice || w.profile.Closes(method.AfterNoticeWord, room.Notice) {
			continue // it moves nothing there
		}
		tell := w.stir
		if how == "consent" {
			tell = w.shut
		}
		if err := tell(room); err != nil {
			return err
		}
	}
	return nil
}
