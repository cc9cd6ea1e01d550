package apptest

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/jpeg"
	"os"
	"path/filepath"
	"slices"
)

// CameraPicture is what a camera makes: more pixels than are needed, and beside
// them where it was taken (an Exif segment with a comment in it).
func CameraPicture(tb TB, secret string, width, height int) string {
	tb.Helper()
	m := image.NewRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			m.Set(x, y, color.RGBA{byte(x / 9), byte(y / 7), byte(x*y>>9) & 0x3f, 255})
		}
	}
	var jpg bytes.Buffer
	if err := jpeg.Encode(&jpg, m, &jpeg.Options{Quality: 95}); err != nil {
		tb.Fatalf("%v", err)
	}
	exif := append([]byte("Exif\x00\x00"), secret...)
	segment := append([]byte{0xff, 0xe1}, binary.BigEndian.AppendUint16(nil, uint16(len(exif)+2))...)
	whole := jpg.Bytes()
	path := filepath.Join(tb.TempDir(), "IMG_0001.jpg")
	if err := os.WriteFile(path, slices.Concat(whole[:2], segment, exif, whole[2:]), 0o600); err != nil {
		tb.Fatalf("%v", err)
	}
	return path
}
