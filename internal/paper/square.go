package paper

import (
	qr "github.com/piglig/go-qr"
)

// square draws a text as a QR code with its corner at x and y, side mm wide. The
// dark runs of each row are drawn as one, so that no reader sees seams.
func (s *sheet) square(text string, x, y, side float64) error {
	code, err := qr.EncodeText(text, qr.Medium)
	if err != nil {
		return err
	}
	n := code.Size()
	module := side / float64(n)
	s.pdf.SetFillColor(0, 0, 0)
	for row := range n {
		for from := 0; from < n; from++ {
			to := from
			for to < n && code.Module(to, row) {
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
