package casework

import (
	"errors"
	"time"

	"bokvar/sync/server"
)

// ErrHandleTaken: the short part of a code, by which it is found, is in use; draw another.
var ErrHandleTaken = errors.New("casework: another invitation has this handle")

// Organisation is a landlord, a social-services department, or the operator.
type Organisation struct {
	ID, Name string
	Kind     OrgKind
}

// OrgKind is what an organisation is.
type OrgKind string

const (
	Landlord       OrgKind = "landlord"
	SocialServices OrgKind = "social_services"
	Operator       OrgKind = "operator"
)

// Role is what a person does in their organisation. Each is a column of access.md.
type Role string

const (
	Caretaker       Role = "caretaker"
	Coordinator     Role = "coordinator"
	Collections     Role = "collections"
	LandlordManager Role = "landlord_manager"
	SocialWorker    Role = "social_worker"
	ChildWorker     Role = "child_worker"
	SocialManager   Role = "social_manager"
	Administrator   Role = "administrator"
	SystemOperator  Role = "operator"
)

// Member is an account: one person in one organisation with one role.
type Member struct {
	ID, Org, Name, Title, Phone string
	Role                        Role
	Units                       []string
	Active                      bool
}

// RootUnit says that a unit works with a household (or owns a giving), by the
// record (a case, a giving) that says so.
type RootUnit struct {
	Org, Root, Record, Unit string
	Closed                  int64 // ms; 0 while open
}

// Assignment says that a person is named on a contact.
type Assignment struct {
	Org, Root, Contact, Person string
	Planned                    int64 // ms; 0 when unplanned
	Until                      int64 // ms; 0 while there is no outcome, then 7 days after it
}

// Side is one organisation's end of a room.
type Side struct{ Org, Root, Case string }

// Room ties a landlord's case and social services' case together. Persons are
// never matched across: Cover names those of social services alone.
type Room struct {
	ID               string
	Landlord, Social Side
	Notice           bool      // a notice was sent: its thread is there
	Cover            []Covered // whose own consent opens the case to the landlord
}

// Covered is one person whose consent is in force, and how long.
type Covered struct {
	Person string `json:"person"`
	Day    string `json:"day"`             // on which it was given
	Until  string `json:"until,omitempty"` // the last day; "" until it is withdrawn
}

// Ends are the room as the organisation sees it: its own side and the other one.
func (r *Room) Ends(org string) (own, other Side) {
	if r.Landlord.Org == org {
		return r.Landlord, r.Social
	}
	return r.Social, r.Landlord
}

// UntoldRoom is a room that was shut, and its epoch then.
type UntoldRoom struct {
	Room
	Epoch int64
}

// Handle says that a record goes by an opaque name within its organisation.
type Handle struct{ Org, Handle, Root, Record string }

// Facts is what access and the consequences of a commit are decided from,
// inside the transaction that reads or writes. The store's Tx implements it.
type Facts interface {
	server.Tx

	Members(org string) ([]Member, error)
	Member(id string) (*Member, error) // nil when unknown
	Organisation(id string) (*Organisation, error)

	RootUnits(org, root string) ([]RootUnit, error)
	PutRootUnit(RootUnit) error // replaces the one of the same Org, Root, Record
	Assignments(org, root string) ([]Assignment, error)
	PutAssignments(org, root, contact string, as []Assignment) error // replaces those of the contact

	// Protected says whether the identity of those whom the root is about is protected.
	Protected(org, root string) (bool, error)
	SetProtected(org, root string, is bool) error

	// Rooms lists those that the root is a side of; all of the organisation's when root is "".
	Rooms(org, root string) ([]Room, error)
	PutRoom(Room) error // replaces the one of the same ID
	// RoomsUntold lists the rooms that were shut and whose people have not been told
	// all that follows, with their epochs. RoomTold ends that, unless the room was shut again.
	RoomsUntold() ([]UntoldRoom, error)
	RoomTold(UntoldRoom) error
	Handles(org, handle string) ([]Handle, error)
	PutHandle(Handle) error

	// RecordsOf lists the records of one root; kind "" lists all.
	RecordsOf(org, root, kind string) ([]*server.State, error)
	// IDsOf lists the ids of the records of one root, without opening any.
	IDsOf(org, root string) ([]string, error)
	// IDsOfUnit is IDsOf for all the roots of RootsOfUnit, by root.
	IDsOfUnit(org, unit string, closedAfter int64) (map[string][]string, error)
	// RecordsOfKind lists an organisation's records of one kind.
	RecordsOfKind(org, kind string) ([]*server.State, error)
	// RootsOfUnit lists roots that a unit works with, open or closed after the instant.
	RootsOfUnit(org, unit string, closedAfter int64) ([]string, error)
	// RootsOfPerson lists roots where the person is named on a contact planned
	// between the two instants, or without a plan, and whose Until is not past.
	RootsOfPerson(person string, from, to int64) ([]string, error)
	// RootsNaming lists roots where the person is or was named on a contact.
	RootsNaming(person string) ([]string, error)
	// ScopeDay and SetScopeDay keep for which day a person's device scope was last worked out.
	ScopeDay(person string) (string, error)
	SetScopeDay(person, day string) error
	// InboxRecords names the records that the person carries now: Org and Record alone.
	InboxRecords(person string) ([]server.InboxRow, error)
}

// AccountStore keeps organisations, people, invitations, sessions and devices.
type AccountStore interface {
	DeviceStore

	PutOrganisation(Organisation) error
	Organisations() ([]Organisation, error)
	PutMember(Member) error
	AllMembers(org string) ([]Member, error) // org "" lists everyone; the list is the store's own, to read only
	FindMember(id string) (*Member, error)
	// EndMember ends an account and all that lets somebody in as its person, as one: links and
	// codes, sessions, where pushes go; and devices that may be used are to be wiped, from at
	// on. That it ended stands in the log with who did it on which device, once however often
	// it is said. An unknown one is no error.
	EndMember(person string, at time.Time, by, device string) error

	PutInvitation(Invitation) error // ErrHandleTaken: another one has its handle
	// TakeInvitation marks it used and returns it, once; nil when unknown, used or expired.
	TakeInvitation(kind, handle string, verify func(Invitation) bool, now time.Time) (*Invitation, error)

	// Invited tells who has an invitation that is not used, and until when it is good.
	Invited(now time.Time) (map[string]time.Time, error)
	// DropInvitations ends all that the person has not used.
	DropInvitations(person string) error

	PutSession(Session) error
	FindSession(hash []byte) (*Session, error) // nil when there is none
	// UseSession writes down as one that the session was used: when it was seen last, which
	// lets it live on as long again as it was made for, and its Number, Since and Newer, if
	// the value of its cookie with the number from still counts.
	UseSession(s Session, from int64) error
	EndSession(hash []byte) error
	EndSessionsOf(person string) error
	EndSessionsBut(person string, hash []byte) (ended int, err error) // all of the person's but that one
	EndSessionsOn(person, device string) error
	// SetProof keeps the hash of what a session must show from now on, beside its cookie.
	SetProof(hash, proof []byte) error
}

// Invitation lets one person in, once. The secret is kept as a hash.
type Invitation struct {
	Kind    string // "link" (handle and secret are long and random) or "code" (short, typed)
	Handle  string // public part, to find the row
	Salt    []byte
	Hash    []byte // argon2id for codes, SHA-256 for links (256 random bits need no stretching)
	Person  string
	Made    time.Time
	Expires time.Time
	Tries   int
}

// Session is a signed-in device.
type Session struct {
	Hash    []byte // SHA-256 of the cookie's secret
	Proof   []byte // SHA-256 of the secret in the device's vault; nil until the device has a vault
	Person  string
	Device  string
	State   DeviceState // of the device, when it is asked for; "" before it was enrolled
	Made    time.Time
	Seen    time.Time
	Expires time.Time
	Number  int64     // of the value of its cookie that counts
	Since   time.Time // it has counted; zero: since Made
	Newer   time.Time // the next one was first shown; zero: not yet
}

// Reading is that a person opened a case file on their device.
type Reading struct {
	Number  int64  `json:"number"` // counted on the device, rising, so that telling it twice is harmless
	Root    string `json:"root"`
	At      int64  `json:"at"`      // ms, the device's clock: shown, never trusted
	Offline bool   `json:"offline"` // there was no network
	// Shared: what the other organisation has shared with it was opened.
	Shared bool `json:"shared,omitempty"`
}

// LogSearch is what somebody searches the log for. What is empty says nothing.
type LogSearch struct {
	Root   string   `json:"root"`   // the case file; "": what concerns none
	Person string   `json:"person"` // who did it
	Kinds  []string `json:"kinds"`  // what was done, in the log's words
	From   string   `json:"from"`   // days, "2026-11-24", both counted
	To     string   `json:"to"`
	Before int64    `json:"before"` // where the page before ended
}

// Subscription is where one device wants its web push.
type Subscription struct {
	Person, Device, Endpoint, P256dh, Auth string
	Made                                   time.Time
}

// PushStore keeps subscriptions and which alerts still wait to be pushed.
type PushStore interface {
	PutSubscription(Subscription) error
	DropSubscription(endpoint string) error
	SubscriptionsOf(person string) ([]Subscription, error)
	// PutPush queues; a (alert, person) that exists already stays as it is.
	PutPush(alert, org, person string, due time.Time) error
	PendingPushes() ([]Push, error)
	EndPush(alert, person, outcome string) error // "sent", "seen", "failed", "nowhere"
}

// Push is one alert on its way to one person.
type Push struct {
	Alert, Org, Person string
	Due                time.Time
}

// ImportStore keeps proposals that wait for a person's yes.
type ImportStore interface {
	PutProposal(id, org, by string, made time.Time, body []byte) error // sealed at rest
	Proposal(id, org string) ([]byte, error)                           // nil when there is none
	Proposals(org string) ([]string, error)
	DropProposal(id, org string) error
}

// Limits of a picture, in bytes.
const (
	MaxPhoto  = 2 << 20
	PhotoPart = 128 << 10 // all parts but the last have this size
)

// PhotoStore keeps pictures sealed under the key of a root.
type PhotoStore interface {
	PutPhotoPart(org, root, id string, n int, part []byte) error
	PhotoParts(org, root, id string) (map[int][]byte, error) // those that have come
	DropPhotoParts(org, id string) error
	PutPhoto(org, root, id, by string, picture []byte) error // in the place of the parts; the first one stays. The log says that it came
	HasPhoto(org, id string) (bool, error)
	Photo(org, root, id string) ([]byte, error) // nil while it is not complete
}

// SettingStore keeps small secrets and settings of the server (VAPID keys), sealed at rest.
type SettingStore interface {
	Setting(name string) ([]byte, error) // nil when unset
	PutSetting(name string, value []byte) error
}

// Office is what handlers and imports use to write records: the sync engine.
type Office interface {
	// Write applies changes as one commit by the house on behalf of the person
	// ("" for nobody). Base -1 in a Set means: the version that is there now.
	Write(org, person string, changes []HouseChange) error
}

// HouseChange is one record to write.
type HouseChange struct {
	Kind, Record string
	Fields       map[string]any
}
