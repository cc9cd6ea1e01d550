package sqlite

import "bokvar/sync/server"

// Leavings lists rows that left, beyond after and not beyond upTo, in order.
func (tx *Tx) Leavings(person string, after, upTo int64) ([]server.InboxRow, error) {
	return tx.inboxRows(tx.c.leavings, person, after, upTo)
}

// LastRemoval is the highest Seq of the device's removals, 0 when it has none.
func (tx *Tx) LastRemoval(person, device string) (seq int64, err error) {
	_, err = tx.one(tx.c.lastRemoval, func(r row) { seq = r.num(0) }, person, device)
	return seq, err
}

// PutRemoval keeps a removal, in the place of an earlier one of the same record.
func (tx *Tx) PutRemoval(r server.Removal) error {
	return tx.exec(tx.c.putRemoval, r.Person, r.Device, r.Org, r.Record, r.Seq, r.At)
}
