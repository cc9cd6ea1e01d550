package paper

import (
	"image/color"

	"github.com/boombuler/barcode/qr"
)

// square draws a text as a QR code with its corner at x and y, side mm wide. The
// dark runs of each row are drawn as one, so that no reader sees seams.
func (s *sheet) square(text string, x, y, side float64) error {
	code, err := qr.Encode(text, qr.M, qr.Auto)
	if err != nil {
		return err
	}
	n := code.Bounds().Dx()
	module := side / float64(n)
	s.pdf.SetFillColor(0, 0, 0)
	for row := range n {
		for from := 0; from < n; from++ {
			to := from
			for to < n && code.At(to, row) == color.Black {
				to++
			}
			if to > from {
				s.pdf.Rect(x+float64(from)*module, y+float64(row)*module, float64(to-from)*module, module, "F")
				from = to
			}
		}
	}
	return nil
}
