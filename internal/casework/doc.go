// Package casework is the domain: households, cases, contacts, notes, consents,
// and what is true of them. It does no I/O and has no clock.
//
// # The one list
//
// [Schema] names every kind of record, its fields, their types and the row of
// access.md that each belongs to. The tables of who wins and who sees, the
// migrations and the TypeScript types are checked against it. [KindOf] and
// [FieldOf] look things up; [Validate] judges one value; values of type
// [Object] have a Go type here ([Outcome], [Cancelled], [Rent], …), which is
// also what the app's types are generated from.
//
// # Time and money
//
// Instants are milliseconds since 1970 in UTC. Days ("2026-11-24") and months
// are the calendar's in [Zone]. Money is in öre.
//
// # Errors
//
// What a person did wrong is an [*Error]: a code for the machine and a Swedish
// sentence for the person. Any other error is the program's own.
//
// # Ports
//
// The interfaces in ports.go are what the domain needs kept; adapters implement
// them and meet nowhere else.
//
// # What this is not
//
// It does not decide who may read (package access), when to act (package
// method), or who wins (rules.md in sync/rules).
package casework

//go:generate go run ./tsgen -out ../../static/src/schema.gen.ts -tongues ../../static/src/tongues.gen.ts -grounds ../../static/src/grounds.gen.ts
