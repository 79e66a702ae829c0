package report

import (
	"fmt"
	"io"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// anyWords are hostile: long, empty, without spaces, of other scripts, steering, broken.
var anyWords = rapid.OneOf(
	rapid.SampledFrom([]string{
		"", " ", "Минздрав", strings.Repeat("Щ", 300), strings.Repeat("очень ", 400), "a\u202eb\u0000c\u001b[31m",
		"https://vk.com/" + strings.Repeat("a-", 200), "👨‍👩‍👧 семья 🇷🇺", "=1+1", "<b>&amp;</b>", "\xff\xfe", "中文", "в к с",
		"]]>", "'", "History", "а\u0301\u0301\u0301", strings.Repeat("WWW ", 60),
	}),
	rapid.String(),
)

var anyValue = rapid.Custom(func(t *rapid.T) Value {
	return Value{
		Kind:   ValueKind(rapid.IntRange(0, 8).Draw(t, "kind")),
		Number: rapid.OneOf(rapid.Float64Range(-1e6, 1e6), rapid.Float64()).Draw(t, "number"),
		Words:  anyWords.Draw(t, "words"),
		None:   rapid.Bool().Draw(t, "none"),
		Tone:   Tone(rapid.IntRange(0, 2).Draw(t, "tone")),
	}
})

var anyTable = rapid.Custom(func(t *rapid.T) *Table {
	out := &Table{Title: anyWords.Draw(t, "title"), Note: anyWords.Draw(t, "note")}
	columns := rapid.IntRange(0, 14).Draw(t, "columns")
	for range columns {
		out.Columns = append(out.Columns, TableColumn{
			anyWords.Draw(t, "column"), ValueKind(rapid.IntRange(0, 8).Draw(t, "kind")),
			rapid.SampledFrom([]float64{0, 0, 0, 0.2, 1, 7}).Draw(t, "wide"), rapid.Bool().Draw(t, "spare"),
		})
	}
	row := rapid.SliceOfN(anyValue, columns, columns)
	// A few rows, repeated: hundreds of their own would take rapid minutes.
	few := rapid.SliceOfN(row, 0, 4).Draw(t, "rows")
	for range rapid.SampledFrom([]int{1, 1, 1, 60}).Draw(t, "times") {
		out.Rows = append(out.Rows, few...)
	}
	if rapid.Bool().Draw(t, "total") {
		out.Total = row.Draw(t, "sum")
	}
	return out
})

var anyDocument = rapid.Custom(func(t *rapid.T) *Document {
	d := &Document{
		Lang: anyWords.Draw(t, "lang"), Centre: anyWords.Draw(t, "centre"), Title: anyWords.Draw(t, "title"),
		Period: anyWords.Draw(t, "period"), AsOf: anyWords.Draw(t, "asof"), OnePage: rapid.Bool().Draw(t, "one page"),
		Method: rapid.SliceOfN(anyWords, 0, 3).Draw(t, "method"),
	}
	if rapid.Bool().Draw(t, "words") {
		d.Words = russianWords
	}
	one := rapid.Custom(func(t *rapid.T) Block {
		switch rapid.IntRange(0, 3).Draw(t, "block") {
		case 0:
			f := &Figures{}
			for range rapid.IntRange(0, 9).Draw(t, "figures") {
				f.Items = append(f.Items, Figure{anyWords.Draw(t, "name"), anyValue.Draw(t, "value"), []string{anyWords.Draw(t, "note")}, ToneBad})
			}
			return f
		case 1:
			return anyTable.Draw(t, "table")
		case 2:
			return &Prose{anyWords.Draw(t, "prose")}
		}
		c := &Chart{
			Title: anyWords.Draw(t, "title"), Note: anyWords.Draw(t, "note"),
			Ratio:  rapid.SampledFrom([]float64{-1, 0, 0.3, 1, 90}).Draw(t, "ratio"),
			Data:   *anyTable.Draw(t, "data"),
			Native: rapid.SampledFrom([]NativeKind{"", NativeLine, NativeColumn, NativeBar, NativeStacked, "pie"}).Draw(t, "native"),
		}
		if rapid.Bool().Draw(t, "drawn") {
			c.Draw = func(l Look) Picture { return Responses(l, responses("2026-10-24", 7), 0, russian) }
		}
		return c
	})
	blocks := rapid.SliceOfN(one, 0, 4)
	d.Blocks = blocks.Draw(t, "blocks")
	if rapid.Bool().Draw(t, "beside") {
		d.Blocks = append(d.Blocks, &Beside{blocks.Draw(t, "side by side")})
	}
	return d
})

func TestNothingStandsOutsideThePage(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := anyDocument.Draw(t, "document")
		for _, endless := range []bool{false, true} {
			for n, p := range setPages(d, endless) {
				if err := inside(p); err != nil {
					t.Fatalf("page %d: %v", n+1, err)
				}
			}
		}
	})
}

// inside says what stands outside the margins of the page.
func inside(p page) error {
	const rounding = 0.01
	for _, i := range p.items {
		b := i.bounds()
		if l, ok := i.(line); ok && strings.ContainsFunc(l.words, func(r rune) bool { return !drawn(r) }) {
			return fmt.Errorf("%q is not readable", l.words)
		}
		if b.w < 0 || b.h < 0 || !(b.x >= marginLeft-rounding) || !(b.y >= 20) ||
			!(b.x+b.w <= p.width-marginRight+rounding) || !(b.y+b.h <= p.height-20) {
			return fmt.Errorf("%#v at %v is outside %v×%v", i, b, p.width, p.height)
		}
	}
	return nil
}

func TestEveryDocumentIsWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := anyDocument.Draw(t, "document")
		for form, write := range forms {
			if form == "png" {
				continue // the pages of the SVG, at a hundred times its price
			}
			if err := write(io.Discard, d); err != nil {
				t.Fatalf("%s: %v", form, err)
			}
		}
	})
}

// Rows stand whole, under the names of their columns, on every page.
func TestEveryPageOfATableHasItsNames(t *testing.T) {
	pages := setPages(sampleDocument(200), false)
	if len(pages) < 5 {
		t.Fatalf("%d pages", len(pages))
	}
	rows := map[string]int{}
	for n, p := range pages[:4] {
		names := 0
		for _, i := range p.items {
			if l, ok := i.(line); ok {
				rows[l.words]++
				if l.words == "Обращений" && l.bold {
					names++
				}
			}
		}
		if names != 1 {
			t.Errorf("page %d has the names %d times", n+1, names)
		}
	}
	for n := 1; n <= 100; n++ {
		if rows[fmt.Sprint(n)] == 0 {
			t.Errorf("row %d is lacking", n)
		}
	}
}

func TestOnePageStaysOne(t *testing.T) {
	d := sampleDocument(10)
	if n := len(setPages(d, false)); n != 2 {
		t.Fatalf("%d pages before", n)
	}
	d.OnePage = true
	if n := len(setPages(d, false)); n != 1 {
		t.Errorf("%d pages", n)
	}
}

func TestWrap(t *testing.T) {
	for _, c := range []struct {
		words string
		room  float64
		most  int
		want  []string
	}{
		{"Всё в порядке", 200, 0, []string{"Всё в\u00a0порядке"}},
		{"Всё в порядке", 50, 0, []string{"Всё", "в\u00a0порядке"}},
		{"один два три", 30, 2, []string{"один", "два…"}},
		{"автомобильно-дорожный", 80, 0, []string{"автомобильно-", "дорожный"}},
		{"было 2 ч 40 мин", 60, 0, []string{"было", "2\u00a0ч\u00a040\u00a0мин"}},
		{"Школа № 5, округ", 55, 0, []string{"Школа №\u00a05,", "округ"}},
		{"щщщщщщ", 25, 0, []string{"щщщ", "щщщ"}},
		{"  ", 25, 0, nil},
	} {
		got := wrap(c.words, 10, false, c.room, c.most)
		if strings.Join(got, "|") != strings.Join(c.want, "|") {
			t.Errorf("%q in %v: %q, want %q", c.words, c.room, got, c.want)
		}
	}
}
