package paper

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"bokvar/internal/casework"
)

// Consent is a consent as it was signed, as far as whoever prints it may see. What
// they may not see, or nobody wrote, is empty.
type Consent struct {
	ID                      string
	Social, Unit, UnitPhone string
	Landlord                string // whom the partner "landlord" means

	Wording *casework.Wording      // nil: the words are not known here
	Shown   *casework.WordingShown // what the phone noted of them

	Partners         []string // ids, as they were ticked
	Relatives, Other string   // by name
	Place, Day       string   // Day and Until: "2026-11-24"
	Until            string
	Witness          string
	Original         string // where the paper lies that was signed
	Photos           int    // pictures of it
	Collected        string
	Translation      *casework.TranslationShown
	Signers          []Signer

	Hash   string // SHA-256 of the canonical giving and signatures, hex
	Noted  bool   // the phone noted the same hash when it was signed, in Hash
	Same   bool   // what is stored still gives Hash
	Proven bool   // the phone's own signature on it was right
}

// Signer is one who signed.
type Signer struct {
	Name, Child string // Child: whom it is for
	Number      string // twelve digits
	How         string // as in a signature
	Strokes     [][][]float64
	At          int64 // ms
}

// Print is the consent on paper.
func (c *Consent) Print() ([]byte, error) {
	s := newSheet(about{title: "Samtycke " + c.ID, foot: "Samtycke " + c.ID, at: c.at()})
	s.aside(joined(", ", c.Social, c.Unit))
	s.air(5)
	c.words(s)
	c.partners(s)
	c.facts(s)
	s.heading("Underskrift")
	for _, signer := range c.Signers {
		signer.draw(s)
	}
	if err := c.proof(s); err != nil {
		return nil, err
	}
	return s.bytes()
}

// at is when it was signed: the first signature, otherwise the day.
func (c *Consent) at() time.Time {
	var first int64
	for _, s := range c.Signers {
		if s.At > 0 && (first == 0 || s.At < first) {
			first = s.At
		}
	}
	if first == 0 {
		first, _ = casework.DayStart(c.Day)
	}
	return time.UnixMilli(first)
}

// words are what was agreed to, to the letter.
func (c *Consent) words(s *sheet) {
	w := c.Wording
	if w == nil {
		s.title("Samtycke")
		hash := ""
		if c.Shown != nil {
			hash = c.Shown.Hash
		}
		s.text("Texten som lästes finns inte i det här registret. Dess kontrollsumma är " + grouped(hash) + ".")
		return
	}
	s.title(w.Title)
	for _, p := range strings.Split(w.Body, "\n\n") {
		s.text(p)
		s.air(2)
	}
	s.face("B", plain, dark)
	s.write(w.Withdraw, plainLine)
}

// partners are all that could be ticked, and which ones were.
func (c *Consent) partners(s *sheet) {
	sv := &casework.Tongues[0]
	s.heading("De här får prata om mitt ärende")
	for _, id := range partnerOrder {
		ticked := slices.Contains(c.Partners, id)
		name := sv.Partners[id]
		more := map[string]string{"landlord": c.Landlord, "relatives": c.Relatives, "other": c.Other}[id]
		if ticked && more != "" {
			name += ": " + more
		}
		s.box(name, ticked)
	}
}

var partnerOrder = []string{"landlord", "employment", "care", "primary_care", "psychiatry", "relatives", "other"}

// box is a line with a box before it. That it is ticked is said in words as well.
func (s *sheet) box(text string, ticked bool) {
	const side, indent = 3.2, 7.0
	s.keep(plainLine + 1)
	x, y := margin, s.pdf.GetY()+(plainLine-side)/2
	s.stroke(soft, 0.25)
	s.pdf.Rect(x, y, side, side, "D")
	style, grey := "", soft
	if ticked {
		style, grey = "B", dark
		s.stroke(dark, 0.55)
		s.pdf.Line(x+0.6, y+1.7, x+1.4, y+2.5)
		s.pdf.Line(x+1.4, y+2.5, x+2.8, y+0.6)
		text = "Ja: " + text
	} else {
		text = "Nej: " + text
	}
	s.pdf.SetLeftMargin(margin + indent)
	s.pdf.SetX(margin + indent)
	s.face(style, plain, grey)
	s.write(text, plainLine)
	s.pdf.SetLeftMargin(margin)
	s.pdf.SetX(margin)
	s.air(0.6)
}

func (c *Consent) facts(s *sheet) {
	s.heading("Hur det gick till")
	s.fact("Plats och dag", joined(", ", c.Place, day(c.Day)))
	until := "tills det tas tillbaka"
	if c.Until != "" {
		until = "till och med " + day(c.Until) + ", om det inte tas tillbaka dessförinnan"
	}
	s.fact("Gäller", until)
	s.fact("Hör till", joined(", ", c.Unit, c.Social))
	s.fact("Tog emot", c.Collected)
	s.fact("Vem var med", c.Witness)
	s.fact("Pappret", c.original())
	if w := c.Wording; w != nil {
		s.fact("Text", fmt.Sprintf("%s, version %d", languageName(w.Language), w.Version))
	}
	if t := c.Translation; t != nil {
		review := "översättningen var inte granskad"
		if t.Reviewed {
			review = "översättningen var granskad"
		}
		s.fact("Läste också på", fmt.Sprintf("%s (%s). Den svenska texten är den som gäller.", languageName(t.Language), review))
	}
}

// original is where the paper lies, and how many pictures there are of it.
func (c *Consent) original() string {
	switch c.Photos {
	case 0:
		return c.Original
	case 1:
		return joined(". ", c.Original, "Det finns en bild av det, och kontrollsumman gäller den också.")
	}
	return joined(". ", c.Original, fmt.Sprintf("Det finns %d bilder av det, och kontrollsumman gäller dem också.", c.Photos))
}

// languageNames are the languages of casework.Tongues, in Swedish.
var languageNames = map[string]string{
	"sv": "svenska", "sv-simple": "lätt svenska", "en": "engelska", "ar": "arabiska", "so": "somaliska",
	"uk": "ukrainska", "fi": "finska", "prs": "dari", "ti": "tigrinska",
}

func languageName(code string) string {
	if name := languageNames[code]; name != "" {
		return name
	}
	return code
}

// proof is how one can find out that nothing changed since.
func (c *Consent) proof(s *sheet) error {
	const side = 30.0
	s.air(6)
	s.keep(68)
	s.rule()
	s.heading("Bevis")
	top := s.pdf.GetY()
	if err := s.square(c.square(), pageWidth-margin-side, top, side); err != nil {
		return err
	}
	s.pdf.SetRightMargin(margin + side + 6)
	s.face("", plain, soft)
	s.write("Kontrollsumma (SHA-256)", plainLine)
	s.face("", plain, dark)
	s.write(grouped(c.Hash), plainLine)
	s.air(1.5)
	for _, sentence := range c.sentences() {
		s.aside(sentence)
		s.air(1)
	}
	s.pdf.SetRightMargin(margin)
	return nil
}

// square is what the QR code says: which consent, and its hash. The code by which the
// tenant takes it back is not in it: the server does not have it.
func (c *Consent) square() string {
	return "Bokvar samtycke " + c.ID + "\nSHA-256 " + c.Hash
}

func (c *Consent) sentences() []string {
	var out []string
	switch {
	case c.Noted && c.Same:
		out = append(out, "Summan räknades ut på telefonen när samtycket skrevs under, av texten, valen, underskrifterna, platsen och tiden. Det som är sparat ger samma summa: inget har ändrats.")
	case c.Noted:
		out = append(out, "Summan räknades ut på telefonen när samtycket skrevs under. Det som är sparat ger en annan summa: något är ändrat, och samtycket öppnar inget.")
	default:
		out = append(out, "Summan är räknad på det som är sparat. Telefonen noterade ingen när samtycket kom in.")
	}
	if c.Proven {
		out = append(out, "Telefonen har signerat summan med sin egen nyckel. Det visar vilken webbläsare den kom från, inte vem som höll i den.")
	}
	if slices.ContainsFunc(c.Signers, func(s Signer) bool { return s.How == "drawn" }) {
		out = append(out, "En underskrift som ritas på en skärm är en enkel elektronisk underskrift. Den visar vad någon ville, men inte säkert vem det var.")
	}
	out = append(out, "Rutan innehåller samtyckets nummer och kontrollsumman, inget annat.")
	if !allWritable(c.everything()...) {
		out = append(out, "Bokstäver som inte går att skriva ut här står som sina nummer i Unicode, till exempel [U+0645]. I Bokvar står de som de skrevs.")
	}
	return append(out, joined(", ", "Pappret visar vad som skrevs under. Fråga "+c.unit()+" om det fortfarande gäller", c.UnitPhone)+".")
}

func (c *Consent) unit() string {
	if c.Unit == "" {
		return "socialtjänsten"
	}
	return c.Unit
}

// everything is all that people have written.
func (c *Consent) everything() []string {
	all := []string{c.Social, c.Unit, c.Landlord, c.Relatives, c.Other, c.Place, c.Witness, c.Original, c.Collected}
	if w := c.Wording; w != nil {
		all = append(all, w.Title, w.Body, w.Withdraw)
	}
	for _, s := range c.Signers {
		all = append(all, s.Name, s.Child)
	}
	return all
}

// joined leaves out what is empty.
func joined(between string, parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(p string) bool { return p == "" }), between)
}

// grouped sets a hash in groups of eight, so that two people can compare it aloud.
func grouped(hash string) string {
	var groups []string
	for part := range slices.Chunk([]byte(hash), 8) {
		groups = append(groups, string(part))
	}
	return strings.Join(groups, " ")
}

var months = []string{"januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september", "oktober", "november", "december"}

// day is "24 november 2026"; what is not a day stays as it is.
func day(text string) string {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return text
	}
	return fmt.Sprintf("%d %s %d", t.Day(), months[t.Month()-1], t.Year())
}

// moment is "24 november 2026 kl. 14.36", where the office is.
func moment(ms int64) string {
	if ms <= 0 {
		return ""
	}
	return day(casework.DayOf(ms)) + time.UnixMilli(ms).In(casework.Zone).Format(" kl. 15.04")
}
