package report

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"otklik/app"
)

// hostile are words that end elements, attributes and files.
const hostile = "<b>&\"'</text><script>alert(1)</script>]]>\x00\x07\ufffe"

func hostileLabels() Labels {
	l := russian
	l.NoData, l.Median, l.Band, l.Mean, l.Goal = hostile, hostile, hostile, hostile, hostile
	l.Number = func(float64, []float64) string { return "<&>\"" }
	l.Time = func(time.Duration) string { return "<&>\"" }
	l.Network = func(app.Source) string { return hostile }
	l.Weekday = func(time.Weekday) string { return "<&>\"" }
	l.Day = func(app.Day) string { return "'<" }
	return l
}

// drawnAs gives the charts of the gallery of hard cases as SVG.
func drawnAs(t *testing.T, look Look, draw func(Look) Picture) string {
	t.Helper()
	var out bytes.Buffer
	if err := SVG(&out, look, draw); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestSVGHoldsHostileWords(t *testing.T) {
	for _, c := range hardCharts {
		for _, h := range hardCases {
			h.labels, h.place = hostileLabels(), func(int) string { return hostile }
			look := light(c.w, c.h, 1)
			look.Title = hostile
			look.Occasions = []app.Occasion{{Date: day("2026-10-25"), Name: hostile}}
			words := readSVG(t, c.name+", "+h.name, drawnAs(t, look, func(l Look) Picture {
				p := c.draw(l, h)
				if l.on != nil && p.Image != nil && c.name != "sparkline" {
					t.Errorf("%s: an image nobody asked for", c.name)
				}
				return p
			}))
			if !strings.Contains(words, "<b>&\"'</text><script>") {
				t.Errorf("%s, %s: the words are not whole: %q", c.name, h.name, words)
			}
		}
	}
}

// readSVG parses the file and gives its words; only what draws may be in it.
func readSVG(t *testing.T, name, file string) (words string) {
	t.Helper()
	allowed := map[string]string{
		"svg": "xmlns width height viewBox role font-family font-weight", "title": "", "g": "opacity",
		"path": "d fill stroke stroke-width stroke-linejoin", "rect": "x y width height fill fill-opacity",
		"text": "x y font-size textLength lengthAdjust fill fill-opacity",
	}
	d := xml.NewDecoder(strings.NewReader(file))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return words
		}
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		switch token := token.(type) {
		case xml.CharData:
			words += string(token)
		case xml.StartElement:
			attributes, ok := allowed[token.Name.Local]
			if !ok {
				t.Fatalf("%s: an element %s", name, token.Name.Local)
			}
			for _, a := range token.Attr {
				if !strings.Contains(" "+attributes+" ", " "+a.Name.Local+" ") || strings.Contains(a.Value, "NaN") {
					t.Fatalf("%s: %s has %s=%q", name, token.Name.Local, a.Name.Local, a.Value)
				}
			}
		}
	}
}

func TestSVGIsThePicture(t *testing.T) {
	look := light(450, 205, 1)
	draw := func(l Look) Picture {
		return Responses(l, responses("2026-10-24", 31, 8, 9), 4*time.Hour, russian)
	}
	var drawn Picture
	file := drawnAs(t, look, func(l Look) Picture { drawn = draw(l); return drawn })
	if !strings.HasPrefix(file, `<svg xmlns="http://www.w3.org/2000/svg" width="450" height="205" viewBox="0 0 450 205"`) {
		t.Errorf("begins %.120q", file)
	}
	image := draw(look)
	if drawn.Plot != image.Plot || len(drawn.Legend) != len(image.Legend) {
		t.Errorf("plot %v, that of the image %v", drawn.Plot, image.Plot)
	}
	for _, words := range []string{"медиана", "p10 – p90", "24 окт", "12 ч", "цель 4 ч 30 мин"} {
		if !strings.Contains(file, ">"+words+"</text>") {
			t.Errorf("%q is not written", words)
		}
	}
	look.Scale = 2
	if file := drawnAs(t, look, draw); !strings.HasPrefix(file, `<svg xmlns="http://www.w3.org/2000/svg" width="450" height="205" viewBox="0 0 900 410"`) {
		t.Errorf("at twice the scale %.120q", file)
	}
}
