package main

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"time"

	"github.com/oklog/ulid/v2"

	"otklik/app"
	"otklik/assets"
)

// world makes up a region of any size. Everything follows from the seed: the nth
// appeal is the same whoever asks for it and when.
type world struct {
	seed                 uint64
	appeals, pages, days int

	region *app.Region
	terms  app.Terms
	first  app.Day   // that has counts
	end    time.Time // of the last of them: the moment everything is asked at
	words  *vocabulary
	places []float64 // cumulative shares
	groups []float64
	on     []float64 // pages appeals are left on
	page   []app.Page
}

// sources and their cumulative shares.
var (
	sources      = []app.Source{app.SourceVK, app.SourcePOS, app.SourceIM, app.SourceOK, app.SourceTelegram, app.SourceMAX, app.SourceViber}
	sourceShares = []float64{45, 67, 77, 86, 95, 99, 100}
)

// lastDay of the counts and of the appeals.
var lastDay = time.Date(2026, 10, 31, 0, 0, 0, 0, time.UTC)

// endOf the last day, where everything is asked from.
func endOf(region *app.Region) time.Time { return (app.DayOf(lastDay) + 1).In(region.Location()) }

func newWorld(seed uint64, appeals, pages, days int) (*world, error) {
	region, terms, err := assets.Region()
	if err != nil {
		return nil, err
	}
	last := app.DayOf(lastDay)
	w := &world{
		seed: seed, appeals: appeals, pages: pages, days: days, region: region, terms: terms,
		first: last - app.Day(days) + 1, end: endOf(region),
		words: newVocabulary(seed, len(region.Groups)), groups: zipf(len(region.Groups), 1.5), on: zipf(pages, 20),
	}
	sum := 0.0
	for _, m := range region.Municipalities {
		sum += float64(m.Residents)
		w.places = append(w.places, sum)
	}
	rnd := rand.New(rand.NewPCG(seed, 0x7061676573))
	for i := range pages {
		w.page = append(w.page, w.makePage(rnd, i))
	}
	slices.SortFunc(w.page, func(a, b app.Page) int {
		if a.ID < b.ID {
			return -1
		}
		return 1
	})
	return w, nil
}

func (w *world) makePage(rnd *rand.Rand, i int) app.Page {
	network := one(rnd, []app.Source{app.SourceVK, app.SourceVK, app.SourceVK, app.SourceOK, app.SourceOK, app.SourceTelegram, app.SourceMAX})
	link := fmt.Sprintf("https://%s.example/club%d", network, 100_000_000+i)
	place := w.region.Municipalities[draw(rnd, w.places)].Name
	kind := one(rnd, []string{"Школа", "Детский сад", "Библиотека", "Дом культуры", "Поликлиника", "Спортивная школа"})
	return app.Page{
		ID: app.IDFrom("page", link), Network: network, Name: fmt.Sprintf("%s № %d, %s", kind, i+1, place), Link: link,
		External: strconv.Itoa(100_000_000 + i), Founder: one(rnd, w.region.Executors), Spheres: []string{kind},
		Municipality: place, Level: "Муниципалитет", Status: "активный",
	}
}

// began is when the nth citizen wrote; they follow one another without a pause, so
// that IDs are in the order of time.
func (w *world) began(n int) time.Time {
	span := w.end.Sub(w.first.In(w.region.Location()))
	return w.end.Add(-span + time.Duration(float64(span)*float64(n)/float64(w.appeals))).Truncate(time.Second)
}

// appeal makes the nth of them up.
func (w *world) appeal(n int) *app.Appeal {
	source := rand.NewPCG(w.seed, uint64(n)+1)
	rnd := rand.New(source)
	began := w.began(n)
	id := func(at time.Time) string {
		var e ulid.ULID
		_ = e.SetTime(ulid.Timestamp(at)) // until the year 10889
		binary.BigEndian.PutUint64(e[6:], rnd.Uint64())
		binary.BigEndian.PutUint16(e[14:], uint16(rnd.Uint32()))
		return e.String()
	}
	group := draw(rnd, w.groups)
	g, groups := &w.region.Groups[group], len(w.region.Groups)
	a := &app.Appeal{
		ID: id(began), Number: fmt.Sprintf("%d-%06d", began.Year(), n%1_000_000), Kind: app.KindIncident,
		Source: sources[draw(rnd, sourceShares)], External: strconv.Itoa(10_000_000 + n),
		Title: capital(w.words.word(rnd, group, groups)) + " " + w.words.word(rnd, group, groups) + " " + w.words.word(rnd, group, groups),
		Text:  w.words.text(rnd, group, groups, int(1230*math.Exp(0.35*rnd.NormFloat64()-0.06))),
		// Nobody has this name.
		Author: "житель " + strconv.Itoa(rnd.IntN(400_000)), Contact: "https://vk.example/id" + strconv.Itoa(rnd.IntN(1<<30)),
		Place: "ул. " + capital(one(rnd, w.words.forms[rnd.IntN(300)])) + ", д. " + strconv.Itoa(1+rnd.IntN(150)),
		Link:  "https://vk.example/wall-" + strconv.Itoa(rnd.IntN(1<<30)), Severity: app.Severity(rnd.IntN(4)),
		Municipality: w.region.Municipalities[draw(rnd, w.places)].Name, Group: g.Name, Status: app.StatusNew,
	}
	if a.Source == app.SourcePOS {
		a.Kind = app.KindPOS
	}
	if len(g.Topics) > 0 {
		a.Topic = one(rnd, g.Topics)
	}
	if w.pages > 0 && rnd.IntN(10) < 3 {
		a.Page = w.page[draw(rnd, w.on)].ID
	}
	w.live(rnd, a, began, id)
	return a
}

// live tells what became of the appeal until the moment everything is asked at.
func (w *world) live(rnd *rand.Rand, a *app.Appeal, began time.Time, id func(time.Time) string) {
	hours := func(median, spread float64) time.Duration {
		return time.Duration(median * math.Exp(spread*rnd.NormFloat64()) * float64(time.Hour)).Truncate(time.Second)
	}
	who := "Оператор " + strconv.Itoa(1+rnd.IntN(12))
	at := began
	happens := func(after time.Duration, e app.Event) bool {
		at = at.Add(after)
		if !at.Before(w.end) {
			return false
		}
		e.ID, e.At, e.By = id(at), at.UTC(), who
		a.Apply(e)
		return true
	}
	happens(0, app.Event{Type: app.EventPublished})
	if !happens(time.Duration(1+rnd.IntN(1200))*time.Second, app.Event{Type: app.EventDetected}) {
		return
	}
	switch p := rnd.Float64(); {
	case p < 0.025:
		happens(hours(1, 1), app.Event{Type: app.EventRejected, Text: "Не относится к полномочиям органов региона"})
		return
	case p < 0.04:
		happens(hours(1, 1), app.Event{Type: app.EventMerged, Target: app.IDFrom("parent", a.ID)})
		return
	}
	group := slices.IndexFunc(w.region.Groups, func(g app.TopicGroup) bool { return g.Name == a.Group })
	answer := w.words.text(rnd, group, len(w.region.Groups), 320)
	// Some of the late ones lie about.
	stuck := rnd.IntN(25) == 0 && w.end.Sub(began) < 60*24*time.Hour
	_ = happens(hours(0.4, 0.8), app.Event{Type: app.EventRouted, Target: one(rnd, w.region.Executors)}) &&
		happens(hours(0.8, 1), app.Event{Type: app.EventStarted}) && !stuck &&
		happens(hours(1.2, 1.1), app.Event{Type: app.EventAnswered, Text: answer, Link: a.Link}) &&
		happens(hours(120, 0.9), app.Event{Type: app.EventClosed, Outcome: one(rnd, app.Outcomes)})
}

// counters calls f for every day in turn with one count a page, app.Missing where
// it was not counted. On the last day of a month and a month before the end every
// page there is was counted.
func (w *world) counters(f func(app.Day, []uint32) error) error {
	rnd := rand.New(rand.NewPCG(w.seed, 0x636f756e7473))
	type curve struct {
		count, daily float64
		from         int
	}
	curves := make([]curve, w.pages)
	for i := range curves {
		c := &curves[i]
		c.count = 600 * math.Exp(1.3*rnd.NormFloat64())
		c.daily = c.count * (0.0012*rnd.Float64() - 0.0002)
		if rnd.IntN(9) == 0 {
			c.from, c.count = rnd.IntN(max(1, w.days*2/3)), 12
		}
	}
	for d := range w.days {
		day := w.first + app.Day(d)
		whole := (day+1).In(time.UTC).Day() == 1 || d == w.days-1-month
		down := !whole && rnd.IntN(180) == 0 // the counting service itself
		counts := make([]uint32, w.pages)
		for i := range curves {
			c := &curves[i]
			counts[i] = app.Missing
			if d < c.from {
				continue
			}
			dice := rnd.Uint64()
			c.count = max(1, c.count+c.daily*float64(dice&1023)/512)
			if !down && (whole || dice>>10&127 != 0) {
				counts[i] = uint32(c.count)
			}
		}
		if err := f(day, counts); err != nil {
			return err
		}
	}
	return nil
}

// month is what the growth of all pages is asked over, in days.
const month = 30

// blockDays is how many days of counts the server puts into one row.
const blockDays = 64

// block packs days of counts as the server does, without its maps.
func (w *world) block(days []app.Day, counts [][]uint32) app.CountsBlock {
	b := app.CountsBlock{Days: days}
	for i := range w.page {
		has := false
		for d := range days {
			has = has || counts[d][i] != app.Missing
		}
		if !has {
			continue
		}
		b.Pages = append(b.Pages, w.page[i].ID)
		before := int64(0)
		for d := range days {
			n := counts[d][i]
			if n == app.Missing {
				b.Counts = append(b.Counts, 0)
				continue
			}
			diff := int64(n) - before
			b.Counts = binary.AppendUvarint(b.Counts, uint64(diff<<1^diff>>63)+1)
			before = int64(n)
		}
	}
	return b
}

// eachCount unpacks a block for peers: one call a page with its counts.
func eachCount(b app.CountsBlock, f func(page string, counts []uint32) error) error {
	rest, counts := b.Counts, make([]uint32, len(b.Days))
	for _, page := range b.Pages {
		before := int64(0)
		for d := range counts {
			v, n := binary.Uvarint(rest)
			if n <= 0 {
				return io.ErrUnexpectedEOF
			}
			rest = rest[n:]
			if counts[d] = app.Missing; v > 0 {
				v--
				before += int64(v>>1) ^ -int64(v&1)
				counts[d] = uint32(before)
			}
		}
		if err := f(page, counts); err != nil {
			return err
		}
	}
	return nil
}
