package report

import (
	_ "embed"
	"encoding/binary"
	"slices"
	"strings"
	"sync"
	"unicode"

	"github.com/golang/freetype/truetype"
	"golang.org/x/image/math/fixed"
	"golang.org/x/text/unicode/norm"
)

// PT Sans, which every document carries in itself: a machine without Cyrillic fonts
// reads it all the same. fonts/LICENSE.txt lets it be spread and embedded.
var (
	//go:embed fonts/PTS55F.ttf
	regularTTF []byte
	//go:embed fonts/PTS75F.ttf
	boldTTF []byte
)

// family is the name of the font in documents.
const family = "PTSans"

// typefaces of documents, by whether they are bold.
var typefaces = sync.OnceValue(func() map[bool]*truetype.Font {
	return map[bool]*truetype.Font{false: parseFont(regularTTF), true: parseFont(boldTTF)}
})

// parseFont reads an embedded font. Its kerning, longer than freetype believes a
// table may be, is struck off: no form of a document kerns, so that all measure alike.
func parseFont(ttf []byte) *truetype.Font {
	ttf = slices.Clone(ttf)
	for i := range int(binary.BigEndian.Uint16(ttf[4:])) {
		if tag := ttf[12+16*i:][:4]; string(tag) == "kern" {
			copy(tag, "none")
		}
	}
	f, err := truetype.Parse(ttf)
	if err != nil {
		panic("report: embedded font: " + err.Error())
	}
	return f
}

// breadth is the width of the words in points.
func breadth(words string, size float64, bold bool) float64 {
	f := typefaces()[bold]
	units := fixed.Int26_6(f.FUnitsPerEm())
	sum := 0
	for _, r := range words {
		sum += int(f.HMetric(units, f.Index(r)).AdvanceWidth)
	}
	return float64(sum) * size / float64(units)
}

// alike are characters and what reads the same where the font lacks them.
var alike = map[rune]string{
	'\n': " ", '\t': " ", '\u2028': " ", '\u2029': " ",
	'\u202f': "\u00a0", '\u2007': "\u00a0", '\u2008': "\u00a0", '\u2009': "\u00a0",
	'\u2010': "-", '\u2011': "-", '\u2015': "—",
	'→': "->", '←': "<-", '↑': "+", '↓': "−", '▲': "+", '▼': "−", '△': "+", '▽': "−",
	'✓': "√", '✔': "√", '✗': "×", '✘': "×", '■': "•", '▪': "•", '○': "•", '●': "•", '◆': "•",
	'▶': "»", '►': "»", '′': "'", '″': "\"",
}

// readable gives the words in characters the fonts have: signs that are lacking are
// replaced by what reads the same, ornaments and what steers the direction of writing
// are left out, letters of scripts that nobody drew stand as question marks.
func readable(s string) string {
	plain := true
	for i := 0; i < len(s) && plain; i++ {
		plain = s[i] >= ' ' && s[i] < 0x7f
	}
	if plain {
		return s
	}
	var b strings.Builder
	for _, r := range norm.NFC.String(strings.ToValidUTF8(s, "?")) {
		b.WriteString(likeness(r))
	}
	return b.String()
}

func likeness(r rune) string {
	if drawn(r) {
		return string(r)
	}
	if same, ok := alike[r]; ok {
		return same
	}
	if unicode.Is(unicode.Zs, r) {
		return " "
	}
	// Ligatures, letters with rare accents, figures in circles.
	if parts := norm.NFKD.String(string(r)); parts != string(r) {
		var b strings.Builder
		for _, p := range parts {
			if drawn(p) {
				b.WriteRune(p)
			}
		}
		if b.Len() > 0 {
			return b.String()
		}
	}
	if unicode.IsLetter(r) || unicode.IsNumber(r) {
		return "?"
	}
	return ""
}

// drawn says whether both fonts have the character and it is one that is seen.
func drawn(r rune) bool {
	if r < ' ' || r > 0xffff || r == '\u00ad' || unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Cs) {
		return false
	}
	faces := typefaces()
	return faces[false].Index(r) != 0 && faces[true].Index(r) != 0
}
