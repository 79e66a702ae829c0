package main

import (
	_ "embed"
	"fmt"
	"os"
	"strings"
	"text/template"
	"time"
)

// preface is written by hand: what is compared, and by which rules.
//
//go:embed preface.md
var preface string

// line of the table: one measure of every engine.
type line struct {
	name string
	// of gives the value that engines are compared by, and how it is written; ok is
	// false where the engine has none.
	of    func(m *measured) (value float64, text string, ok bool)
	more  bool // is better
	asked string
}

// timed is a measure of times: the median is compared.
func timed(name, key, asked string) line {
	return line{name: name, asked: asked, of: func(m *measured) (float64, string, bool) {
		t := m.Times[key]
		median := quantile(t, 0.5)
		return median, number(median) + " / " + number(quantile(t, 0.99)), len(t) > 0
	}}
}

func once(name, key, asked string) line {
	return line{name: name, asked: asked, of: func(m *measured) (float64, string, bool) {
		t := m.Times[key]
		v := quantile(t, 0.5)
		return v, number(v), len(t) > 0
	}}
}

func rate(name, key, asked string) line {
	return line{name: name, more: true, asked: asked, of: func(m *measured) (float64, string, bool) {
		v, ok := m.Rates[key]
		return v, fmt.Sprintf("%.0f", v), ok
	}}
}

func space(name, asked string, of func(m *measured) int64) line {
	return line{name: name, asked: asked, of: func(m *measured) (float64, string, bool) {
		v := float64(of(m)) / 1e6
		return v, number(v), v > 0
	}}
}

// lines of the table. What is asked for is asked of a million appeals.
var lines = []line{
	rate("import of appeals, rows a second", "appeal", "≥ 0.5 × SQLite"),
	once("import of the counts, s", "load counts", ""),
	rate("the same appeals as from a spreadsheet, each to be sent; rows a second", "spreadsheet", ""),
	space("memory during the import, MB", "≤ 250", func(m *measured) int64 { return m.Bytes["peak"] }),
	space("file with pages and appeals, MB", "≤ 0.5 × SQLite", func(m *measured) int64 { return m.Bytes["file appeal"] }),
	space("file with the counts, too, MB", "", func(m *measured) int64 { return m.Bytes["file counts"] }),
	timed("cold open to the first list, ms", opening, "≤ 300"),
	timed("list of a filtered view, ms", list, "p99 ≤ 16"),
	timed("search with facets, ms", bare, "p99 ≤ 10, ≥ 10 × FTS5"),
	timed("– of one word", bare+" 1", ""),
	timed("– of two words", bare+" 2", ""),
	timed("– of three words", bare+" 3", ""),
	timed("– asked for the first time", unheard, ""),
	timed("– with the rows of the newest fifty", search, ""),
	timed("a page over three years, ms", curve, "≤ 1"),
	timed("top 100 growth of all pages, ms", highest, "≤ 10"),
	timed("dashboard of a year, ms", figures, "≤ 50"),
	timed("one action of an operator, ms", action, "median ≤ 10"),
	space("memory at rest, MB", "≤ 120", func(m *measured) int64 { return m.Bytes["rest"] }),
}

// report prints the whole, and writes it where the file is named.
func (b *bench) report(path string) error {
	var text strings.Builder
	t, err := template.New("").Parse(preface)
	if err != nil {
		return err
	}
	m, err := b.machine()
	if err != nil {
		return err
	}
	err = t.Execute(&text, map[string]any{
		"Machine": m, "Date": time.Now().Format(time.DateOnly), "Appeals": grouped(b.world.appeals), "Pages": grouped(b.world.pages),
		"Days": grouped(b.world.days), "Seed": b.world.seed, "Lists": lists, "Searches": searches,
		"Rounds": rounds, "Colds": colds, "SheetRows": grouped(min(sheetRows, b.world.appeals)), "Table": b.table(),
		"Tidy": b.tidied(), "Equal": b.equal(), "Minutes": int(time.Since(b.began).Minutes() + 0.5),
	})
	if err != nil {
		return err
	}
	fmt.Print(text.String())
	if path == "" {
		return nil
	}
	return os.WriteFile(path, []byte(text.String()), 0o644)
}

// table of all measures with the ratios to ours: above 1, ours is better.
func (b *bench) table() string {
	var out strings.Builder
	out.WriteString("| |")
	for _, p := range peers {
		out.WriteString(" " + p.title + " |")
	}
	for _, p := range peers[1:] {
		out.WriteString(" ÷ " + p.name + " |")
	}
	out.WriteString(" asked |\n|---|" + strings.Repeat("---|", 2*len(peers)) + "\n")
	for _, l := range lines {
		out.WriteString("| " + l.name + " |")
		ours, _, has := l.of(b.of[peers[0].name])
		var ratios string
		for i, p := range peers {
			v, text, ok := l.of(b.of[p.name])
			if !ok {
				text = "–"
			}
			out.WriteString(" " + text + " |")
			switch {
			case i == 0:
			case !ok || !has || v == 0 || ours == 0:
				ratios += " – |"
			case l.more:
				ratios += " " + number(ours/v) + " |"
			default:
				ratios += " " + number(v/ours) + " |"
			}
		}
		out.WriteString(ratios + " " + l.asked + " |\n")
	}
	return out.String()
}

func (b *bench) tidied() string {
	var out []string
	for _, p := range peers {
		if t := b.of[p.name].Times["tidy"]; len(t) > 0 {
			out = append(out, fmt.Sprintf("%s s for %s", number(t[0]), p.title))
		}
	}
	return strings.Join(out, ", ")
}

// equal says whose answers were those of the plain scan.
func (b *bench) equal() string {
	var wrong []string
	for _, p := range peers {
		if n := len(b.of[p.name].Wrong); n > 0 {
			wrong = append(wrong, fmt.Sprintf("%d of %s were not", n, p.title))
		}
	}
	if wrong == nil {
		return "all of them were equal, of every engine"
	}
	return strings.Join(wrong, ", ")
}

// failed says that an answer of ours or of SQLite was not the plain scan's: then
// there is nothing to compare.
func (b *bench) failed() bool {
	for _, p := range peers {
		if len(b.of[p.name].Wrong) > 0 {
			return true
		}
	}
	return false
}

// number with three digits that count.
func number(v float64) string {
	switch {
	case v >= 100:
		return fmt.Sprintf("%.0f", v)
	case v >= 10:
		return fmt.Sprintf("%.1f", v)
	case v >= 1:
		return fmt.Sprintf("%.2f", v)
	}
	return fmt.Sprintf("%.3f", v)
}

// grouped writes thousands apart.
func grouped(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
