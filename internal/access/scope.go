package access

import "bokvar/internal/casework"

// Scope is what a role carries on a device, out of what it may read.
type Scope int

const (
	// CarriesOwn is what the whole organisation shares, and nothing of any case.
	CarriesOwn Scope = iota
	// CarriesAssigned is that, and contacts that name the person, planned from
	// DaysBack days ago to DaysAhead days from now or not planned at all.
	CarriesAssigned
	// CarriesUnit is that, and cases of own units, open or closed in the last ClosedDays days.
	CarriesUnit
)

// How far a device's scope reaches, in calendar days.
const (
	DaysBack   = 7
	DaysAhead  = 14
	ClosedDays = 90
)

// ScopeOf answers for a role.
func ScopeOf(role casework.Role) Scope {
	switch role {
	case casework.Caretaker:
		return CarriesAssigned
	case casework.Coordinator, casework.Collections, casework.SocialWorker, casework.ChildWorker,
		casework.LandlordManager, casework.SocialManager:
		return CarriesUnit
	}
	return CarriesOwn
}

// Keeps says whether what a role carries may stay on the device. Managers read
// their units' cases while they are online, and nothing of them is left behind.
func Keeps(role casework.Role) bool {
	return role != casework.LandlordManager && role != casework.SocialManager
}
