package casework

// Roles lists the roles that people with an account have, in the order of the
// columns of access.md.
var Roles = []Role{
	Caretaker, Coordinator, Collections, LandlordManager,
	SocialWorker, ChildWorker, SocialManager,
	Administrator, SystemOperator,
}

// WorksAt says whether an organisation of the kind has people in the role.
func (r Role) WorksAt(kind OrgKind) bool {
	switch r {
	case Caretaker, Coordinator, Collections, LandlordManager:
		return kind == Landlord
	case SocialWorker, ChildWorker, SocialManager:
		return kind == SocialServices
	case Administrator:
		return kind == Landlord || kind == SocialServices
	case SystemOperator:
		return kind == Operator
	}
	return false
}

// Known says whether the role is one of Roles.
func (r Role) Known() bool {
	for _, known := range Roles {
		if r == known {
			return true
		}
	}
	return false
}

// Swedish is the role's name in the interface.
func (r Role) Swedish() string {
	switch r {
	case Caretaker:
		return "kvartersvärd"
	case Coordinator:
		return "bostadssocial samordnare"
	case Collections:
		return "kravhandläggare"
	case LandlordManager, SocialManager:
		return "enhetschef"
	case SocialWorker:
		return "socialsekreterare"
	case ChildWorker:
		return "socialsekreterare, barn och familj"
	case Administrator:
		return "administratör"
	case SystemOperator:
		return "driftansvarig"
	}
	return ""
}

// WorksIn says whether the member is in the unit.
func (m *Member) WorksIn(unit string) bool {
	for _, u := range m.Units {
		if u == unit {
			return true
		}
	}
	return false
}
