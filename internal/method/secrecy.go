package method

import "fmt"

// Narrowing takes one word away that access.md has after a plus sign. There is no row
// that gives one: a profile that opens something cannot be written.
type Narrowing struct {
	ID     string `yaml:"id" json:"id"`
	Closes string `yaml:"closes" json:"closes"` // ConsentWord or AfterNoticeWord
	While  While  `yaml:"while" json:"while"`
	Text   Text   `yaml:"text" json:"text"`
}

// The words that a profile can take away, as access.md spells them. What a notice's
// thread keeps open always, and what is told by itself on a ground, is not a method's to close.
const (
	ConsentWord     = "consent"
	AfterNoticeWord = "after-notice"
)

// While is when a narrowing holds.
type While string

// The closed list of them.
const (
	Always   While = "always"
	NoNotice While = "no_notice" // as long as no notice was sent of the case
)

// Closes says whether a word opens nothing between two linked cases; notice: a notice
// was sent of them.
func (p *Profile) Closes(word string, notice bool) bool {
	for _, n := range p.Narrows {
		if n.Closes == word && (n.While == Always || !notice) {
			return true
		}
	}
	return false
}

func (n *Narrowing) check() error {
	switch {
	case n.Closes != ConsentWord && n.Closes != AfterNoticeWord:
		return fmt.Errorf("closes is %s or %s, not %q", ConsentWord, AfterNoticeWord, n.Closes)
	case n.While != Always && n.While != NoNotice:
		return fmt.Errorf("while is %s or %s, not %q", Always, NoNotice, n.While)
	case n.Closes == AfterNoticeWord && n.While == NoNotice:
		return fmt.Errorf("%s opens nothing before there is a notice", AfterNoticeWord)
	case !n.Text.full():
		return fmt.Errorf("text is missing in a language")
	}
	return nil
}
