package account

import (
	"fmt"
	"time"

	"github.com/google/uuid"

	"bokvar/internal/casework"
)

// ErrBlocked answers a device that is not let in, whoever is at it.
var ErrBlocked = &casework.Error{Code: "device_blocked", Sentence: "Den här telefonen är spärrad. Det du har skrivit lämnas in när den har nät. Prata med din administratör."}

var (
	errNoDevice  = &casework.Error{Code: "not_found", Sentence: "Det finns ingen sådan telefon."}
	errNotInTime = &casework.Error{Code: "stale", Sentence: "Telefonen har fått ett annat besked under tiden. Titta igen."}
)

// barred says whether the state keeps a device out. A device without a vault has
// no state, and cannot be named by anybody yet.
func barred(state casework.DeviceState) bool {
	return state != "" && state != casework.DeviceActive
}

// Locker finds the device that the random number names, whatever its state; nil
// when there is none. For what a device may do that nobody is signed in on: ask
// what it is to do, and hand in what it cannot read.
func (s *Service) Locker(locker string) (*casework.Device, error) {
	if _, err := uuid.Parse(locker); err != nil || len(locker) != 36 {
		return nil, nil
	}
	d, err := s.store.FindLocker(locker)
	if err != nil {
		return nil, fmt.Errorf("find the locker: %w", err)
	}
	return d, nil
}

// Devices lists a person's devices, or those of the whole organisation when person
// is "", with what was heard of them last.
func (s *Service) Devices(org, person string) ([]casework.Device, error) {
	devices, err := s.store.Devices(org, person)
	if err != nil {
		return nil, fmt.Errorf("list the devices: %w", err)
	}
	s.contacts.lay(devices)
	return devices, nil
}

// Block keeps the device out from now on, and ends its sessions. The caller ends
// what hangs on them: sockets, and where its push goes.
func (s *Service) Block(person, device string) error {
	return s.order(person, device, casework.DeviceBlocked, casework.DeviceActive, casework.DeviceWipe, casework.DeviceWipeAll)
}

// Wipe is Block, and has the device delete everything at its next contact.
func (s *Service) Wipe(person, device string) error {
	return s.order(person, device, casework.DeviceWipe, casework.DeviceActive, casework.DeviceBlocked)
}

// WipeAll is Wipe for a device that was told to and waits, because something on it
// can be handed in to nobody: that is deleted, too.
func (s *Service) WipeAll(person, device string) error {
	return s.order(person, device, casework.DeviceWipeAll, casework.DeviceWipe)
}

// Allow lets a device in again that was found. One that has deleted everything
// stays out: there is nothing on it to open.
func (s *Service) Allow(person, device string) error {
	return s.order(person, device, casework.DeviceActive, casework.DeviceBlocked, casework.DeviceWipe, casework.DeviceWipeAll)
}

func (s *Service) order(person, device string, to casework.DeviceState, from ...casework.DeviceState) error {
	d, err := s.store.FindDevice(person, device)
	if err != nil {
		return fmt.Errorf("find the device: %w", err)
	}
	if d == nil {
		return errNoDevice
	}
	moved, err := s.store.SetDeviceState(person, device, to, s.clock(), from...)
	if err != nil {
		return fmt.Errorf("keep the device's state: %w", err)
	}
	if !moved {
		return errNotInTime
	}
	if to == casework.DeviceActive {
		return nil
	}
	return s.store.EndSessionsOn(person, device) // after the state: no session begins any more
}

// Wiped takes the device's word that it has deleted everything, once it was told
// to, and throws away what could have opened its vault. A second word is no error.
func (s *Service) Wiped(locker string) (*casework.Device, error) {
	d, err := s.Locker(locker)
	if err != nil || d == nil || d.State == casework.DeviceWiped {
		return d, err
	}
	moved, err := s.store.SetDeviceState(d.Person, d.ID, casework.DeviceWiped, s.clock(), casework.DeviceWipe, casework.DeviceWipeAll)
	if err != nil {
		return nil, fmt.Errorf("keep the device's state: %w", err)
	}
	if !moved {
		return nil, errNotInTime
	}
	return d, s.store.ForgetWraps(d.Person, d.ID)
}

// Met notes what a device told at a contact. It is on disk after the next
// [Service.KeepContacts].
func (s *Service) Met(person, device, app string, unsent int) {
	s.contacts.note(casework.Contact{Person: person, Device: device, At: s.clock(), App: clip(app, maxApp), Unsent: max(0, min(unsent, maxUnsent))})
}

// KeepContacts writes down what was noted since the last time.
func (s *Service) KeepContacts() error {
	noted := s.contacts.take()
	if len(noted) == 0 {
		return nil
	}
	return s.store.NoteContacts(noted)
}

// ContactEvery is how often contacts are to be kept: what a crash can lose of them.
const ContactEvery = 10 * time.Second

// Limits of what a device tells about itself.
const (
	maxApp    = 40 // bytes
	maxUnsent = 1_000_000
)

func clip(s string, n int) string {
	if len(s) > n {
		return s[:n]
	}
	return s
}
