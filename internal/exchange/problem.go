package exchange

import (
	"fmt"
	"time"

	"bokvar/internal/casework"
)

// MaxFile is the largest file that is read, in bytes.
const MaxFile = 20 << 20

// Problem is why a whole file, or what was asked about it, is not taken. The
// sentence is for the person who chose the file.
type Problem struct {
	Code     string
	Sentence string
	// Proposal is set with CodeStale: what the list would do now.
	Proposal *Proposal
}

func (p *Problem) Error() string { return p.Code + ": " + p.Sentence }

// Codes of Problem. In HTTP: too_big is 413, not_found 404, not_allowed 403,
// stale 409, unreadable_upload 400, everything else 422.
const (
	CodeTooBig         = "too_big"
	CodeUnreadable     = "unreadable_upload" // the upload broke off
	CodeNotAList       = "not_a_list"        // neither CSV nor XLSX
	CodeLocked         = "file_locked"       // protected by a password
	CodeCorrupt        = "file_corrupt"
	CodeMixedEncodings = "mixed_encodings"
	CodeNoHeader       = "no_header"
	CodeMissingColumn  = "missing_column"
	CodeTwiceColumn    = "column_twice"
	CodeNoRows         = "no_rows"
	CodeTooManyRows    = "too_many_rows"
	CodeOpenQuote      = "open_quote"
	CodeOlderList      = "older_list"
	CodeFutureList     = "future_list"
	CodeStale          = "stale"
	CodeNotFound       = "not_found"
	CodeNotAllowed     = "not_allowed"
	CodeNothingToTake  = "nothing_to_take" // every row was rejected
)

// TooBig answers a file of that many bytes.
func TooBig(size int64) *Problem {
	return &Problem{Code: CodeTooBig, Sentence: fmt.Sprintf(
		"Filen är %s. Gränsen är %s. Ta ut en lista med bara de obetalda hyrorna och försök igen.", megabytes(size), megabytes(MaxFile))}
}

func megabytes(n int64) string {
	const mb = 1 << 20
	if n%mb == 0 || n > 100*mb {
		return fmt.Sprintf("%d MB", n/mb)
	}
	return fmt.Sprintf("%d,%d MB", n/mb, n%mb*10/mb)
}

func troublef(code, format string, args ...any) *Problem {
	return &Problem{Code: code, Sentence: fmt.Sprintf(format, args...)}
}

var swedishMonths = [...]string{"jan", "feb", "mars", "april", "maj", "juni", "juli", "aug", "sep", "okt", "nov", "dec"}

// say writes an instant as the app does: "18 nov 07:10".
func say(ms int64) string {
	t := time.UnixMilli(ms).In(casework.Zone)
	return fmt.Sprintf("%d %s %s", t.Day(), swedishMonths[t.Month()-1], t.Format("15:04"))
}
