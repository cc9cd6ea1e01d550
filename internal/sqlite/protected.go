package sqlite

// Protected says whether the identity of those whom the root is about is
// protected. They are few, so a transaction reads all of them at once.
func (tx *Tx) Protected(org, root string) (bool, error) {
	if tx.guarded == nil {
		all := map[rootKey]bool{}
		if err := tx.c.protected.each(func(r row) { all[rootKey{r.text(0), r.text(1)}] = true }); err != nil {
			return false, err // and nobody is shown anything
		}
		tx.guarded = all
	}
	return tx.guarded[rootKey{org, root}], nil
}

// SetProtected keeps it.
func (tx *Tx) SetProtected(org, root string, is bool) error {
	tx.guarded = nil
	if is {
		return tx.exec(tx.c.putProtected, org, root)
	}
	return tx.exec(tx.c.dropProtected, org, root)
}
