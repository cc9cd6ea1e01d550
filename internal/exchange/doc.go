// Package exchange takes late-payer files in: the lists of unpaid rents that
// property systems export as CSV or XLSX.
//
// # From file to records
//
// [Parse] reads a file into a [List]: rows that can be taken in, and rows that
// cannot, each with its number and a sentence. [Compare] holds a list against
// what the landlord has and answers a [Proposal]: new, changed, unchanged, gone
// and rejected. Nothing is written by either. [Service] keeps the proposal until
// a person says yes, and then writes everything that differs as one commit.
//
// # What a file may change
//
// The debts are the file's: the newest list wins, and an older list than the
// last one is refused. Names, addresses and telephone numbers are filled in
// when they are missing, and follow the file until a person changes them by
// hand; from then on they stay as the person wrote them. A mark of protected
// identity is only ever set, never taken away.
//
// # Which month
//
// A claim is known by landlord, contract and the month the rent is for. Where a
// file gives only the due day, a day from the 20th on belongs to the next month:
// rent is paid in advance. Where it gives only the month, the due day is the
// last weekday of the month before.
//
// # What this is not
//
// It knows nothing of HTTP or storage, and it closes no case: that a debt is
// paid is a fact, that the work is over is somebody's decision.
package exchange
