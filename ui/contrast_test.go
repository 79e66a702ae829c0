package ui

import (
	"image/color"
	"math"
	"testing"

	"otklik/app"
	"otklik/report"
)

// luminance is the relative luminance of WCAG 2.
func luminance(c color.Color) float64 {
	r, g, b, _ := c.RGBA()
	part := func(v uint32) float64 {
		s := float64(v) / 0xffff
		if s <= 0.04045 {
			return s / 12.92
		}
		return math.Pow((s+0.055)/1.055, 2.4)
	}
	return 0.2126*part(r) + 0.7152*part(g) + 0.0722*part(b)
}

// contrast is the ratio of WCAG 2, from 1 to 21.
func contrast(a, b color.Color) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// TestHighContrastIsHigh asks of every pair of ink and ground that occurs what
// WCAG 2 asks: 7:1 for words, 3:1 for edges.
func TestHighContrastIsHigh(t *testing.T) {
	p := contrastPalette
	grounds := map[string]color.Color{
		"ground": p.ground, "surface": p.surface, "shade": p.shade, "selected": p.selected, "hover": p.hover, "note": p.note,
	}
	inks := map[string]color.Color{
		"text": p.text, "second": p.second, "muted": p.muted, "faint": p.faint, "link": p.link,
		"red": p.red, "amber": p.amber, "green": p.green,
	}
	for g, ground := range grounds {
		for i, ink := range inks {
			if c := contrast(ink, ground); c < 7 {
				t.Errorf("%s on %s: %.1f", i, g, c)
			}
		}
	}
	for _, kind := range []tone{toneGrey, toneRed, toneAmber, toneGreen, toneBlue} {
		if ink, ground := kind.of(p); contrast(ink, ground) < 7 {
			t.Errorf("tone %d: %.1f", kind, contrast(ink, ground))
		}
	}
	for name, pair := range map[string][2]color.Color{
		"primary button": {p.onAccent, p.accent}, "primary button under the mouse": {p.onAccent, p.accentHi},
		"count": {color.White, p.badgeRed}, "disabled": {p.faint, p.greySoft},
	} {
		if c := contrast(pair[0], pair[1]); c < 7 {
			t.Errorf("%s: %.1f", name, c)
		}
	}
	for _, s := range app.Sources {
		if c := contrast(color.White, p.source(s)); c < 7 {
			t.Errorf("badge of %s: %.1f", s, c)
		}
	}
	for name, edge := range map[string]color.Color{"border": p.border, "outline": p.outline, "line": p.line, "focus": p.link, "selection": p.accent} {
		if c := contrast(edge, p.surface); c < 3 {
			t.Errorf("%s: %.1f", name, c)
		}
	}
	look := report.Contrast()
	for name, ink := range map[string]color.Color{"ink": look.Ink, "text": look.Text, "goal": look.Goal} {
		if c := contrast(ink, p.surface); c < 7 {
			t.Errorf("%s of charts: %.1f", name, c)
		}
	}
}

// TestLooksAreChosenByName goes from one look to another.
func TestLooksAreChosenByName(t *testing.T) {
	f := openWindow(t, fixed{theme: lookContrast})
	if f.pal != contrastPalette {
		t.Error("--theme contrast shows another look")
	}
	f.setTheme("light")
	if f.pal != lightPalette {
		t.Error("the light look cannot be chosen any more")
	}
}
