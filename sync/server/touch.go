package server

// touching announces records to people outside any commit.
type touching struct {
	tx      Tx
	policy  Policy
	at      int64 // ms
	notices []notice
}

// Touch runs f inside a transaction. With touch it re-announces a record to a
// person: what they carry of it now (Viewer and Project) decides whether it enters
// the person's inbox, leaves it, or stays as it is. Touch returns when the result is on disk.
// f may run twice when the transaction has to be repeated.
func (e *Engine) Touch(f func(tx Tx, touch func(person, org, record string) error) error) error {
	return e.touch(func(a *touching) error {
		return f(a.tx, func(person, org, record string) error { return a.byView(person, recordKey{org, record}) })
	})
}

// tidy announces rows anew, as the person may see their records now. A row that has
// moved since it was read was tidied for another device of the person.
func (e *Engine) tidy(person string, rows []InboxRow) error {
	return e.touch(func(a *touching) error {
		for _, row := range rows {
			now, err := a.tx.Inbox(person, row.Org, row.Record)
			if err != nil {
				return err
			}
			if now.Seq != row.Seq {
				continue
			}
			if err := a.byView(person, recordKey{row.Org, row.Record}); err != nil {
				return err
			}
		}
		return nil
	})
}

func (e *Engine) touch(f func(*touching) error) error {
	j := newJob()
	j.touch = f
	if err := e.enqueue(j); err != nil {
		return err
	}
	<-j.done
	return j.err
}

// touch does a touch in the turn's transaction.
func (t *turn) touch(j *job) error {
	j.err = nil
	a := touching{tx: t.tx, policy: t.e.policy, at: t.e.clock().UnixMilli()}
	err := t.savepoint(func() error { return j.touch(&a) })
	if err != nil {
		j.err = err
		if isFatal(err) {
			return err
		}
		return nil
	}
	for _, n := range a.notices {
		if err := t.tell(n); err != nil {
			return fatal{err}
		}
	}
	return nil
}

// byView tells a person about a record as they carry it now, or that it left.
func (a *touching) byView(person string, key recordKey) error {
	to, err := a.announcer(key)
	if err != nil || to.now == nil {
		return to.leaveUnless(person, err)
	}
	v, err := a.policy.Viewer(a.tx, person, to.now)
	if err != nil {
		return err
	}
	return to.enter(v)
}

func (a *touching) announcer(key recordKey) (*announcer, error) {
	now, err := a.tx.Record(key.org, key.id)
	return &announcer{tx: a.tx, policy: a.policy, key: key, now: now, at: a.at, wrote: func(n notice) { a.notices = append(a.notices, n) }}, err
}

func (a *announcer) leaveUnless(person string, err error) error {
	if err != nil {
		return err
	}
	return a.leave(person)
}
