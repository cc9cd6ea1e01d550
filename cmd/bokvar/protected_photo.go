package main

import (
	"bokvar/internal/audit"
	"bokvar/internal/casework"
)

var errNoPicture = &casework.Error{Code: "not_found", Sentence: "Bilden har inte kommit till servern än."}

// protectedPhoto hands out a picture that a protected identity closes, to somebody who
// has just fetched the file that it belongs to. That it was opened is in the log, with
// the fetch's reason, before it leaves.
func (o *core) protectedPhoto(by *casework.Member, device, root, id, reading string) ([]byte, error) {
	err := o.db.Facts(func(f casework.Facts) error {
		if err := o.stillFetched(f, by, root, reading); err != nil {
			return err
		}
		record, err := f.Record(by.Org, id)
		if err != nil {
			return err
		}
		if record == nil || record.Kind != "paper_photo" || record.Root != root {
			return errNoSuchFile
		}
		there, err := o.addFetched(f, by, record, nil)
		if err == nil && there == nil {
			err = errNoSuchFile
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	picture, err := o.db.Photo(by.Org, root, id)
	if err == nil && picture == nil {
		err = errNoPicture
	}
	if err != nil {
		return nil, err
	}
	return picture, o.db.Audit(audit.Entry{At: o.clock().UnixMilli(), Person: by.ID, Device: device,
		Action: audit.ReadProtected, Org: by.Org, Root: root, What: ofReading(reading, "photo")})
}
