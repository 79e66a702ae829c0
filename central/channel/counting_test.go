package channel_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"otklik/app"
	"otklik/central"
	"otklik/central/channel"
	"otklik/central/channel/channeltest"
)

// counter is a platform that counts: page n of the world has 100+n subscribers.
type counter struct {
	toy
	batch int
	count func(pages []app.Page) error // what goes wrong with a call
	told  map[string]channel.Counted   // by links, instead of a number

	mu    sync.Mutex
	calls [][]string // links
}

func (c *counter) Batch() int { return c.batch }

func (c *counter) Count(_ context.Context, pages []app.Page) (map[string]channel.Counted, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	var links []string
	out := map[string]channel.Counted{}
	for _, p := range pages {
		links = append(links, p.Link)
		var n uint32
		if _, err := fmt.Sscanf(p.Link, "vk.com/%d", &n); err == nil {
			out[p.ID] = channel.Counted{Subscribers: 100 + n}
		}
		if t, is := c.told[p.Link]; is {
			out[p.ID] = t
		}
	}
	c.calls = append(c.calls, links)
	if c.count != nil {
		if err := c.count(pages); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func pageID(link string) string { return app.IDFrom("page", link) }

func keepPages(t *testing.T, w *channeltest.World, pages ...app.Page) {
	t.Helper()
	err := w.Storage().Update(t.Context(), func(tx central.Tx) error {
		for _, p := range pages {
			if p.ID == "" {
				p.ID = pageID(p.Link)
			}
			p.Name = "Администрация"
			if err := tx.PutPage(p); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func numbered(n int) (out []app.Page) {
	for i := range n {
		link := fmt.Sprintf("vk.com/%d", i)
		out = append(out, app.Page{ID: pageID(link), Network: app.SourceVK, Link: link})
	}
	return out
}

func counts(t *testing.T, w *channeltest.World, day string) map[string]uint32 {
	t.Helper()
	d, err := app.ParseDay(day)
	if err != nil {
		t.Fatal(err)
	}
	var c app.Counters
	err = w.Storage().View(t.Context(), func(tx central.Reader) (err error) {
		c, _, err = tx.Counters(d)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return c.Counts
}

var moscow = func() *time.Location {
	z, err := time.LoadLocation("Europe/Moscow")
	if err != nil {
		panic(err)
	}
	return z
}()

// hand is a clock that is set by hand.
type hand struct {
	mu sync.Mutex
	at time.Time
}

func (h *hand) now() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.at
}

func (h *hand) set(at time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.at = at
}

func countWorld(t *testing.T, c *counter, clock *hand, o channel.Options) *channeltest.World {
	t.Helper()
	if o.Daily == nil {
		o.Daily = &channel.Daily{At: 3*60 + 10, Zone: moscow}
	}
	o.Now = clock.now
	return channeltest.NewWorld(t, o, channel.Line{Name: "toy", Title: "Бот", Platform: c, Counts: 10_000})
}

func TestPagesAreCountedInBatchesAndWrittenAsOneDay(t *testing.T) {
	c := &counter{batch: 3}
	w := countWorld(t, c, &hand{at: time.Date(2026, 7, 15, 9, 0, 0, 0, moscow)}, channel.Options{})
	keepPages(t, w, numbered(7)...)
	keepPages(t, w, app.Page{ID: app.IDFrom("no link"), Network: app.SourceVK}, app.Page{Network: app.SourceOK, Link: "ok.ru/1"},
		app.Page{Network: app.SourceVK, Link: "vk.com/gone"})
	head := func() uint64 {
		n, err := w.Server.Head(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	before := head()
	tally, err := w.Hub.CountNow(t.Context())
	if err != nil || tally.Counted != 7 || tally.Nobody != 1 || tally.Lines["toy"] != (channel.LineTally{Counted: 7, Gaps: 1}) {
		t.Errorf("%+v %v", tally, err)
	}
	if after := head(); after != before+1 {
		t.Errorf("%d changes", after-before)
	}
	got := counts(t, w, "2026-07-15")
	if len(got) != 7 || got[pageID("vk.com/4")] != 104 {
		t.Errorf("%v", got)
	}
	if _, zero := got[pageID("vk.com/gone")]; zero {
		t.Error("a page that is not told of has a count")
	}
	var sizes []int
	for _, links := range c.calls {
		sizes = append(sizes, len(links))
	}
	if !slices.Equal(sizes, []int{3, 3, 2}) {
		t.Errorf("%v", sizes)
	}
}

func TestAPageThePlatformChokesOnIsAGapAlone(t *testing.T) {
	var log bytes.Buffer
	c := &counter{batch: 8, count: func(pages []app.Page) error {
		if slices.ContainsFunc(pages, func(p app.Page) bool { return p.Link == "vk.com/5" }) {
			return &channel.Refused{Code: "100", Reason: channel.ReasonOther}
		}
		return nil
	}}
	o := channel.Options{Log: slog.New(slog.NewTextHandler(&log, nil))}
	w := countWorld(t, c, &hand{at: time.Date(2026, 7, 15, 9, 0, 0, 0, moscow)}, o)
	keepPages(t, w, numbered(20)...)
	tally, err := w.Hub.CountNow(t.Context())
	if err != nil || tally.Lines["toy"] != (channel.LineTally{Counted: 19, Gaps: 1}) {
		t.Errorf("%+v %v", tally, err)
	}
	if got := counts(t, w, "2026-07-15"); len(got) != 19 || got[pageID("vk.com/6")] != 106 {
		t.Errorf("%v", got)
	}
	if strings.Contains(log.String(), "vk.com") || !strings.Contains(log.String(), "100") {
		t.Errorf("the log says %s", &log)
	}
}

// TestALineThatIsDownIsGivenUp: a network that is down, wrong credentials and an answer
// to wait are no zeros, and nobody hammers at them.
func TestALineThatIsDownIsGivenUp(t *testing.T) {
	for _, c := range []struct {
		name  string
		err   error
		calls int
		found int
	}{
		{"down", &url.Error{Op: "Get", URL: "https://secret", Err: errors.New("refused")}, 48, 0},
		{"wrong credentials", &channel.Refused{Code: "5", Reason: channel.ReasonAccess}, 1, 0},
		{"asks to wait", &channel.Wait{For: 20 * time.Second}, 11, 10},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				calls := 0
				p := &counter{batch: 1, count: func([]app.Page) error {
					calls++
					if _, wait := c.err.(*channel.Wait); wait && calls > 1 {
						return nil
					}
					return c.err
				}}
				pages, began := numbered(10), time.Now()
				if c.calls == 48 {
					pages = numbered(200)
				}
				found := channel.Ask(t.Context(), channel.Line{Name: "toy", Platform: p, Counts: 1}, p, pages)
				if len(found) != c.found || calls != c.calls {
					t.Errorf("%d counted, %d calls", len(found), calls)
				}
				if took := time.Since(began); c.found > 0 && took < 29*time.Second {
					t.Errorf("took %s: neither the wait nor one call a second was kept to", took)
				}
			})
		})
	}
}

func TestOnceADay(t *testing.T) {
	at := func(day, hour, minute int) time.Time { return time.Date(2026, 7, day, hour, minute, 0, 0, moscow) }
	clock := &hand{at: at(15, 3, 9)}
	c := &counter{batch: 10}
	w := countWorld(t, c, clock, channel.Options{})
	keepPages(t, w, numbered(1)...)
	due := func(want bool) {
		t.Helper()
		if _, done, err := w.Hub.CountDue(t.Context()); err != nil || done != want {
			t.Errorf("%s: %v %v", clock.now(), done, err)
		}
	}
	due(false)
	clock.set(at(15, 3, 10))
	due(true)
	due(false)
	w.Stop()
	w.Start()
	clock.set(at(15, 23, 59))
	due(false)
	clock.set(at(16, 0, 1))
	due(false)
	clock.set(at(16, 12, 0)) // was switched off at the hour
	due(true)
	c.told = map[string]channel.Counted{"vk.com/0": {Subscribers: 7}}
	clock.set(at(16, 13, 0))
	if _, err := w.Hub.CountNow(t.Context()); err != nil {
		t.Error(err)
	}
	if a, b := counts(t, w, "2026-07-15"), counts(t, w, "2026-07-16"); a[pageID("vk.com/0")] != 100 || b[pageID("vk.com/0")] != 7 {
		t.Errorf("%v %v", a, b)
	}
	if len(c.calls) != 3 {
		t.Errorf("%d calls", len(c.calls))
	}
}

// TestADayWithoutTheHourAndADayWithTwo: Berlin moves its clocks over the hour.
func TestADayWithoutTheHourAndADayWithTwo(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	clock := &hand{}
	c := &counter{batch: 10}
	o := channel.Options{Daily: &channel.Daily{At: 2*60 + 30, Zone: berlin}}
	w := countWorld(t, c, clock, o)
	keepPages(t, w, numbered(1)...)
	for _, night := range []time.Time{time.Date(2026, 3, 28, 22, 0, 0, 0, time.UTC), time.Date(2026, 10, 24, 20, 0, 0, 0, time.UTC)} {
		counted := map[string]int{}
		for at := night; at.Before(night.Add(50 * time.Hour)); at = at.Add(10 * time.Minute) {
			clock.set(at)
			tally, done, err := w.Hub.CountDue(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if done {
				counted[tally.Day.String()]++
			}
		}
		for day, n := range counted {
			if n != 1 {
				t.Errorf("%s was counted %d times", day, n)
			}
		}
		if len(counted) < 2 {
			t.Errorf("%v", slices.Sorted(maps.Keys(counted)))
		}
	}
}

func TestACountThatWasCutOff(t *testing.T) {
	clock := &hand{at: time.Date(2026, 7, 15, 9, 0, 0, 0, moscow)}
	ctx, stop := context.WithCancel(t.Context())
	c := &counter{batch: 10}
	var w *channeltest.World
	var second error
	c.count = func([]app.Page) error {
		if second == nil {
			_, second = w.Hub.CountNow(t.Context()) // somebody else at the same time
			stop()
		}
		return nil
	}
	w = countWorld(t, c, clock, channel.Options{})
	keepPages(t, w, numbered(3)...)
	if _, _, err := w.Hub.CountDue(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	if !errors.Is(second, channel.ErrCounting) {
		t.Errorf("%v", second)
	}
	if _, done, err := w.Hub.CountDue(t.Context()); err != nil || !done || len(counts(t, w, "2026-07-15")) != 3 {
		t.Errorf("%v %v", done, err)
	}
}

func TestWhatElseAPlatformTellsOfAPage(t *testing.T) {
	posts, last := 4, time.Date(2026, 7, 14, 8, 0, 0, 0, time.UTC)
	c := &counter{batch: 10, told: map[string]channel.Counted{
		"vk.com/1": {Subscribers: 5, PostsWeek: &posts, LastPost: last, Marks: map[string]bool{app.MarkAvatar: true, app.MarkCover: false}},
		"vk.com/3": {Subscribers: 6, External: "17", Marks: map[string]bool{app.MarkDescription: false, app.MarkCover: false}},
	}}
	clock := &hand{at: time.Date(2026, 7, 15, 9, 0, 0, 0, moscow)}
	w := countWorld(t, c, clock, channel.Options{})
	keepPages(t, w, app.Page{
		Network: app.SourceVK, Link: "vk.com/1", Keeper: "Иванова", Marks: []string{app.MarkWidget, app.MarkCover}, MarksKnown: true,
	}, app.Page{Network: app.SourceVK, Link: "vk.com/2"}, app.Page{Network: app.SourceVK, Link: "vk.com/3", Marks: []string{app.MarkCover}})
	head := uint64(0)
	for i := range 2 {
		if _, err := w.Hub.CountNow(t.Context()); err != nil {
			t.Fatal(err)
		}
		now, err := w.Server.Head(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if want := uint64(3 - 2*i); now-head != want {
			t.Errorf("count %d made %d changes", i, now-head)
		}
		head = now
		clock.set(clock.now().Add(time.Minute))
	}
	if tally, err := w.Hub.CountNow(t.Context()); err != nil || tally.Lines["toy"] != (channel.LineTally{Counted: 3, Posts: 1}) {
		t.Errorf("%+v %v", tally, err)
	}
	var p, fresh app.Page
	err := w.Storage().View(t.Context(), func(tx central.Reader) (err error) {
		if p, _, err = tx.Page(pageID("vk.com/1")); err == nil {
			fresh, _, err = tx.Page(pageID("vk.com/3"))
		}
		return err
	})
	if err != nil || p.PostsWeek == nil || *p.PostsWeek != 4 || !p.LastPost.Equal(last) || p.Keeper != "Иванова" ||
		!slices.Equal(p.Marks, []string{app.MarkWidget, app.MarkAvatar}) || !p.MarksKnown {
		t.Errorf("%+v %v", p, err)
	}
	if _, cover := fresh.Mark(app.MarkCover); fresh.External != "17" || len(fresh.Marks) != 0 || !cover ||
		!slices.Equal(fresh.Looked, []string{app.MarkCover, app.MarkDescription}) || fresh.PostsWeek != nil {
		t.Errorf("%+v", fresh)
	}
}
