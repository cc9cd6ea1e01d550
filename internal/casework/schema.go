package casework

// Type of a field's value as it travels in JSON.
type Type string

const (
	Text     Type = "text"     // string, one line, at most Max runes (200 unless told)
	LongText Type = "longtext" // string, at most Max runes (20,000 unless told)
	Day      Type = "day"      // "2026-11-24"
	Month    Type = "month"    // "2026-11"
	Instant  Type = "instant"  // ms since 1970, UTC
	Bool     Type = "bool"
	Int      Type = "int"
	Money    Type = "money"    // öre
	Choice   Type = "choice"   // one of Choices
	Choices  Type = "choices"  // list of some of Choices
	Ref      Type = "ref"      // id of a record of kind Of, same organisation
	Person   Type = "account"  // id of a person with an account
	People   Type = "accounts" // list of those
	Unit     Type = "unit"     // id of a unit
	Units    Type = "units"
	Number   Type = "number"  // personal identity or coordination number, "199006022397"
	Strokes  Type = "strokes" // signature: [[x,y,t,pressure]…] lists, at most 40 kB
	Object   Type = "object"  // a JSON object whose shape the kind's validation knows
)

// FieldType describes one field of a kind.
type FieldType struct {
	Name     string
	Type     Type
	Group    string   // row of access.md, "kind.part"
	Choices  []string // for Choice and Choices
	Of       string   // for Ref
	Max      int
	Required bool // must be set when the record is made
	House    bool // written by the server alone
}

// Kind is one kind of record. Root names the field that holds the root's id;
// "id" when the record is its own root, "" when it belongs to the whole organisation.
type Kind struct {
	Name       string
	Root       string
	AppendOnly bool // made once, never changed
	Counts     bool // numbers that are worked out when somebody asks, and stored nowhere
	Fields     []FieldType
}

var (
	reasons   = []string{"arrears", "neglect", "subletting", "disturbance", "repeated_late"}
	partners  = []string{"landlord", "employment", "care", "primary_care", "psychiatry", "relatives", "other"}
	signedHow = []string{"drawn", "typed", "oral", "paper"}
	answers   = []string{"given", "declined", "asked"}
	marks     = append([]string{"withdrawn"}, answers...) // what a landlord may note that a tenant said of a consent
	// what a giving is held for, besides what follows from other records
	wrongs    = []string{"no_witness", "no_original", "unknown_wording", "changed", "blocked_device"}
	secrecies = []string{"consent", "after_notice"}
)

// How long a reason for fetching protected details is, in characters.
const (
	MinReason = 10
	MaxReason = 500
)

// Schema is the one list of kinds, fields, types and access groups. rules.md,
// access.md, the migrations and the TypeScript types are checked against it.
// The outcome of a contact is one value, {answer, note_left, at, by}, because
// its parts are only true together.
var Schema = []Kind{
	// The organisation's own, carried by everyone in it.
	{Name: "colleague", Root: "", Fields: []FieldType{ // id: the person's
		{Name: "name", Type: Text, Group: "colleague", House: true},
		{Name: "title", Type: Text, Group: "colleague", House: true},
		{Name: "phone", Type: Text, Group: "colleague", House: true},
		{Name: "role", Type: Text, Group: "colleague", House: true},
		{Name: "units", Type: Units, Group: "colleague", House: true},
		{Name: "active", Type: Bool, Group: "colleague", House: true},
	}},
	{Name: "unit", Root: "", Fields: []FieldType{
		{Name: "name", Type: Text, Group: "unit", House: true},
		{Name: "phone", Type: Text, Group: "unit", House: true},
	}},
	{Name: "agreement", Root: "", Fields: []FieldType{ // one record per organisation, same content
		{Name: "landlord_org", Type: Text, Group: "agreement", House: true},
		{Name: "landlord_name", Type: Text, Group: "agreement", House: true},
		{Name: "social_org", Type: Text, Group: "agreement", House: true},
		{Name: "social_name", Type: Text, Group: "agreement", House: true},
		{Name: "unit", Type: Text, Group: "agreement", House: true},       // id of the unit of social services that owns givings
		{Name: "unit_name", Type: Text, Group: "agreement", House: true},  //
		{Name: "unit_phone", Type: Text, Group: "agreement", House: true}, // to withdraw
		{Name: "emergency_phone", Type: Text, Group: "agreement", House: true},
		{Name: "interpreter_phone", Type: Text, Group: "agreement", House: true},
		{Name: "place", Type: Text, Group: "agreement", House: true},       // town, for "place and date"
		{Name: "wording", Type: Object, Group: "agreement", House: true},   // {id, version, language, title, body, withdraw, hash}
		{Name: "languages", Type: Object, Group: "agreement", House: true}, // [{language, reviewed}]: translations that are switched on
	}},
	{Name: "roster", Root: "", Fields: []FieldType{ // who is on call
		{Name: "unit", Type: Unit, Group: "roster", Required: true},
		{Name: "person", Type: Person, Group: "roster", Required: true},
		{Name: "from", Type: Instant, Group: "roster", Required: true},
		{Name: "to", Type: Instant, Group: "roster", Required: true},
	}},
	{Name: "late_list", Root: "", Fields: []FieldType{ // a late-payer file that was taken in
		{Name: "file_name", Type: Text, Group: "late_list", House: true},
		{Name: "as_of", Type: Instant, Group: "late_list", House: true},
		{Name: "taken_at", Type: Instant, Group: "late_list", House: true},
		{Name: "taken_by", Type: Person, Group: "late_list", House: true},
		{Name: "partial", Type: Bool, Group: "late_list", House: true},
		{Name: "counts", Type: Object, Group: "late_list", House: true}, // {rows, new, changed, unchanged, gone, rejected}
	}},

	// How an organisation's secrecy opens to others; two of its people change it.
	{Name: "secrecy", Root: "", Fields: []FieldType{ // id "secrecy"; the server writes it
		{Name: "how", Type: Choice, Choices: secrecies, Group: "secrecy", House: true},
		{Name: "since", Type: Instant, Group: "secrecy", House: true},
		{Name: "people", Type: People, Group: "secrecy", House: true}, // the two
	}},
	{Name: "secrecy_change", Root: "", AppendOnly: true, Fields: []FieldType{
		{Name: "how", Type: Choice, Choices: secrecies, Group: "secrecy_change", Required: true},
		{Name: "at", Type: Instant, Group: "secrecy_change", Required: true},
		{Name: "by", Type: Person, Group: "secrecy_change", Required: true},
	}},
	{Name: "secrecy_approval", Root: "", AppendOnly: true, Fields: []FieldType{
		{Name: "change", Type: Text, Group: "secrecy_approval", Required: true}, // of somebody else
		{Name: "at", Type: Instant, Group: "secrecy_approval", Required: true},
		{Name: "by", Type: Person, Group: "secrecy_approval", Required: true},
	}},
	// On what basis the organisation handles personal data under the GDPR. It is not
	// consent, and nothing is read out of one: lifting secrecy is another thing.
	{Name: "legal_basis", Root: "", Fields: []FieldType{ // id "legal_basis"
		{Name: "basis", Type: Choice, Choices: []string{"public_task", "legal_obligation", "contract", "legitimate_interest", "vital_interest"}, Group: "legal_basis", Required: true},
		{Name: "text", Type: LongText, Max: 2000, Group: "legal_basis", Required: true}, // which law, or which balance of interests
		{Name: "at", Type: Instant, Group: "legal_basis", Required: true},
		{Name: "by", Type: Person, Group: "legal_basis", Required: true},
	}},
	{Name: "translation", Root: "", Fields: []FieldType{ // id "translation-ar"; of social services, whose consents they explain
		{Name: "language", Type: Choice, Choices: tongueOrder[1:], Group: "translation", Required: true},
		{Name: "on", Type: Bool, Group: "translation"},
		{Name: "review", Type: Object, Group: "translation.review"}, // {by, at, hash}; of other words than today's it counts no more
	}},
	{Name: "wording", Root: "", AppendOnly: true, Fields: []FieldType{ // words of a consent that an agreement has or had
		{Name: "wording", Type: Object, Group: "wording", House: true},
	}},

	// The household's file: everything here is carried by those who carry the household.
	{Name: "household", Root: "id", Fields: []FieldType{
		{Name: "street", Type: Text, Group: "household.address", Required: true}, // with number: "Björkgatan 7"
		{Name: "postcode", Type: Text, Group: "household.address"},
		{Name: "city", Type: Text, Group: "household.address"},
		{Name: "floor", Type: Text, Group: "household.address"}, // "2 tr", "nb"
		{Name: "apartment", Type: Text, Group: "household.address"},
		{Name: "door_hint", Type: Text, Group: "household.address"},
		{Name: "door_code", Type: Text, Group: "household.door"},
		{Name: "language", Type: Text, Group: "household.language"}, // BCP 47: "ar"; empty: Swedish
		{Name: "interpreter", Type: Text, Group: "household.language"},
		{Name: "safety", Type: LongText, Group: "household.safety", Max: 2000},
		{Name: "children", Type: Bool, Group: "household.people"},
		{Name: "adults", Type: Int, Group: "household.people"},
		{Name: "disability", Type: Bool, Group: "household.sensitive"},
		{Name: "protected", Type: Bool, Group: "household.protected"},
		{Name: "contract", Type: Text, Group: "household.contract"},
		{Name: "moved_in", Type: Day, Group: "household.contract"},
	}},
	{Name: "person", Root: "household", Fields: []FieldType{
		{Name: "household", Type: Ref, Of: "household", Group: "person.position", Required: true},
		{Name: "name", Type: Text, Group: "person.name", Required: true},
		{Name: "position", Type: Choice, Choices: []string{"tenant", "co_tenant", "adult", "child"}, Group: "person.position"},
		{Name: "phone", Type: Text, Group: "person.phone"},
		{Name: "email", Type: Text, Group: "person.phone"},
		{Name: "born", Type: Int, Group: "person.born"}, // year
		{Name: "personal_number", Type: Number, Group: "person.number"},
	}},
	{Name: "case", Root: "household", Fields: []FieldType{
		{Name: "household", Type: Ref, Of: "household", Group: "case.head", Required: true},
		{Name: "unit", Type: Unit, Group: "case.head", Required: true},
		{Name: "reason", Type: Choice, Choices: append([]string{"not_told"}, reasons...), Group: "case.head", Required: true}, // a notice of an eviction may not say why
		{Name: "status", Type: Choice, Choices: []string{"open", "closed"}, Group: "case.head", Required: true},
		{Name: "opened", Type: Day, Group: "case.head"},
		{Name: "closed", Type: Day, Group: "case.head"},
		{Name: "closed_because", Type: Choice, Choices: []string{"paid", "removed", "solved", "moved", "evicted", "forwarded", "other"}, Group: "case.head"},
		{Name: "stage", Type: Choice, Choices: []string{"reminder", "collection", "home_visit", "meeting", "authority"}, Group: "case.stage"},
		{Name: "first_time_late", Type: Bool, Group: "case.history"},
		{Name: "rent", Type: Object, Group: "case.rent", House: true},             // {state: unpaid|paid|unknown, as_of}
		{Name: "rank", Type: Int, Group: "case.priority", House: true},            // smaller first
		{Name: "priority", Type: Object, Group: "case.priority", House: true},     // [{id, …params}] reasons that a caretaker may read
		{Name: "debt_reasons", Type: Object, Group: "case.debt", House: true},     // [{id, …params}] reasons that tell of debt
		{Name: "debt", Type: Object, Group: "case.debt", House: true},             // {capital, costs, months, as_of} in öre
		{Name: "eviction_at", Type: Instant, Group: "case.eviction"},              // date and time set by the Enforcement Authority
		{Name: "attempts", Type: Int, Group: "case.attempts", House: true},        // contacts tried since last reached
		{Name: "last_contact", Type: Object, Group: "case.attempts", House: true}, // {at, form, answer}
		{Name: "handles", Type: Object, Group: "case.handles", House: true},       // a landlord's: the opaque names that its consents and notices gave it, the first one first
	}},
	{Name: "claim", Root: "household", Fields: []FieldType{ // id is derived from (landlord, contract, due month)
		{Name: "household", Type: Ref, Of: "household", Group: "claim", House: true},
		{Name: "case", Type: Ref, Of: "case", Group: "claim", House: true},
		{Name: "contract", Type: Text, Group: "claim", House: true},
		{Name: "due_month", Type: Month, Group: "claim", House: true},
		{Name: "due", Type: Day, Group: "claim", House: true},
		{Name: "capital", Type: Money, Group: "claim", House: true},
		{Name: "costs", Type: Money, Group: "claim", House: true},
		{Name: "as_of", Type: Instant, Group: "claim", House: true},
		{Name: "state", Type: Choice, Choices: []string{"open", "paid", "removed"}, Group: "claim", House: true},
	}},
	{Name: "contact", Root: "household", Fields: []FieldType{ // visit, call, call back, unplanned meeting
		{Name: "household", Type: Ref, Of: "household", Group: "contact.plan", Required: true},
		{Name: "case", Type: Ref, Of: "case", Group: "contact.plan", Required: true},
		{Name: "form", Type: Choice, Choices: []string{"visit", "call", "call_back", "unplanned"}, Group: "contact.plan", Required: true},
		{Name: "purpose", Type: Choice, Choices: []string{"home_visit", "check", "joint", "meeting", "inspection", "follow_up", "welcome", "eviction_day"}, Group: "contact.plan"},
		{Name: "planned_at", Type: Instant, Group: "contact.plan"},
		{Name: "moved", Type: Object, Group: "contact.plan"}, // {from, by, at}: written with planned_at when it is moved
		{Name: "people", Type: People, Group: "contact.plan"},
		{Name: "appointment", Type: Text, Max: MaxID, Group: "contact.plan"}, // id of the joint time that it is this side's part of
		{Name: "message", Type: LongText, Max: 1000, Group: "contact.plan"},  // from the planner to the visitor
		{Name: "cancelled", Type: Object, Group: "contact.plan"},             // {because: paid|removed|other, as_of, by, at}; null: not cancelled
		{Name: "outcome", Type: Object, Group: "contact.outcome"},            // {answer, note_left, at, by}
		{Name: "next_at", Type: Instant, Group: "contact.outcome"},           // wish for the next attempt
		{Name: "tick_presented", Type: Bool, Group: "contact.ticks"},
		{Name: "tick_children", Type: Bool, Group: "contact.ticks"},
		{Name: "tick_leaflet", Type: Bool, Group: "contact.ticks"},
		{Name: "tick_consent", Type: Bool, Group: "contact.ticks"},
	}},
	{Name: "note", Root: "household", AppendOnly: true, Fields: []FieldType{
		{Name: "household", Type: Ref, Of: "household", Group: "note", Required: true},
		{Name: "case", Type: Ref, Of: "case", Group: "note", Required: true},
		{Name: "contact", Type: Ref, Of: "contact", Group: "note"},
		{Name: "text", Type: LongText, Group: "note", Required: true},
		{Name: "at", Type: Instant, Group: "note", Required: true},
		{Name: "by", Type: Person, Group: "note", Required: true},
		{Name: "corrects", Type: Ref, Of: "note", Group: "note"},
	}},
	{Name: "photo", Root: "household", AppendOnly: true, Fields: []FieldType{ // the picture itself follows in parts
		{Name: "household", Type: Ref, Of: "household", Group: "photo", Required: true},
		{Name: "case", Type: Ref, Of: "case", Group: "photo", Required: true},
		{Name: "contact", Type: Ref, Of: "contact", Group: "photo"},
		{Name: "caption", Type: Text, Group: "photo"},
		{Name: "size", Type: Int, Group: "photo", Required: true},                    // bytes of the JPEG, at most MaxPhoto
		{Name: "hash", Type: Text, Group: "photo", Required: true},                   // SHA-256 of the JPEG, hex
		{Name: "thumb", Type: LongText, Max: 24_000, Group: "photo", Required: true}, // a small JPEG, base64
		{Name: "at", Type: Instant, Group: "photo", Required: true},
		{Name: "by", Type: Person, Group: "photo", Required: true},
	}},
	{Name: "concern", Root: "household", AppendOnly: true, Fields: []FieldType{ // acute; never crosses the wall
		{Name: "household", Type: Ref, Of: "household", Group: "concern", Required: true},
		{Name: "case", Type: Ref, Of: "case", Group: "concern", Required: true},
		{Name: "contact", Type: Ref, Of: "contact", Group: "concern"},
		{Name: "about", Type: Choice, Choices: []string{"danger", "suicide", "ill", "child", "other"}, Group: "concern"},
		{Name: "text", Type: LongText, Group: "concern", Required: true},
		{Name: "at", Type: Instant, Group: "concern", Required: true},
		{Name: "by", Type: Person, Group: "concern", Required: true},
	}},
	{Name: "consent_mark", Root: "household", AppendOnly: true, Fields: []FieldType{ // all a landlord keeps of a consent
		{Name: "household", Type: Ref, Of: "household", Group: "consent_mark", Required: true},
		{Name: "case", Type: Ref, Of: "case", Group: "consent_mark", Required: true},
		{Name: "contact", Type: Ref, Of: "contact", Group: "consent_mark"},
		{Name: "answer", Type: Choice, Choices: marks, Group: "consent_mark", Required: true},
		{Name: "landlord", Type: Bool, Group: "consent_mark"}, // the landlord's own tick
		{Name: "giving", Type: Text, Group: "consent_mark"},   // its id, or the withdrawal's, so that a later yes can say that it knew of a no
		{Name: "unit_name", Type: Text, Group: "consent_mark"},
		{Name: "handle", Type: Text, Group: "consent_mark"}, // opaque; ties it to the giving
		{Name: "at", Type: Instant, Group: "consent_mark", Required: true},
		{Name: "by", Type: Person, Group: "consent_mark", Required: true},
	}},
	{Name: "eviction", Root: "household", Fields: []FieldType{
		{Name: "household", Type: Ref, Of: "household", Group: "eviction", Required: true},
		{Name: "case", Type: Ref, Of: "case", Group: "eviction", Required: true},
		{Name: "at", Type: Instant, Group: "eviction", Required: true},
		{Name: "state", Type: Choice, Choices: []string{"set", "respite", "withdrawn", "carried_out"}, Group: "eviction", Required: true},
		{Name: "source", Type: Choice, Choices: []string{"authority", "landlord", "tenant"}, Group: "eviction"},
	}},
	{Name: "found", Root: "household", Fields: []FieldType{ // work that came when its author had no access any more
		{Name: "household", Type: Ref, Of: "household", Group: "found", Required: true, House: true},
		{Name: "case", Type: Ref, Of: "case", Group: "found", House: true},
		{Name: "by", Type: Person, Group: "found", House: true},
		{Name: "written", Type: Instant, Group: "found", House: true}, // by the author's device
		{Name: "received", Type: Instant, Group: "found", House: true},
		{Name: "changes", Type: Object, Group: "found", House: true}, // [{kind, record, fields: {name: {v, b}}}]
		{Name: "state", Type: Choice, Choices: []string{"open", "taken", "attached", "dismissed"}, Group: "found.state"},
		{Name: "reason", Type: LongText, Max: 500, Group: "found.state"},
		{Name: "settled", Type: Object, Group: "found", House: true}, // {by, at}
	}},
	{Name: "notice", Root: "household", AppendOnly: true, Fields: []FieldType{
		{Name: "household", Type: Ref, Of: "household", Group: "notice", Required: true},
		{Name: "case", Type: Ref, Of: "case", Group: "notice", Required: true},
		{Name: "unit", Type: Unit, Group: "notice", Required: true}, // the owning unit
		{Name: "about", Type: Choice, Choices: append([]string{"eviction"}, reasons...), Group: "notice", Required: true},
		{Name: "sender", Type: Choice, Choices: []string{"authority", "landlord", "collector", "health_care", "police", "person", "relatives", "other"}, Group: "notice", Required: true},
		{Name: "channel", Type: Choice, Choices: []string{"post", "email", "fax", "phone", "unit", "visit"}, Group: "notice"},
		{Name: "received", Type: Day, Group: "notice", Required: true},
		{Name: "eviction_at", Type: Instant, Group: "notice"},
		{Name: "children", Type: Bool, Group: "notice"},
		{Name: "by", Type: Person, Group: "notice", Required: true},
	}},
	{Name: "notice_sent", Root: "household", AppendOnly: true, Fields: []FieldType{ // from a landlord to social services
		{Name: "household", Type: Ref, Of: "household", Group: "notice_sent", Required: true},
		{Name: "case", Type: Ref, Of: "case", Group: "notice_sent", Required: true},
		{Name: "social_org", Type: Text, Group: "notice_sent", Required: true},
		{Name: "unit", Type: Text, Group: "notice_sent", Required: true},   // of social services
		{Name: "handle", Type: Text, Group: "notice_sent", Required: true}, // opaque name of the case, as in consent_mark
		{Name: "reason", Type: Choice, Choices: append([]string{"termination", "eviction"}, reasons...), Group: "notice_sent", Required: true},
		{Name: "ground", Type: Choice, Choices: []string{"statute", "own_basis"}, Group: "notice_sent", Required: true},
		{Name: "ground_text", Type: LongText, Max: 1000, Group: "notice_sent", Required: true}, // which statute, or the landlord's documented basis
		{Name: "capital", Type: Money, Group: "notice_sent"},
		{Name: "costs", Type: Money, Group: "notice_sent"},
		{Name: "payment", Type: Text, Group: "notice_sent"},                       // account and reference
		{Name: "tenants", Type: Object, Group: "notice_sent.who", Required: true}, // [{name, personal_number}]
		{Name: "address", Type: Text, Group: "notice_sent.who", Required: true},   // street, floor, flat, town
		{Name: "children", Type: Bool, Group: "notice_sent"},                      //
		{Name: "at", Type: Instant, Group: "notice_sent", Required: true},         //
		{Name: "signed", Type: Text, Group: "notice_sent", Required: true},        // name and title of who sends it
		{Name: "by", Type: Person, Group: "notice_sent", Required: true},          //
	}},
	{Name: "room", Root: "household", Fields: []FieldType{ // one side's view of two linked cases; the server writes it
		{Name: "household", Type: Ref, Of: "household", Group: "room", House: true},
		{Name: "case", Type: Ref, Of: "case", Group: "room", House: true},
		{Name: "room", Type: Text, Group: "room", House: true}, // as records that come through it name it, without the epoch
		{Name: "other_org", Type: Text, Group: "room", House: true},
		{Name: "other_name", Type: Text, Group: "room", House: true},
		{Name: "notice", Type: Bool, Group: "room", House: true}, // a notice was sent: its thread is there
		{Name: "state", Type: Choice, Choices: []string{"none", "open", "closed"}, Group: "room", House: true},
		{Name: "since", Type: Day, Group: "room", House: true},                                                          // the oldest consent in force
		{Name: "until", Type: Day, Group: "room", House: true},                                                          // the first day on which one ends; null: until withdrawn
		{Name: "closed_words", Type: Choices, Choices: []string{"consent", "after-notice"}, Group: "room", House: true}, // words of access.md that the landlord's method does not use here
		{Name: "covered", Type: Object, Group: "room.who", House: true},                                                 // ids of those whose own consent is in force
	}},
	// What is said across the wall. Each belongs to its author's organisation;
	// shared_with is the deliberate mark, and access.md says when it counts.
	{Name: "thread_word", Root: "household", AppendOnly: true, Fields: []FieldType{ // the fixed words of a notice's thread
		{Name: "household", Type: Ref, Of: "household", Group: "thread_word.own", Required: true},
		{Name: "case", Type: Ref, Of: "case", Group: "thread_word.own", Required: true},
		{Name: "by", Type: Person, Group: "thread_word.own", Required: true},
		{Name: "shared_with", Type: Text, Group: "thread_word", Required: true}, // id of the organisation
		{Name: "word", Type: Choice, Choices: []string{"solved", "received", "still_open"}, Group: "thread_word", Required: true},
		{Name: "at", Type: Instant, Group: "thread_word", Required: true},
		{Name: "signed", Type: Text, Group: "thread_word", Required: true}, // name and title
	}},
	{Name: "thread_message", Root: "household", AppendOnly: true, Fields: []FieldType{ // about debt, payment and times, never the person
		{Name: "household", Type: Ref, Of: "household", Group: "thread_message.own", Required: true},
		{Name: "case", Type: Ref, Of: "case", Group: "thread_message.own", Required: true},
		{Name: "by", Type: Person, Group: "thread_message.own", Required: true},
		{Name: "concerns", Type: Object, Group: "thread_message.own"}, // ids of persons; null: every adult of the household
		{Name: "shared_with", Type: Text, Group: "thread_message"},    // id of the organisation; empty: not shared
		{Name: "about", Type: Choice, Choices: []string{"debt", "payment", "time"}, Group: "thread_message", Required: true},
		{Name: "text", Type: LongText, Max: 2000, Group: "thread_message", Required: true},
		{Name: "capital", Type: Money, Group: "thread_message"},
		{Name: "costs", Type: Money, Group: "thread_message"},
		{Name: "at", Type: Instant, Group: "thread_message", Required: true},
		{Name: "signed", Type: Text, Group: "thread_message", Required: true},
		{Name: "disclosed", Type: Instant, Group: "thread_message", House: true}, // told for itself, without consent; see disclosure
	}},
	{Name: "message", Root: "household", AppendOnly: true, Fields: []FieldType{
		{Name: "household", Type: Ref, Of: "household", Group: "message.own", Required: true},
		{Name: "case", Type: Ref, Of: "case", Group: "message.own", Required: true},
		{Name: "by", Type: Person, Group: "message.own", Required: true},
		{Name: "concerns", Type: Object, Group: "message.own"},
		{Name: "shared_with", Type: Text, Group: "message"},
		{Name: "about", Type: Choice, Choices: []string{"in_contact", "plan", "message"}, Group: "message", Required: true},
		{Name: "text", Type: LongText, Max: 4000, Group: "message"}, // empty: the words "in contact" say it
		{Name: "until", Type: Day, Group: "message"},                // of a plan
		{Name: "at", Type: Instant, Group: "message", Required: true},
		{Name: "signed", Type: Text, Group: "message", Required: true},
		{Name: "disclosed", Type: Instant, Group: "message", House: true}, // told for itself, without consent; see disclosure
	}},
	// A joint time. Each side has a record of its own: a proposal, and the other side's
	// answer to it, with the time that the answer is about. Two that differ are shown as two.
	{Name: "appointment", Root: "household", Fields: []FieldType{
		{Name: "household", Type: Ref, Of: "household", Group: "appointment.own", Required: true},
		{Name: "case", Type: Ref, Of: "case", Group: "appointment.own", Required: true},
		{Name: "by", Type: Person, Group: "appointment.own", Required: true},
		{Name: "concerns", Type: Object, Group: "appointment.own"},
		{Name: "shared_with", Type: Text, Group: "appointment"},
		{Name: "purpose", Type: Choice, Choices: []string{"joint_visit", "meeting", "eviction_day"}, Group: "appointment", Required: true},
		{Name: "planned_at", Type: Instant, Group: "appointment", Required: true},
		{Name: "state", Type: Choice, Choices: []string{"proposed", "agreed", "declined", "cancelled"}, Group: "appointment", Required: true},
		{Name: "answers", Type: Text, Max: MaxID, Group: "appointment"}, // id of the other side's proposal; empty: this is one
		{Name: "signed", Type: Text, Group: "appointment", Required: true},
		{Name: "disclosed", Type: Instant, Group: "appointment", House: true},
		{Name: "text", Type: LongText, Max: 1000, Group: "appointment.text"},
	}},
	{Name: "disclosure", Root: "household", AppendOnly: true, Fields: []FieldType{ // one thing told without consent
		{Name: "household", Type: Ref, Of: "household", Group: "disclosure", Required: true},
		{Name: "case", Type: Ref, Of: "case", Group: "disclosure", Required: true},
		{Name: "record", Type: Text, Group: "disclosure", Required: true},                         // what is told: an entry of one's own organisation
		{Name: "ground", Type: Choice, Choices: groundIDs(), Group: "disclosure", Required: true}, // see grounds.json
		{Name: "ground_text", Type: LongText, Max: 1000, Group: "disclosure", Required: true},     // why it holds here
		{Name: "decider", Type: Text, Group: "disclosure", Required: true},                        // name and title
		{Name: "note", Type: Ref, Of: "note", Group: "disclosure", Required: true},                // the journal entry
		{Name: "at", Type: Instant, Group: "disclosure", Required: true},
		{Name: "by", Type: Person, Group: "disclosure", Required: true},
	}},
	{Name: "alert", Root: "household", Fields: []FieldType{ // raised by the server for those on call
		{Name: "household", Type: Ref, Of: "household", Group: "alert", House: true},
		{Name: "case", Type: Ref, Of: "case", Group: "alert", House: true},
		{Name: "unit", Type: Unit, Group: "alert", House: true},
		{Name: "about", Type: Text, Group: "alert", House: true}, // "eviction_set"
		{Name: "raised", Type: Instant, Group: "alert", House: true},
		{Name: "people", Type: People, Group: "alert", House: true}, // who were on call
		{Name: "seen", Type: Object, Group: "alert.seen"},           // {by, at}
	}},
	{Name: "conflict", Root: "household", Fields: []FieldType{ // made by the engine; its root is that of its record
		{Name: "kind", Type: Text, Group: "conflict", House: true},
		{Name: "record", Type: Text, Group: "conflict", House: true},
		{Name: "field", Type: Text, Group: "conflict", House: true},
		{Name: "rule", Type: Text, Group: "conflict", House: true},       // id of the row in rules.md
		{Name: "versions", Type: Object, Group: "conflict", House: true}, // [{commit, v, by, at}], the current one first
		{Name: "state", Type: Choice, Choices: []string{"open", "kept", "settled"}, Group: "conflict", House: true},
		{Name: "choice", Type: Text, Group: "conflict.choice"},          // a version's commit, or "both"
		{Name: "settled", Type: Object, Group: "conflict", House: true}, // {by, at}
	}},

	// That protected details were fetched, and why: the server makes it, before it hands
	// them out. Who may append it may fetch. file is a household, a giving or a notice_in.
	{Name: "protected_reading", Root: "file", AppendOnly: true, Fields: []FieldType{
		{Name: "file", Type: Text, Group: "protected_reading", Required: true, House: true},
		{Name: "person", Type: Person, Group: "protected_reading", Required: true, House: true},
		{Name: "at", Type: Instant, Group: "protected_reading", Required: true, House: true},
		{Name: "reason", Type: LongText, Max: MaxReason, Group: "protected_reading", Required: true},
	}},

	// What was done with a household's file, and in the organisation: never stored as
	// records, made from the audit log for those whom access.md lets see it.
	{Name: "log", Root: "household", Fields: []FieldType{
		{Name: "household", Type: Ref, Of: "household", Group: "log", House: true},
		{Name: "at", Type: Instant, Group: "log", House: true},
		{Name: "person", Type: Person, Group: "log", House: true},
		{Name: "action", Type: Text, Group: "log", House: true},
		{Name: "what", Type: Text, Group: "log", House: true},
	}},
	{Name: "org_log", Root: "", Fields: []FieldType{
		{Name: "at", Type: Instant, Group: "org_log", House: true},
		{Name: "person", Type: Person, Group: "org_log", House: true},
		{Name: "action", Type: Text, Group: "org_log", House: true},
		{Name: "what", Type: Text, Group: "org_log", House: true},
	}},
	// People's phones and computers: kept by package account, and shown to those whom
	// access.md lets see them. Who sees them may block and wipe them.
	{Name: "device", Root: "", Fields: []FieldType{
		{Name: "person", Type: Person, Group: "device", House: true},
		{Name: "name", Type: Text, Group: "device", House: true},
		{Name: "seen", Type: Instant, Group: "device", House: true},
		{Name: "state", Type: Text, Group: "device", House: true},
	}},
	// When phones lock, and how long they open without the server: who sees the row decides it.
	{Name: "phone_limits", Root: "", Fields: []FieldType{
		{Name: "lease", Type: Int, Group: "phone_limits", House: true},
		{Name: "unused", Type: Int, Group: "phone_limits", House: true},
		{Name: "hidden", Type: Int, Group: "phone_limits", House: true},
	}},
	// Who works here: whoever sees the row invites, changes role and units, ends accounts.
	{Name: "people", Root: "", Fields: []FieldType{
		{Name: "person", Type: Person, Group: "people", House: true},
		{Name: "role", Type: Text, Group: "people", House: true},
		{Name: "invited", Type: Instant, Group: "people", House: true},
	}},
	// Letting somebody in anew takes two people. Who sees the first field asks, who sees
	// the second agrees.
	{Name: "recovery", Root: "", Fields: []FieldType{
		{Name: "person", Type: Person, Group: "recovery", House: true},
		{Name: "second", Type: Person, Group: "recovery.second", House: true},
	}},

	// What keeps the organisation's work: no records either. Who sees the row may
	// hold a rescue key, plan an erasure, read how last night's verification went.
	{Name: "rescue", Root: "", Fields: []FieldType{
		{Name: "person", Type: Person, Group: "rescue", House: true},
		{Name: "at", Type: Instant, Group: "rescue", House: true},
	}},
	{Name: "erasure", Root: "", Fields: []FieldType{
		{Name: "file", Type: Text, Group: "erasure", House: true},
		{Name: "due", Type: Day, Group: "erasure", House: true},
	}},
	// How many of a landlord's tenants owe rent and were told of to nobody by name, for the
	// monthly meeting: no record either. access.md says from how many on another
	// organisation is told.
	{Name: "monthly", Root: "", Counts: true, Fields: []FieldType{
		{Name: "month", Type: Month, Group: "monthly", House: true},
		{Name: "count", Type: Int, Group: "monthly", House: true},
	}},
	{Name: "verification", Root: "", Fields: []FieldType{
		{Name: "at", Type: Instant, Group: "verification", House: true},
		{Name: "result", Type: Text, Group: "verification", House: true},
	}},

	// A consent's file, in the organisation whose secrecy it lifts. A landlord's
	// caretaker creates it ("collect") and reads nothing back after the receipt.
	{Name: "giving", Root: "id", AppendOnly: true, Fields: []FieldType{
		{Name: "unit", Type: Text, Group: "giving", Required: true}, // unit of social services
		{Name: "handle", Type: Text, Group: "giving", Required: true},
		{Name: "landlord_org", Type: Text, Group: "giving"}, // whom "landlord" means
		{Name: "answer", Type: Choice, Choices: answers, Group: "giving", Required: true},
		{Name: "wording", Type: Object, Group: "giving", Required: true}, // {id, version, language, hash}
		{Name: "translation", Type: Object, Group: "giving"},             // {language, hash, reviewed}: read beside it
		{Name: "partners", Type: Choices, Choices: partners, Group: "giving"},
		{Name: "relatives", Type: Text, Group: "giving"}, // by name
		{Name: "other_partner", Type: Text, Group: "giving"},
		{Name: "place", Type: Text, Group: "giving"},
		{Name: "day", Type: Day, Group: "giving", Required: true},
		{Name: "valid_until", Type: Day, Group: "giving"},
		{Name: "witness", Type: Text, Group: "giving"},      // who saw or heard it; from older apps also where the paper lies
		{Name: "original", Type: Text, Group: "giving"},     // where the paper lies
		{Name: "photos", Type: Object, Group: "giving"},     // hashes of the pictures of it, each a paper_photo
		{Name: "collected_by", Type: Text, Group: "giving"}, // name and organisation
		{Name: "knew_withdrawal", Type: Text, Group: "giving"},
		{Name: "evidence", Type: Object, Group: "giving"},              // {hash, signatures}: what the phone noted when it was given
		{Name: "order", Type: Int, Group: "giving.order", House: true}, // place in the server's order
		{Name: "wrong", Type: Choices, Choices: wrongs, Group: "giving", House: true},
		{Name: "proven", Type: Bool, Group: "giving", House: true}, // the phone's signature on the evidence was right when it came
	}},
	{Name: "signature", Root: "giving", AppendOnly: true, Fields: []FieldType{
		{Name: "giving", Type: Ref, Of: "giving", Group: "signature", Required: true},
		{Name: "how", Type: Choice, Choices: signedHow, Group: "signature", Required: true},
		{Name: "name", Type: Text, Group: "signature.who", Required: true},
		{Name: "child", Type: Text, Group: "signature.who"}, // the child whom a guardian signs for, by name
		{Name: "personal_number", Type: Number, Group: "signature.who"},
		{Name: "strokes", Type: Strokes, Group: "signature.who"},
		{Name: "copies", Type: Object, Group: "signature"}, // hashes of what the tenant can withdraw with; see CopyHash
		{Name: "at", Type: Instant, Group: "signature", Required: true},
	}},
	// An eID signature that was given afterwards, online, to what somebody had signed
	// more simply: the server writes it when the service's proof is right.
	{Name: "eid_signature", Root: "giving", AppendOnly: true, Fields: []FieldType{
		{Name: "giving", Type: Ref, Of: "giving", Group: "eid_signature", House: true},
		{Name: "signature", Type: Ref, Of: "signature", Group: "eid_signature", House: true}, // of the same person
		{Name: "provider", Type: Text, Group: "eid_signature", House: true},                  // the service's name
		{Name: "at", Type: Instant, Group: "eid_signature", House: true},                     // as the service says
		{Name: "hash", Type: Text, Group: "eid_signature", House: true},                      // what was signed: the giving's evidence
		{Name: "proof", Type: LongText, Max: MaxProof, Group: "eid_signature", House: true},  // the service's own, base64; for it to read
	}},
	{Name: "paper_photo", Root: "giving", AppendOnly: true, Fields: []FieldType{ // of the paper that was signed; the picture follows in parts
		{Name: "giving", Type: Ref, Of: "giving", Group: "paper_photo", Required: true},
		{Name: "size", Type: Int, Group: "paper_photo", Required: true},  // bytes of the JPEG, at most MaxPhoto
		{Name: "hash", Type: Text, Group: "paper_photo", Required: true}, // SHA-256 of the JPEG, hex: it is kept to the byte
		{Name: "at", Type: Instant, Group: "paper_photo", Required: true},
	}},
	{Name: "withdrawal", Root: "id", AppendOnly: true, Fields: []FieldType{
		{Name: "unit", Type: Text, Group: "withdrawal", Required: true},
		{Name: "handle", Type: Text, Group: "withdrawal"}, // of the file; one of handle and case is needed
		{Name: "case", Type: Text, Group: "withdrawal"},   // of social services
		{Name: "person", Type: Text, Group: "withdrawal"}, // who withdraws, as social services know them; empty: everyone
		{Name: "signature", Type: Text, Group: "withdrawal"},
		{Name: "how", Type: Choice, Choices: []string{"phone", "visit", "letter", "copy", "other"}, Group: "withdrawal"},
		{Name: "name", Type: Text, Group: "withdrawal.who"}, // who said it, as whoever heard it wrote
		{Name: "heard", Type: Text, Group: "withdrawal"},    // who heard it, and where they work
		{Name: "at", Type: Instant, Group: "withdrawal", Required: true},
		{Name: "order", Type: Int, Group: "withdrawal.order", House: true},
	}},
	{Name: "confirmation", Root: "giving", AppendOnly: true, Fields: []FieldType{ // the tenant was asked again
		{Name: "giving", Type: Ref, Of: "giving", Group: "confirmation", Required: true},
		{Name: "how", Type: Choice, Choices: []string{"phone", "visit", "letter"}, Group: "confirmation", Required: true},
		{Name: "at", Type: Instant, Group: "confirmation", Required: true},
		{Name: "by", Type: Person, Group: "confirmation", Required: true},
	}},
	{Name: "case_link", Root: "of", AppendOnly: true, Fields: []FieldType{ // a giving or a notice belongs to a case
		{Name: "of", Type: Text, Group: "case_link", Required: true}, // id of the giving or notice_in
		{Name: "case", Type: Text, Group: "case_link"},               // one of one's own; empty takes the link away
		{Name: "people", Type: Object, Group: "case_link"},           // [{signature, person}]: who signed
		{Name: "at", Type: Instant, Group: "case_link", Required: true},
		{Name: "by", Type: Person, Group: "case_link", Required: true},
		{Name: "order", Type: Int, Group: "case_link.order", House: true},
	}},
	{Name: "consent_state", Root: "giving", Fields: []FieldType{ // what the server makes of a giving; see package consent
		{Name: "giving", Type: Ref, Of: "giving", Group: "consent_state", House: true},
		{Name: "case", Type: Text, Group: "consent_state", House: true},
		{Name: "standings", Type: Object, Group: "consent_state", House: true},
	}},
	{Name: "notice_in", Root: "id", AppendOnly: true, Fields: []FieldType{ // the unit's own copy of a notice_sent
		{Name: "unit", Type: Text, Group: "notice_in", House: true},
		{Name: "from_org", Type: Text, Group: "notice_in", House: true},
		{Name: "from_name", Type: Text, Group: "notice_in", House: true},
		{Name: "handle", Type: Text, Group: "notice_in", House: true},
		{Name: "reason", Type: Text, Group: "notice_in", House: true},
		{Name: "ground", Type: Text, Group: "notice_in", House: true},
		{Name: "ground_text", Type: LongText, Max: 1000, Group: "notice_in", House: true},
		{Name: "capital", Type: Money, Group: "notice_in", House: true},
		{Name: "costs", Type: Money, Group: "notice_in", House: true},
		{Name: "payment", Type: Text, Group: "notice_in", House: true},
		{Name: "tenants", Type: Object, Group: "notice_in.who", House: true},
		{Name: "address", Type: Text, Group: "notice_in.who", House: true},
		{Name: "children", Type: Bool, Group: "notice_in", House: true},
		{Name: "signed", Type: Text, Group: "notice_in", House: true},
		{Name: "received", Type: Instant, Group: "notice_in", House: true},
	}},
}
