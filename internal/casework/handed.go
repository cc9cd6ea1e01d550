package casework

// Handed is a part of what a device handed in that could not send it itself. Its
// content lies under a key of its own, which lies under the rescue key of Org.
type Handed struct {
	Person, Device string // the author
	Home           string // their organisation
	ID             string // of the commit, or of the picture's record
	Org            string // whose rescue key opens it
	Number         int    // of that rescue key
	Part, Parts    int    // from 0; 1 for a commit
	Received       int64  // ms

	Head   string `json:"head"`   // JSON, in clear on the device; bound to both seals
	Wrap   []byte `json:"wrap"`   // the key of the content, under the rescue key
	Sealed []byte `json:"sealed"` // the content, or a part of it
}

// HandedStore keeps what was handed in until two people of the organisation open it,
// or it turns out to have come by itself.
type HandedStore interface {
	// PutHanded keeps parts. One that is there already stays as it is. What the server
	// has as a commit is not kept, and answered.
	PutHanded(parts []Handed) (known []string, err error)
	// HandedSize is how much lies there of a device, in bytes.
	HandedSize(person, device string) (int64, error)
	// TidyHanded drops what has come by itself meanwhile.
	TidyHanded(org string) error
	// HandedTo lists what an organisation's rescue key opens, without its content, in
	// the order of receipt; each part is one of them.
	HandedTo(org string) ([]Handed, error)
	// FindHanded reads all parts with their content; nil when there is none.
	FindHanded(org, person, device, id string) ([]Handed, error)
	DropHanded(org, person, device, id string) error
}
