package exchange

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"

	"golang.org/x/text/encoding/charmap"

	"otklik/app"
)

// longText has rows with quotes, lines within a value, quotes left open and blank
// lines, and is several windows long.
func longText(rnd *rand.Rand, sep rune) string {
	var b strings.Builder
	for b.Len() < 3*window {
		s := string(sep)
		filler := strings.Repeat("слово ", rnd.IntN(60))
		switch rnd.IntN(40) {
		case 0:
			fmt.Fprintf(&b, "%d%s\"открыта%s%s%s%s\n", rnd.IntN(1e6), s, s, filler, s, s)
		case 1:
			fmt.Fprintf(&b, "%d%sООО \"Свет\"%s%s%s%sда\n", rnd.IntN(1e6), s, s, filler, s, s)
		case 2:
			b.WriteString("\r\n\n")
		default:
			fmt.Fprintf(&b, "%d%s\"в две\nстроки с \"\"кавычками\"\"\"%s%s%sx%sy\r\n", rnd.IntN(1e6), s, s, filler, s, s)
		}
	}
	return b.String()
}

// TestTextIsReadTheSameThroughAWindow compares the rows of a text read through
// the window with those of the text read at once.
func TestTextIsReadTheSameThroughAWindow(t *testing.T) {
	all := func(r *textReader) (out []record) {
		for {
			rec, ok, err := r.next()
			if err != nil {
				t.Fatal(err)
			}
			if !ok {
				return out
			}
			out = append(out, rec)
		}
	}
	text := longText(rand.New(rand.NewPCG(5, 6)), ';')
	want := all(&textReader{text: text, end: true, sep: ';', width: 5, line: 1})
	got := all(&textReader{in: iotest.HalfReader(strings.NewReader(text)), sep: ';', width: 5, line: 1, most: window})
	if len(got) != len(want) {
		t.Fatalf("%d rows, want %d", len(got), len(want))
	}
	broken := 0
	for i := range got {
		if !reflect.DeepEqual(got[i], want[i]) {
			t.Fatalf("row %d is %+v, want %+v", i, got[i], want[i])
		}
		if got[i].broken {
			broken++
		}
	}
	if broken == 0 || broken > len(got)/10 {
		t.Errorf("%d of %d rows are broken", broken, len(got))
	}
}

// TestAQuoteThatSwallowsAWindowIsBroken leaves a quote open for longer than a row
// may be: the rows after it are there.
func TestAQuoteThatSwallowsAWindowIsBroken(t *testing.T) {
	text := "1;\"открыта\n" + strings.Repeat("2;целая\n", window/4)
	r := &textReader{in: strings.NewReader(text), sep: ';', width: 2, line: 1, most: window}
	broken, whole := 0, 0
	for {
		rec, ok, err := r.next()
		if err != nil {
			t.Fatal(err)
		}
		if !ok {
			break
		}
		if rec.broken {
			broken++
		} else {
			whole++
		}
	}
	// The first line reads forgivingly, as one with a quote of its own.
	if broken+whole != window/4+1 || whole < window/4 {
		t.Errorf("%d whole rows and %d broken ones of %d", whole, broken, window/4+1)
	}
}

// TestEncodingIsFoundAcrossParts has letters that lie across two parts of the
// first reading.
func TestEncodingIsFoundAcrossParts(t *testing.T) {
	for pad := range 4 {
		text := strings.Repeat("x", 1<<20-pad) + strings.Repeat("Ж€😀", 1<<19)
		if is, err := encodingOf(strings.NewReader(text)); err != nil || is != encodingUTF8 {
			t.Errorf("pad %d: %s, %v", pad, is, err)
		}
		old, err := charmap.Windows1251.NewEncoder().String(strings.Repeat("x", 1<<20-pad) + strings.Repeat("Жизнь", 1<<18))
		if err != nil {
			t.Fatal(err)
		}
		if is, err := encodingOf(strings.NewReader(old)); err != nil || is != encodingWindows {
			t.Errorf("pad %d: windows-1251 is %s, %v", pad, is, err)
		}
	}
	if _, err := encodingOf(iotest.ErrReader(io.ErrClosedPipe)); err == nil {
		t.Error("a file that cannot be read is a text")
	}
}

// TestPiecesAreBounded reads a file of many pieces and says how far it is.
func TestPiecesAreBounded(t *testing.T) {
	var b bytes.Buffer
	b.WriteString("date,page,count\n")
	const rows = 3500
	for i := range rows {
		fmt.Fprintf(&b, "2025-02-18,страница %d,%d\n", i, i)
	}
	r, err := readerOf(b.Bytes(), "счёт.csv").open(testRegion(t), app.Layout{})
	if err != nil {
		t.Fatal(err)
	}
	read, before := 0, -1.0
	for {
		piece, err := r.Next()
		if err != nil {
			t.Fatal(err)
		}
		if piece == nil {
			break
		}
		if piece.Read > pieceRows {
			t.Errorf("a piece of %d rows", piece.Read)
		}
		read += piece.Read
		if share := r.Share(); share < before || share > 1 {
			t.Errorf("%v of the file after %v", share, before)
		} else {
			before = share
		}
	}
	if read != rows || before != 1 {
		t.Errorf("%d rows read, %v of the file", read, before)
	}
	var _ app.Batches = r
}
