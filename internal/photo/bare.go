package photo

import (
	"encoding/binary"

	"bokvar/internal/casework"
)

var errNotBare = &casework.Error{Code: "photo_unreadable", Sentence: "Bilden har något annat i sig än själva bilden. Ta en ny bild."}

// Bare answers the picture as it is when it is a JPEG of pixels alone: no places, no
// names, no programs, nothing behind its end. The phone leaves all that out before it
// works out the hash.
func Bare(picture []byte) ([]byte, *casework.Error) {
	if len(picture) < 4 || picture[0] != 0xFF || picture[1] != startOfImage {
		return nil, errNotBare
	}
	for at := 2; at+4 <= len(picture); {
		if picture[at] != 0xFF {
			return nil, errNotBare
		}
		marker := picture[at+1]
		if !pixels[marker] {
			return nil, errNotBare
		}
		size := int(binary.BigEndian.Uint16(picture[at+2:]))
		if size < 2 || marker == jfif && size != 16 {
			return nil, errNotBare
		}
		at += 2 + size
		if marker != startOfScan {
			continue
		}
		if at = endOfScan(picture, at); at+2 == len(picture) && picture[at+1] == endOfImage {
			return picture, nil
		}
	}
	return nil, errNotBare
}

const (
	startOfImage = 0xD8
	endOfImage   = 0xD9
	startOfScan  = 0xDA
	jfif         = 0xE0
)

// pixels are the segments that a picture cannot do without: JFIF's own of a fixed size,
// tables, frames and scans.
var pixels = map[byte]bool{jfif: true, 0xDB: true, 0xC0: true, 0xC1: true, 0xC2: true, 0xC4: true, 0xDD: true, startOfScan: true}

// endOfScan is where the next marker stands that is not part of the scan's own bytes.
func endOfScan(picture []byte, at int) int {
	for ; at+1 < len(picture); at++ {
		if picture[at] == 0xFF && picture[at+1] != 0 && (picture[at+1] < 0xD0 || picture[at+1] > 0xD7) {
			return at
		}
	}
	return len(picture)
}
