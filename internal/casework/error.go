package casework

// Error is something a person can put right: a code for the machine, and a
// sentence in plain Swedish that says what to do. Where names the field
// ("contact.outcome") for logs; it holds no value.
type Error struct {
	Code     string
	Sentence string
	Where    string
}

func (e *Error) Error() string {
	if e.Where != "" {
		return e.Code + " (" + e.Where + "): " + e.Sentence
	}
	return e.Code + ": " + e.Sentence
}

// Codes of Error. Those of personal numbers say which part is wrong.
const (
	CodeUnknown      = "unknown"       // a kind, field or part that this program does not know
	CodeRequired     = "required"      // must be given
	CodeInvalid      = "invalid"       // cannot be right
	CodeTooLong      = "too_long"      // more than the field takes
	CodeNumberDigits = "number_digits" // something other than digits
	CodeNumberLength = "number_length" // not ten or twelve digits
	CodeNumberMonth  = "number_month"  // no such month
	CodeNumberDay    = "number_day"    // no such day
	CodeNumberDate   = "number_date"   // no such day in that month
	CodeNumberCheck  = "number_check"  // the last digit does not fit the others
	CodeNumberFuture = "number_future" // born after today
)

func invalid(sentence string) *Error { return &Error{Code: CodeInvalid, Sentence: sentence} }
