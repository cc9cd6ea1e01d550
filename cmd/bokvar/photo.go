package main

import (
	"bokvar/internal/audit"
	"bokvar/internal/casework"
	"bokvar/internal/photo"
	"bokvar/sync/server"
)

// photoDoor is the pictures as package web knows them. Looking at one is a
// reading of its household's file.
type photoDoor struct {
	service *photo.Service
	core    *core
}

func newPhotoDoor(o *core) photoDoor {
	return photoDoor{core: o, service: &photo.Service{
		Photos: o.db, Partners: o.collectsFor,
		Record: func(org, id string) (record *server.State, err error) {
			err = o.db.Read(func(tx server.Tx) error {
				record, err = tx.Record(org, id)
				return err
			})
			return record, err
		},
		Sees: func(person string, record *server.State) (visible bool, err error) {
			err = o.db.Facts(func(f casework.Facts) error {
				seen, err := o.office.See(f, person, record)
				visible = seen.Visible
				return err
			})
			return visible, err
		},
	}}
}

func (d photoDoor) Ask(by *casework.Member, id string) (any, error) { return d.service.Ask(by, id) }

func (d photoDoor) Take(by *casework.Member, id string, n int, part []byte) (any, error) {
	return d.service.Take(by, id, n, part)
}

func (d photoDoor) Show(by *casework.Member, device, id string) ([]byte, error) {
	picture, root, err := d.service.Show(by, id)
	if err != nil {
		return nil, err
	}
	return picture, d.core.wasRead(by, device, audit.Read, root, "photo")
}
