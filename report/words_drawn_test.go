package report

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"otklik/app"
)

// count is how often the words stand in the picture.
func (l *ledger) count(s string) int {
	n := 0
	for _, w := range l.words {
		if w.words == s {
			n++
		}
	}
	return n
}

// wordsOf gives the words of a picture at scale 1.
func wordsOf(w, h int, draw func(Look) Picture) *ledger {
	font, err := typeface()
	if err != nil {
		panic(err)
	}
	look, on := light(w, h, 1), &ledger{font: font}
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
		on := wordsOf(450, 205, c.draw)
		if on.count(none) != 1 || on.count(c.zero) < 1 {
			t.Errorf("%s: %v", name, on.words)
		}
	}
	// Where there is no room for a column of values the dash stands in place of the bar.
	on := wordsOf(130, 120, func(l Look) Picture { return Bars(l, bars, 0, countText, russian) })
	if on.count(none) != 1 {
		t.Errorf("narrow: %v", on.words)
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
		on := wordsOf(450, 205, draw)
		cut := slices.ContainsFunc(on.words, func(w written) bool {
			return strings.HasSuffix(w.words, "…") && strings.HasPrefix(long, strings.TrimSuffix(w.words, "…"))
		})
		if !cut || on.count("ЖКХ") != 1 || on.count(long) != 0 {
			t.Errorf("%s: %v", name, on.words)
		}
	}
}

func TestRowsWithoutRoomAreCounted(t *testing.T) {
	bars := make([]Bar, 40)
	for i := range bars {
		bars[i] = Bar{Name: "р", Value: 1}
	}
	draw := func(l Look) Picture { return Bars(l, bars, 0, countText, russian) }
	on := wordsOf(450, 205, draw)
	left := 40 - on.count("р")
	if left == 0 || on.count("и ещё "+spaced(left)) != 1 {
		t.Errorf("%d rows: %v", on.count("р"), on.words)
	}
	if on := wordsOf(450, LadderHeight(40), draw); on.count("р") != 40 {
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
			on := wordsOf(w, h, func(look Look) Picture {
				look.Occasions = occasions
				return draw(look)
			})
			for i, a := range on.words {
				for _, b := range on.words[:i] {
					if over := a.at.Intersect(b.at); over.Dx() > 1 && over.Dy() > 1 {
						t.Fatalf("%s at %d×%d: %q on %q", name, w, h, a.words, b.words)
					}
				}
			}
		}
	})
}
