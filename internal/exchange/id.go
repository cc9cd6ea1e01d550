package exchange

import (
	"crypto/sha256"
	"fmt"
	"strings"
)

// HouseholdID is the id of the household behind a landlord's contract. The same
// file gives the same ids, whoever takes it in and however often.
func HouseholdID(org, contract string) string { return derive("household", org, contractKey(contract)) }

// PersonID is the id of a tenant; who is empty for the one the contract names
// first, otherwise the personal number or name of the co-tenant.
func PersonID(org, contract, who string) string {
	return derive("person", org, contractKey(contract), who)
}

// CaseID is the id of the case that a debt opened; month is the first unpaid
// one, so that a household which owes again later gets a case of its own.
func CaseID(org, contract, month string) string {
	return derive("case", org, contractKey(contract), month)
}

// ClaimID is the id of one month's rent of a contract.
func ClaimID(org, contract, month string) string {
	return derive("claim", org, contractKey(contract), month)
}

// derive makes a UUID (version 8: of one's own making) out of what identifies a record.
func derive(parts ...string) string {
	h := sha256.Sum256([]byte("bokvar late-payer list\x00" + strings.Join(parts, "\x00")))
	h[6] = h[6]&0x0f | 0x80
	h[8] = h[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", h[:4], h[4:6], h[6:8], h[8:10], h[10:16])
}
