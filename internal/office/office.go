// Package office applies the domain to every commit: it is the sync engine's
// [server.Policy]. It judges what comes in (casework and access), works out what
// follows from it (method: derived fields, visits that are not needed any more,
// alarms), and says who carries what.
//
// # Inside and outside the transaction
//
// [Office.Admit], [Office.Follow], [Office.Audience], [Office.Project] and
// [Office.Viewer] run inside the engine's transaction, which must also be a
// [casework.Facts]. Nothing is cached between calls. What a commit shifts from
// one device's scope to another is gathered in the transaction, and settled
// after it by [Office.AfterCommit]; should the program die in between, the next
// hello does it (see [Office.Rescope]).
//
// # What this is not
//
// It knows no SQL, no socket and no clock of its own, and it does not decide who
// wins: that is rules.md.
package office

import (
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"bokvar/internal/access"
	"bokvar/internal/casework"
	"bokvar/internal/method"
	"bokvar/sync/server"
)

// Lease is how long after somebody's access ended the work that they wrote before
// they were told is still taken in. It is not shown to them again. What comes
// later is put into the lost-and-found of their own organisation.
const Lease = 14 * 24 * time.Hour

// AfterOutcome is how long those named on a contact read it after its outcome.
const AfterOutcome = 7 * 24 * time.Hour

// Office is the policy of one server. It is safe for use by several goroutines.
type Office struct {
	access  *access.Table
	profile *method.Profile
	clock   func() time.Time

	// Signed says whether the person's device signed a message; nil: nobody knows.
	// Set it before the first commit.
	Signed func(person, device string, message, signature []byte) (bool, error)

	// Blocked says whether the person's device is blocked; nil: none is. Set it, too,
	// before the first commit.
	Blocked func(person, device string) (bool, error)

	reach atomic.Pointer[reach] // of today

	mu      sync.Mutex
	shifted map[shift]bool    // scopes that a commit moved and that wait for AfterCommit
	days    map[string]string // the scope day of those persons before it

	shrank  atomic.Bool  // a room may have been shut whose people wait to be told
	telling atomic.Int32 // how many tell them just now
}

var _ server.Policy = (*Office)(nil)

// now is ms since 1970.
func (o *Office) now() int64 { return o.clock().UnixMilli() }

// today is the calendar day in casework.Zone.
func (o *Office) today() string { return casework.DayOf(o.now()) }

// Access is the table of who sees what.
func (o *Office) Access() *access.Table { return o.access }

// Profile is the method that priorities are worked out by.
func (o *Office) Profile() *method.Profile { return o.profile }

// facts asks of a transaction what the domain needs. A store that cannot answer
// is wired wrongly.
func facts(tx server.Tx) (casework.Facts, error) {
	if f, ok := tx.(casework.Facts); ok {
		return f, nil
	}
	return nil, fmt.Errorf("office: the store's transaction %T lacks the domain's facts", tx)
}
