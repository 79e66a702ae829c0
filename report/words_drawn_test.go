package report

import (
	"image"
	"image/color"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"otklik/app"
)

// ledger is a surface that remembers the words and what they cover.
type ledger struct {
	words  []string
	places []image.Rectangle
}

func (l *ledger) paint(color.NRGBA, [][]point, []stroke) {}
func (l *ledger) block(image.Rectangle, color.NRGBA)     {}

func (l *ledger) text(s string, x, y int, size float64, _ color.NRGBA) {
	f := newFrame(Look{Scale: 1}, Labels{})
	l.words = append(l.words, s)
	l.places = append(l.places, image.Rect(x, y-int(size*0.7), x+f.advance(s, size), y))
}

// count is how often the words stand in the picture.
func (l *ledger) count(s string) int {
	n := 0
	for _, w := range l.words {
		if w == s {
			n++
		}
	}
	return n
}

// written gives the words of a picture at scale 1.
func written(w, h int, draw func(Look) Picture) *ledger {
	look, on := light(w, h, 1), &ledger{}
	look.on = on
	draw(look)
	return on
}

func TestMissingIsADash(t *testing.T) {
	bars := []Bar{{Name: "ноль"}, {Name: "нет", None: true}, {Name: "пять", Value: 5}}
	boxes := []Box{{"ноль", app.Summary{N: 4}}, {"нет", app.Summary{}}, {"есть", summary(9, 1, 2, 3, 4)}}
	tiles := []MapTile{{Short: "НОЛЬ"}, {Short: "НЕТ", None: true, Tile: app.Tile{Column: 1}}, {Short: "ПЯТЬ", Value: 5, Tile: app.Tile{Column: 2}}}
	for name, c := range map[string]struct {
		draw func(Look) Picture
		zero string
	}{
		"bars":  {func(l Look) Picture { return Bars(l, bars, 0, countText, russian) }, "0"},
		"boxes": {func(l Look) Picture { return Boxes(l, boxes, 0, russian) }, "0"},
		"tiles": {func(l Look) Picture { return TileMap(l, tiles, countText, russian) }, "0"},
	} {
		on := written(450, 205, c.draw)
		if on.count(none) != 1 || on.count(c.zero) < 1 {
			t.Errorf("%s: %q", name, on.words)
		}
	}
	// Where there is no room for a column of values the dash stands in place of the bar.
	on := written(130, 120, func(l Look) Picture { return Bars(l, bars, 0, countText, russian) })
	if on.count(none) != 1 {
		t.Errorf("narrow: %q", on.words)
	}
}

func TestLongNamesAreCutAndShortOnesAreNot(t *testing.T) {
	long := "Управление по благоустройству, дорожному хозяйству и транспорту администрации муниципального округа"
	bars := []Bar{{Name: long, Value: 1}, {Name: "ЖКХ", Value: 2}}
	boxes := []Box{{long, summary(9, 1, 2, 3, 4)}, {"ЖКХ", summary(9, 1, 2, 3, 4)}}
	tiles := []MapTile{{Name: long, Value: 1}, {Name: "ЖКХ", Value: 2, Tile: app.Tile{Column: 1}}}
	for name, draw := range map[string]func(Look) Picture{
		"bars":  func(l Look) Picture { return Bars(l, bars, 0, countText, russian) },
		"boxes": func(l Look) Picture { return Boxes(l, boxes, 0, russian) },
		"tiles": func(l Look) Picture { return TileMap(l, tiles, countText, russian) },
	} {
		on := written(450, 205, draw)
		cut := slices.ContainsFunc(on.words, func(s string) bool {
			return strings.HasSuffix(s, "…") && strings.HasPrefix(long, strings.TrimSuffix(s, "…"))
		})
		if !cut || on.count("ЖКХ") != 1 || on.count(long) != 0 {
			t.Errorf("%s: %q", name, on.words)
		}
	}
}

func TestRowsWithoutRoomAreCounted(t *testing.T) {
	bars := make([]Bar, 40)
	for i := range bars {
		bars[i] = Bar{Name: "р", Value: 1}
	}
	draw := func(l Look) Picture { return Bars(l, bars, 0, countText, russian) }
	on := written(450, 205, draw)
	left := 40 - on.count("р")
	if left == 0 || on.count("и ещё "+spaced(left)) != 1 {
		t.Errorf("%d rows: %q", on.count("р"), on.words)
	}
	if on := written(450, LadderHeight(40), draw); on.count("р") != 40 {
		t.Errorf("LadderHeight has room for %d rows of 40", on.count("р"))
	}
}

func TestWordsStandClearOfEachOther(t *testing.T) {
	length := rapid.Map(rapid.Int64Range(0, 200*3600), func(s int64) time.Duration { return time.Duration(s) * time.Second })
	rapid.Check(t, func(t *rapid.T) {
		all := app.Summary{N: 900, Median: length.Draw(t, "median"), P90: length.Draw(t, "p90")}
		goal := length.Draw(t, "goal")
		w, h := rapid.IntRange(200, 700).Draw(t, "width"), rapid.IntRange(120, 300).Draw(t, "height")
		d := usual()
		var occasions []app.Occasion
		for i := range rapid.IntRange(0, 5).Draw(t, "occasions") {
			occasions = append(occasions, app.Occasion{Date: d.from + app.Day(i*i), Name: "День города"})
		}
		for name, draw := range map[string]func(Look) Picture{
			"histogram":  func(l Look) Picture { return Histogram(l, d.bins, all, goal, russian) },
			"boxes":      func(l Look) Picture { return Boxes(l, d.boxes, goal, russian) },
			"bars":       func(l Look) Picture { return Bars(l, d.bars, goal.Hours(), hoursText, russian) },
			"unanswered": func(l Look) Picture { return Unanswered(l, d.curve, goal, russian) },
			"pace":       func(l Look) Picture { return Pace(l, d.steps, russian) },
			"intime":     func(l Look) Picture { return InTime(l, d.steps, russian) },
			"shares":     func(l Look) Picture { return NetworkShares(l, d.networks, d.from, russian) },
			"lines":      func(l Look) Picture { return Lines(l, d.lines, d.period, russian) },
			"tilemap":    func(l Look) Picture { return TileMap(l, d.tiles, countText, russian) },
		} {
			on := written(w, h, func(look Look) Picture {
				look.Occasions = occasions
				return draw(look)
			})
			for i, a := range on.places {
				if !a.In(image.Rect(0, -2, w, h+2)) {
					t.Fatalf("%s: %q at %v is cut by %d×%d", name, on.words[i], a, w, h)
				}
				for j, b := range on.places[:i] {
					if a.Overlaps(b) {
						t.Fatalf("%s: %q on %q", name, on.words[i], on.words[j])
					}
				}
			}
		}
	})
}
