package exchange

import (
	"bytes"
	"errors"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// Encodings, as layouts name them.
const (
	encodingUTF8    = "utf-8"
	encodingWindows = "windows-1251"
	encodingUTF16LE = "utf-16le"
	encodingUTF16BE = "utf-16be"
)

var errNotText = errors.New("not a text file")

// decoded gives the text as UTF-8. Bytes that are none of the encoding become U+FFFD.
func decoded(in io.Reader, encoding string) io.Reader {
	switch encoding {
	case encodingWindows:
		return transform.NewReader(in, charmap.Windows1251.NewDecoder())
	case encodingUTF16LE:
		return transform.NewReader(in, unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM).NewDecoder())
	case encodingUTF16BE:
		return transform.NewReader(in, unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM).NewDecoder())
	}
	return in
}

// encodingOf reads the whole text once: by its mark, by where the zeros of UTF-16 stand,
// and otherwise what is not UTF-8 is taken for windows-1251, since Russian text in that
// encoding is never valid UTF-8 for long.
func encodingOf(in io.Reader) (string, error) {
	wide, begun := true, false
	part := make([]byte, 1<<20)
	for kept := 0; ; {
		n, err := io.ReadFull(in, part[kept:])
		now := part[:kept+n]
		if !begun {
			begun = true
			if e := wideOf(now); e != "" {
				return e, nil
			}
		}
		if bytes.IndexByte(now[kept:], 0) >= 0 {
			return "", errNotText
		}
		end := len(now)
		if last := lastRune(now); err == nil && !utf8.FullRune(now[last:]) {
			end = last // it goes on in the next part
		}
		wide = wide && utf8.Valid(now[:end])
		kept = copy(part, now[end:])
		switch {
		case (err == io.EOF || err == io.ErrUnexpectedEOF) && wide:
			return encodingUTF8, nil
		case err == io.EOF || err == io.ErrUnexpectedEOF:
			return encodingWindows, nil
		case err != nil:
			return "", readError{err}
		}
	}
}

// wideOf tells UTF-16 by its mark, or without one by the upper bytes of its units: those
// of Latin and Russian letters are 0 and 4, and only ever at one side.
func wideOf(b []byte) string {
	switch {
	case bytes.HasPrefix(b, []byte("\xff\xfe")):
		return encodingUTF16LE
	case bytes.HasPrefix(b, []byte("\xfe\xff")):
		return encodingUTF16BE
	case bytes.IndexByte(b, 0) < 0:
		return ""
	}
	b = b[:min(len(b), 1<<16)&^1]
	var upper [2]int
	for i, c := range b {
		if c == 0 || c == 4 {
			upper[i%2]++
		}
	}
	most, few := len(b)*2/5, len(b)/20
	switch {
	case upper[1] > most && upper[0] <= few:
		return encodingUTF16LE
	case upper[0] > most && upper[1] <= few:
		return encodingUTF16BE
	}
	return ""
}

// lastRune gives where the last letter begins.
func lastRune(b []byte) int {
	i := len(b) - 1
	for i > 0 && len(b)-i < utf8.UTFMax && !utf8.RuneStart(b[i]) {
		i--
	}
	return max(i, 0)
}
