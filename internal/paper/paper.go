// Package paper makes the papers that leave the program as PDF.
//
// # Promises
//
// The same content gives the same bytes, every time and in every process of one
// build of the program: no clock, no chance, nothing of the machine. Every letter
// that is written is either drawn or told: what the typeface lacks stands there by
// its number (see [sheet.write]). A paper says in words all that it also draws.
//
// # What this is not
//
// It decides nothing about who may see what: it prints what it is handed. The PDFs
// have a title, a language and text in reading order, but no tags (PDF/UA): the
// library makes none. The screens of the app are the accessible way to the same.
package paper

import (
	"bytes"
	"math"
	"strconv"
	"time"

	"codeberg.org/go-pdf/fpdf"
	"github.com/go-fonts/liberation/liberationsansbold"
	"github.com/go-fonts/liberation/liberationsansregular"
)

// Measures of a page, in mm.
const (
	pageWidth  = 210.0
	pageHeight = 297.0
	margin     = 22.0
	foot       = 20.0 // kept free at the bottom
	textWidth  = pageWidth - 2*margin
)

// Sizes of letters, in points, and the height of their lines in mm.
const (
	tall, tallLine     = 19.0, 8.4
	middle, middleLine = 12.5, 6.2
	plain, plainLine   = 10.5, 5.2
	small, smallLine   = 8.5, 4.2
)

// ink is a grey, from 0 (black).
type ink int

const (
	dark ink = 25
	soft ink = 85
	line ink = 170
)

// sheet is a paper being written, from top to bottom.
type sheet struct {
	pdf *fpdf.Fpdf
}

// about is what a PDF says of itself.
type about struct {
	title string
	foot  string    // on each page, before its number
	at    time.Time // stands for when it was made
}

func newSheet(a about) *sheet {
	pdf := fpdf.New("P", "mm", "A4", "")
	pdf.SetCatalogSort(true)
	pdf.SetCreationDate(a.at.UTC())
	pdf.SetModificationDate(a.at.UTC())
	pdf.SetProducer("Bokvar", true)
	pdf.SetTitle(a.title, true)
	pdf.SetLang("sv-SE")
	pdf.SetDisplayMode("fullwidth", "continuous")
	pdf.AddUTF8FontFromBytes("text", "", liberationsansregular.TTF)
	pdf.AddUTF8FontFromBytes("text", "B", liberationsansbold.TTF)
	pdf.SetMargins(margin, margin, margin)
	pdf.SetCellMargin(0)
	pdf.SetAutoPageBreak(true, foot)
	pdf.AliasNbPages("{pages}")
	s := &sheet{pdf: pdf}
	pdf.SetFooterFunc(func() {
		pdf.SetY(-foot + 7)
		s.face("", small, soft)
		pdf.CellFormat(0, smallLine, writable(a.foot)+", sida "+strconv.Itoa(pdf.PageNo())+" av {pages}", "", 0, "L", false, 0, "")
	})
	pdf.AddPage()
	return s
}

// bytes ends the paper.
func (s *sheet) bytes() ([]byte, error) {
	var out bytes.Buffer
	err := s.pdf.Output(&out)
	return out.Bytes(), err
}

func (s *sheet) face(style string, size float64, grey ink) {
	s.pdf.SetFont("text", style, size)
	s.pdf.SetTextColor(int(grey), int(grey), int(grey))
}

// write sets a text from the left margin, over as many lines as it needs. What the
// typeface has no letter for stands there as its number.
func (s *sheet) write(text string, height float64) {
	s.pdf.MultiCell(0, height, writable(text), "", "L", false)
}

func (s *sheet) title(text string) {
	s.face("B", tall, dark)
	s.write(text, tallLine)
	s.air(2)
}

// heading begins a part; it never stands alone at the bottom of a page.
func (s *sheet) heading(text string) {
	s.air(5)
	s.keep(24)
	s.face("B", middle, dark)
	s.write(text, middleLine)
	s.air(1)
}

func (s *sheet) text(text string) {
	s.face("", plain, dark)
	s.write(text, plainLine)
}

func (s *sheet) aside(text string) {
	s.face("", small, soft)
	s.write(text, smallLine)
}

// fact is a name and what it is; one without a value is left out.
func (s *sheet) fact(name, value string) {
	if value == "" {
		return
	}
	const column = 42.0
	s.keep(plainLine)
	s.face("", plain, soft)
	top := s.pdf.GetY()
	s.pdf.CellFormat(column, plainLine, name, "", 0, "L", false, 0, "")
	s.face("", plain, dark)
	s.pdf.SetXY(margin+column, top)
	s.pdf.SetLeftMargin(margin + column)
	s.write(value, plainLine)
	s.pdf.SetLeftMargin(margin)
	s.pdf.SetX(margin)
	s.air(0.8)
}

// air leaves mm free.
func (s *sheet) air(mm float64) { s.pdf.Ln(mm) }

// keep begins a new page when less than mm is left of this one.
func (s *sheet) keep(mm float64) {
	if s.pdf.GetY()+mm > pageHeight-foot {
		s.pdf.AddPage()
	}
}

// rule draws a hairline across.
func (s *sheet) rule() {
	s.stroke(line, 0.2)
	y := s.pdf.GetY()
	s.pdf.Line(margin, y, pageWidth-margin, y)
}

func (s *sheet) stroke(grey ink, width float64) {
	s.pdf.SetDrawColor(int(grey), int(grey), int(grey))
	s.pdf.SetLineWidth(width)
	s.pdf.SetLineCapStyle("round")
	s.pdf.SetLineJoinStyle("round")
}

// within keeps a number that came from outside between two limits.
func within(v, low, high float64) float64 {
	if math.IsNaN(v) {
		return low
	}
	return math.Min(math.Max(v, low), high)
}
