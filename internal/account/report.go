package account

import "bokvar/internal/casework"

// Turned takes the number that the session's device brings back at an unlocking, and
// gives it the next. rolled: it brought an older one than before, so what lies on it
// is as it was on an earlier day, or lies on two devices.
func (s *Service) Turned(session *casework.Session, brought int64) (next int64, rolled bool, err error) {
	if brought < 0 {
		return 0, false, errMalformed
	}
	return s.store.Turn(session.Person, session.Device, brought, s.clock())
}
