// Command icons draws the app's icons: a house with one lit window, spruce on sand.
//
// It is run by hand in static/ (`go run ./bundle/icons`) when the mark changes;
// its files in static/icons are committed. There is one description of the mark,
// [mark]; the SVG and the PNGs are both made from it.
package main

import (
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"strings"
)

// The mark lies on a square of 24 units, like the other icons.
var mark = []shape{
	{role: house, points: []point{{12, 3.6}, {21.2, 11.2}, {19.7, 13}, {18.6, 12.1}, {18.6, 20.4}, {5.4, 20.4}, {5.4, 12.1}, {4.3, 13}, {2.8, 11.2}}},
	{role: window, points: []point{{9.2, 11.6}, {14.8, 11.6}, {14.8, 17.2}, {9.2, 17.2}}},
	{role: house, points: []point{{11.55, 11.6}, {12.45, 11.6}, {12.45, 17.2}, {11.55, 17.2}}},
	{role: house, points: []point{{9.2, 13.95}, {14.8, 13.95}, {14.8, 14.85}, {9.2, 14.85}}},
}

type role int

const (
	house role = iota
	window
)

type point struct{ x, y float64 }

type shape struct {
	role   role
	points []point
}

// icon is one file: how large, how far the mark is from the edge, on what ground.
type icon struct {
	file    string
	size    int
	scale   float64 // of the mark; a maskable icon keeps to the middle 80 %
	corner  float64 // radius as a share of the size; 0 for a full square
	ground  color.NRGBA
	colours map[role]color.NRGBA
}

var (
	sand   = color.NRGBA{0xf6, 0xf4, 0xef, 255}
	spruce = color.NRGBA{0x0e, 0x58, 0x49, 255}
	light  = color.NRGBA{0xfa, 0xeb, 0xca, 255}
	none   = color.NRGBA{}
	white  = color.NRGBA{255, 255, 255, 255}
	onSand = map[role]color.NRGBA{house: spruce, window: light}
)

var icons = []icon{
	{"icon-192.png", 192, .8, .22, sand, onSand},
	{"icon-512.png", 512, .8, .22, sand, onSand},
	{"icon-maskable-512.png", 512, .6, 0, sand, onSand},
	{"apple-touch-icon.png", 180, .74, 0, sand, onSand},
	{"badge-96.png", 96, 1, 0, none, map[role]color.NRGBA{house: white, window: none}}, // only its shape is shown
}

func main() {
	if err := run("icons"); err != nil {
		fmt.Fprintln(os.Stderr, "icons:", err)
		os.Exit(1)
	}
}

func run(dir string) error {
	for _, i := range icons {
		f, err := os.Create(filepath.Join(dir, i.file))
		if err != nil {
			return err
		}
		err = (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(f, i.draw())
		if closed := f.Close(); err == nil {
			err = closed
		}
		if err != nil {
			return err
		}
	}
	return os.WriteFile(filepath.Join(dir, "icon.svg"), []byte(svg()), 0o644)
}

const samples = 8 // a side, per pixel: smooth edges

// draw paints the icon pixel by pixel, each the mean of its samples.
func (i icon) draw() image.Image {
	img := image.NewNRGBA(image.Rect(0, 0, i.size, i.size))
	for y := range i.size {
		for x := range i.size {
			img.SetNRGBA(x, y, i.pixel(x, y))
		}
	}
	return img
}

func (i icon) pixel(x, y int) color.NRGBA {
	var r, g, b, a int
	for n := range samples * samples {
		px := float64(x) + (float64(n%samples)+.5)/samples
		py := float64(y) + (float64(n/samples)+.5)/samples
		c := i.at(px/float64(i.size), py/float64(i.size))
		r, g, b, a = r+int(c.R)*int(c.A), g+int(c.G)*int(c.A), b+int(c.B)*int(c.A), a+int(c.A)
	}
	if a == 0 {
		return none
	}
	return color.NRGBA{uint8(r / a), uint8(g / a), uint8(b / a), uint8(a / (samples * samples))}
}

// at is the colour at a place of the unit square.
func (i icon) at(x, y float64) color.NRGBA {
	if !insideRounded(x, y, i.corner) {
		return none
	}
	c := i.ground
	p := point{((x-.5)/i.scale + .5) * 24, ((y-.5)/i.scale + .5) * 24}
	for _, s := range mark {
		if s.holds(p) {
			c = i.colours[s.role]
		}
	}
	return c
}

func insideRounded(x, y, r float64) bool {
	dx := max(r-x, x-(1-r), 0)
	dy := max(r-y, y-(1-r), 0)
	return r == 0 || dx*dx+dy*dy <= r*r
}

// holds counts crossings of a ray to the right.
func (s shape) holds(p point) bool {
	inside := false
	for i, a := range s.points {
		b := s.points[(i+1)%len(s.points)]
		if (a.y > p.y) != (b.y > p.y) && p.x < (b.x-a.x)*(p.y-a.y)/(b.y-a.y)+a.x {
			inside = !inside
		}
	}
	return inside
}

func svg() string {
	var out strings.Builder
	out.WriteString(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="-3 -3 30 30"><rect x="-3" y="-3" width="30" height="30" rx="6.6" fill="` + hex(sand) + `"/>`)
	for _, s := range mark {
		out.WriteString(`<path fill="` + hex(onSand[s.role]) + `" d="M`)
		for n, p := range s.points {
			if n > 0 {
				out.WriteString("L")
			}
			fmt.Fprintf(&out, "%g %g", p.x, p.y)
		}
		out.WriteString(`z"/>`)
	}
	out.WriteString("</svg>\n")
	return out.String()
}

func hex(c color.NRGBA) string { return fmt.Sprintf("#%02x%02x%02x", c.R, c.G, c.B) }
