// Package demo is Sjöberga, a fictional town with a landlord and its social
// services: organisations, people, an agreement, and lists of unpaid rents.
//
// # Nobody is real
//
// Names are common Swedish names put together by chance. Personal identity
// numbers are among those that Skatteverket publishes for tests
// (test-numbers.txt), telephone numbers among those that PTS keeps for fiction,
// and the postcodes do not exist.
//
// # Always the same
//
// A [Town] of the same seed has the same households. Everything is dated from
// the clock that is handed in. The lists in this folder are seed 1 on 18
// November 2026; a test makes them again and compares.
//
// # What this is not
//
// Its records go the same way as everyone's: through the engine, and its first
// list through the import. It knows no database.
package demo
