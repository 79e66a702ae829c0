package report

import (
	"image/color"
	"math"

	"github.com/golang/freetype/truetype"

	"otklik/app"
)

// Look is the size and the colours of a picture.
type Look struct {
	Width, Height int     // points, as the screen counts them
	Scale         float32 // pixels a point; 0 is 1
	Background    color.NRGBA
	Palette       Palette // Background's zero value is transparent: the card is drawn by the screen
	Title         string  // what the picture is of, for those who hear it read
	Hidden        Hidden  // series a person has switched off in the legend
	// Occasions are marked on axes of time.
	Occasions []app.Occasion
	// Unfinished is the day that is not over: what is drawn of it is dashed and hollow.
	// Zero: all are. Steps say it of themselves.
	Unfinished app.Day

	on   surface        // nil draws an image
	font *truetype.Font // nil is the screen's
}

// Hidden is a set of series by their numbers in the legend, up to 64.
type Hidden uint64

// Has says whether the series is switched off; Toggle gives the set with it the other
// way round.
func (h Hidden) Has(series int) bool      { return series < 64 && h&(1<<series) != 0 }
func (h Hidden) Toggle(series int) Hidden { return h ^ 1<<series }

// unfinished says whether what is known of the day is not final.
func (l Look) unfinished(d app.Day) bool { return l.Unfinished != 0 && d >= l.Unfinished }

// Palette is the set of colours of one theme.
type Palette struct {
	Ink      color.NRGBA // words that matter
	Text     color.NRGBA // axis labels, «нет данных»
	Grid     color.NRGBA
	Accent   color.NRGBA // lines
	Band     color.NRGBA // p10–p90, translucent
	Goal     color.NRGBA
	Falling  color.NRGBA // a sparkline that ends lower than it began
	HeatLow  color.NRGBA // no appeals
	HeatHigh color.NRGBA // the busiest hour
	Networks map[app.Source]color.NRGBA
	Good     color.NRGBA   // better than asked
	Series   []color.NRGBA // of series without a colour of their own, apart for every eye
}

// Light gives the colours of the drawings.
func Light() Palette {
	return Palette{
		Ink:      rgb(0x1b2430),
		Text:     rgb(0x667085),
		Grid:     rgb(0xeaedf1),
		Accent:   rgb(0x1d4e9e),
		Band:     color.NRGBA{0x1d, 0x4e, 0x9e, 36},
		Goal:     rgb(0xc62828),
		Falling:  rgb(0xc62828),
		HeatLow:  rgb(0xf2f5f9),
		HeatHigh: rgb(0x1d4e9e),
		Networks: map[app.Source]color.NRGBA{
			app.SourceVK:       rgb(0x2a6bc0),
			app.SourceOK:       rgb(0xd9730d),
			app.SourceTelegram: rgb(0x2090c8),
			app.SourceMAX:      rgb(0x7a3fd0),
			app.SourceViber:    rgb(0x6b4fa0),
			app.SourcePOS:      rgb(0x4b4ba8),
			app.SourceIM:       rgb(0x3f6b57),
			app.SourceFile:     rgb(0x5b6577),
			app.SourceOpen311:  rgb(0x0b7a75),
		},
		Good:   rgb(0x2e7d32),
		Series: []color.NRGBA{rgb(0x1d4e9e), rgb(0xd9730d), rgb(0x0b8468), rgb(0xa8329e), rgb(0x5b6577), rgb(0x8a6400)},
	}
}

// Dark gives colours for a card of about #1b2230.
func Dark() Palette {
	return Palette{
		Ink:      rgb(0xe6eaf2),
		Text:     rgb(0x9aa7bd),
		Grid:     rgb(0x2e384b),
		Accent:   rgb(0x76a7f0),
		Band:     color.NRGBA{0x76, 0xa7, 0xf0, 44},
		Goal:     rgb(0xf07b7b),
		Falling:  rgb(0xf07b7b),
		HeatLow:  rgb(0x263043),
		HeatHigh: rgb(0x7fb0f7),
		Networks: map[app.Source]color.NRGBA{
			app.SourceVK:       rgb(0x5a93e3),
			app.SourceOK:       rgb(0xee9440),
			app.SourceTelegram: rgb(0x47b3e6),
			app.SourceMAX:      rgb(0xa67cf0),
			app.SourceViber:    rgb(0xa08bd6),
			app.SourcePOS:      rgb(0x8a8ee6),
			app.SourceIM:       rgb(0x6fb498),
			app.SourceFile:     rgb(0x94a1b6),
			app.SourceOpen311:  rgb(0x45b8b0),
		},
		Good:   rgb(0x74c982),
		Series: []color.NRGBA{rgb(0x76a7f0), rgb(0xee9440), rgb(0x4cc3a0), rgb(0xe08ad6), rgb(0x94a1b6), rgb(0xd8c35a)},
	}
}

// Contrast gives colours for a black card and eyes that need more.
func Contrast() Palette {
	p := Dark()
	p.Ink, p.Text, p.Grid = rgb(0xffffff), rgb(0xe6e6e6), rgb(0x767676)
	p.Accent, p.Goal, p.Falling = rgb(0x9ec9ff), rgb(0xff9e9e), rgb(0xff9e9e)
	p.Band = color.NRGBA{0x9e, 0xc9, 0xff, 70}
	p.HeatLow, p.HeatHigh = rgb(0x1a1a1a), rgb(0x9ec9ff)
	p.Good = rgb(0x9be8a8)
	p.Series = []color.NRGBA{rgb(0x9ec9ff), rgb(0xffb066), rgb(0x6ff0c8), rgb(0xffa8f4), rgb(0xd0d6e0), rgb(0xffe98a)}
	return p
}

// Network gives the colour of the network, the colour of plain words for one
// the palette does not know.
func (p Palette) Network(s app.Source) color.NRGBA {
	if c, ok := p.Networks[s]; ok {
		return c
	}
	return p.Text
}

// series gives the colour of the i-th series; they begin anew after the last.
func (p Palette) series(i int) color.NRGBA {
	if len(p.Series) == 0 {
		return p.Accent
	}
	return p.Series[i%len(p.Series)]
}

func rgb(v uint32) color.NRGBA {
	return color.NRGBA{uint8(v >> 16), uint8(v >> 8), uint8(v), 0xff}
}

// Bounds of what is drawn: a screen that reports nonsense must not take the
// memory of the machine.
const (
	maxPoints = 8192
	maxScale  = 8
)

// scale gives pixels a point, always usable.
func (l Look) scale() float64 {
	s := float64(l.Scale)
	if s > 0 && !math.IsInf(s, 0) {
		return min(max(s, 0.25), maxScale)
	}
	return 1
}

// pixels gives the size of the picture in pixels, at least 1×1.
func (l Look) pixels() (w, h int) {
	size := func(points int) int {
		return max(1, int(math.Round(float64(min(points, maxPoints))*l.scale())))
	}
	return size(l.Width), size(l.Height)
}
