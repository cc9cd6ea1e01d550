package office

import (
	"bokvar/internal/access"
	"bokvar/internal/casework"
	"bokvar/sync/server"
)

// Fetches says whether the person may fetch what a protected identity closes in a
// file of their organisation. One that is not there and one that is not theirs are
// one answer.
func (o *Office) Fetches(f casework.Facts, m *casework.Member, root string) (bool, error) {
	s, err := readStanding(f, m.Org, root)
	if err != nil || !m.Active || root == "" || len(s.units) == 0 {
		return false, err
	}
	return o.access.Fetches(s.reader(m, link{}, activeAt(o.now())), m.Org), nil
}

// Fetch answers what a protected identity closes in a record, as the person may
// read it: those fields and no others. Ask Fetches first, and write down why.
func (o *Office) Fetch(f casework.Facts, m *casework.Member, record *server.State) (server.Projection, error) {
	s, err := readStanding(f, record.Org, record.Root)
	if err != nil || m.Org != record.Org {
		return server.Projection{}, err
	}
	l, err := linkOf(f, record)
	if err != nil {
		return server.Projection{}, err
	}
	v := s.reader(m, l, activeAt(o.now()))
	if !o.access.Fetches(v, record.Org) {
		return server.Projection{}, nil
	}
	return o.behind(v, record), nil
}

// behind is what a viewer sees who fetches, without what they see anyway.
func (o *Office) behind(v access.Viewer, record *server.State) server.Projection {
	shown := o.access.Project(v, record)
	v.Fetching = true
	all := o.access.Project(v, record)
	for name, value := range shown.Fields {
		if string(all.Fields[name]) == string(value) {
			delete(all.Fields, name)
		}
	}
	all.Visible = len(all.Fields) > 0
	return all
}
