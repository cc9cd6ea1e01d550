package account

import (
	"sync"

	"bokvar/internal/casework"
)

// contacts are what devices told since the last write. Thousands of phones wake up
// in the same minute of a morning: none of them waits for the disk.
type contacts struct {
	mu    sync.Mutex
	noted map[[2]string]casework.Contact // by person and device
}

func (c *contacts) note(contact casework.Contact) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.noted == nil {
		c.noted = map[[2]string]casework.Contact{}
	}
	c.noted[[2]string{contact.Person, contact.Device}] = contact
}

func (c *contacts) take() []casework.Contact {
	c.mu.Lock()
	defer c.mu.Unlock()
	out := make([]casework.Contact, 0, len(c.noted))
	for _, contact := range c.noted {
		out = append(out, contact)
	}
	c.noted = nil
	return out
}

// lay puts what is not written yet over devices as they were read.
func (c *contacts) lay(devices []casework.Device) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for i := range devices {
		d := &devices[i]
		if contact, ok := c.noted[[2]string{d.Person, d.ID}]; ok {
			d.Seen, d.App, d.Unsent = contact.At, contact.App, contact.Unsent
		}
	}
}
