package paper

import (
	"math"
	"slices"
)

// Measures of a drawn signature, in mm.
const (
	padWidth  = 86.0
	padHeight = 30.0 // at most: a pad that was higher is drawn smaller
)

// hows say in words how somebody signed.
var hows = map[string]string{
	"drawn": "Skrev under på skärmen",
	"typed": "Skrev sitt namn med bokstäver",
	"oral":  "Sa ja muntligt",
	"paper": "Skrev under på papper",
}

// draw sets one signer: a drawn signature over a line, then who it was and how.
func (g *Signer) draw(s *sheet) {
	s.keep(4*plainLine + 4)
	if g.How == "drawn" && len(g.Strokes) > 0 {
		s.keep(padHeight + 4*plainLine + 8)
		s.strokes(g.Strokes)
		s.stroke(soft, 0.25)
		y := s.pdf.GetY()
		s.pdf.Line(margin, y, margin+padWidth, y)
		s.air(1.5)
	}
	name := g.Name
	if name == "" {
		name = "Namnet visas inte"
	}
	s.face("B", plain, dark)
	s.write(name, plainLine)
	s.face("", plain, dark)
	switch {
	case g.Child != "" && g.Child == g.Name:
		s.text("Barnet skrev under självt")
	case g.Child != "":
		s.text("För barnet " + g.Child)
	}
	if g.Number != "" {
		s.text("Personnummer " + number(g.Number))
	}
	how := hows[g.How]
	if how == "" {
		how = g.How
	}
	s.face("", plain, soft)
	s.write(joined(", ", how, moment(g.At)), plainLine)
	s.air(4)
}

// number is "19900602-2397".
func number(twelve string) string {
	if len(twelve) != 12 {
		return twelve
	}
	return twelve[:8] + "-" + twelve[8:]
}

// strokes draws what a finger drew, as lines. A point's x and y are thousandths of
// the pad's width; a pad higher than the space for it is made smaller as a whole.
func (s *sheet) strokes(strokes [][][]float64) {
	const most = 4000.0 // thousandths: no pad is higher or wider than that
	top, bottom, right := most, 0.0, 1000.0
	for _, stroke := range strokes {
		for _, p := range stroke {
			if len(p) < 2 {
				continue
			}
			right = math.Max(right, within(p[0], 0, most))
			top, bottom = math.Min(top, within(p[1], 0, most)), math.Max(bottom, within(p[1], 0, most))
		}
	}
	scale := padWidth / right
	if high := (bottom - top) * scale; high > padHeight {
		scale *= padHeight / high
	}
	x, y := margin, s.pdf.GetY()+1
	s.stroke(dark, 0.5)
	for _, stroke := range strokes {
		at := slices.DeleteFunc(slices.Clone(stroke), func(p []float64) bool { return len(p) < 2 })
		for i, p := range at {
			px, py := x+within(p[0], 0, most)*scale, y+(within(p[1], 0, most)-top)*scale
			if i == 0 {
				s.pdf.MoveTo(px, py)
			} else {
				s.pdf.LineTo(px, py)
			}
			if len(at) == 1 {
				s.pdf.LineTo(px+0.1, py) // a dot
			}
		}
		if len(at) > 0 {
			s.pdf.DrawPath("D")
		}
	}
	s.pdf.SetY(y + math.Max(0, bottom-top)*scale + 2)
}
