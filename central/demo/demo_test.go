package demo_test

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"
	"unicode/utf8"

	"otklik/app"
	"otklik/assets"
	"otklik/central"
	"otklik/central/demo"
	"otklik/central/embedded"
)

var allRoles = []app.Role{
	app.RoleOperator, app.RoleCurator, app.RoleCoordinator, app.RoleExecutor, app.RoleApprover, app.RoleManager,
}

// moments are a work day, a night, a Sunday: today's queue has to be right at
// any of them.
var moments = []time.Time{
	time.Date(2026, 7, 15, 8, 20, 0, 0, time.UTC),
	time.Date(2026, 3, 11, 22, 5, 0, 0, time.UTC),
	time.Date(2026, 2, 22, 11, 0, 0, 0, time.UTC),
}

func region(t testing.TB) (*app.Region, app.Terms) {
	t.Helper()
	r, terms, err := assets.Region()
	if err != nil {
		t.Fatal(err)
	}
	return r, terms
}

func generate(t testing.TB, seed int64, now time.Time, scale demo.Scale) (all []app.Change) {
	t.Helper()
	r, terms := region(t)
	err := demo.Generate(t.Context(), seed, now, r, terms, scale, func(c []app.Change) error {
		if len(c) > 1000 {
			t.Errorf("a batch of %d", len(c))
		}
		all = append(all, c...)
		return nil
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func appeals(t testing.TB, changes []app.Change) (out []*app.Appeal) {
	t.Helper()
	for _, c := range changes {
		if c.Kind != app.OpCreate {
			continue
		}
		a, err := app.Decode[app.Appeal](c.Body)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, &a)
	}
	return out
}

func digest(changes []app.Change) string {
	h := sha256.New()
	for _, c := range changes {
		h.Write(app.Encode(c))
	}
	return fmt.Sprintf("%x", h.Sum(nil))
}

var small = demo.Scale{Pages: 60, Days: 30, Appeals: 1500, Queue: 160}

func TestSameSeedSameContent(t *testing.T) {
	a, b := digest(generate(t, 7, moments[0], small)), digest(generate(t, 7, moments[0], small))
	if a != b {
		t.Fatal("the same seed gave different content")
	}
	if a == digest(generate(t, 8, moments[0], small)) {
		t.Fatal("another seed gave the same content")
	}
}

// TestConversationsShowEachEnd asks for an answer through a channel of each delivery,
// and for those that somebody has to come back to.
func TestConversationsShowEachEnd(t *testing.T) {
	ends, back, edited := map[app.Delivery]int{}, map[app.Attention]int{}, 0
	for _, a := range appeals(t, generate(t, 1, moments[0], demo.Scale{Pages: 60, Days: 3, Appeals: 100, Queue: 160})) {
		back[a.Attention()]++
		for _, e := range a.Events {
			if told, goes := a.Sent(e); goes {
				ends[told.Delivery]++
			}
			edited += len(a.Edited(e))
		}
	}
	for _, d := range append([]app.Delivery{app.DeliveryQueued}, app.Deliveries...) {
		if ends[d] == 0 {
			t.Errorf("no answer is %s", d)
		}
	}
	if back[app.AttentionWrote] == 0 || back[app.AttentionUnsaid] == 0 || back[app.AttentionUnknown] == 0 || edited == 0 {
		t.Errorf("%v, %d edited", back, edited)
	}
}

func TestHistoriesFollowTheTable(t *testing.T) {
	scale := demo.Scale{Pages: 60, Days: 3, Appeals: 6000, Queue: 160}
	for _, now := range moments {
		seen := map[string]bool{}
		for _, a := range appeals(t, generate(t, 1, now, scale)) {
			if seen[a.ID] {
				t.Fatalf("the ID %s occurs twice", a.ID)
			}
			seen[a.ID] = true
			replay(t, a, now)
			if n := utf8.RuneCountInString(a.Title); n == 0 || n > 60 {
				t.Errorf("a title of %d letters: %q", n, a.Title)
			}
			if a.Author == "" || a.Text == "" {
				t.Errorf("%s: no author or no text", a.Number)
			}
		}
	}
}

// replay folds the history again, asking the judge at each step.
func replay(t *testing.T, a *app.Appeal, now time.Time) {
	t.Helper()
	fresh := a.Clone()
	fresh.Events, fresh.Status, fresh.Outcome, fresh.Parent = nil, app.StatusNew, "", ""
	fresh.Executor, fresh.Assignee, fresh.Hops = "", "", 0
	for i, e := range a.Events {
		if e.At.After(now) || i > 0 && e.At.Before(a.Events[i-1].At) {
			t.Errorf("%s: event %d (%s) at %v", a.Number, i, e.Type, e.At)
		}
		switch e.Type {
		case app.EventPublished, app.EventDetected, app.EventRegistered:
		default:
			if err := app.Judge(fresh, e, append(slices.Clone(allRoles), app.RoleChannel)); err != nil {
				t.Fatalf("%s: event %d: %v", a.Number, i, err)
			}
		}
		fresh.Apply(e)
	}
	was, is := app.Encode(a), app.Encode(fresh)
	if string(was) != string(is) {
		t.Fatalf("%s: the fold differs:\n%s\n%s", a.Number, was, is)
	}
}

func TestQueueOfToday(t *testing.T) {
	_, terms := region(t)
	for _, now := range moments {
		var open, needs, overdue, raised int
		for _, a := range appeals(t, generate(t, 1, now, small)) {
			if !a.Status.Open() {
				continue
			}
			open++
			if _, replied := a.Reply(); replied || !a.Status.NeedsAnswer() {
				continue
			}
			needs++
			due := terms.Deadline(a).Due
			if due.Before(now.Add(-2*time.Hour-20*time.Minute)) || due.After(now.Add(8*time.Hour+20*time.Minute)) {
				t.Errorf("%v: %s (%s) is due %v", now, a.Number, a.Status, due.Sub(now))
			}
			if due.Before(now) {
				overdue++
			}
			if a.Severity >= 3 {
				raised++
			}
		}
		if open != 160 || needs != 38 || overdue < 2 || overdue > 8 || raised < 2 {
			t.Errorf("%v: open %d, need an answer %d, overdue %d, raised %d", now, open, needs, overdue, raised)
		}
	}
}

func TestFiguresAreTrueToLife(t *testing.T) {
	_, terms := region(t)
	now := moments[0]
	var first []time.Duration
	var timed, inTime, again, interim int
	bySource, all := map[app.Source]int{}, 0
	for _, a := range appeals(t, generate(t, 1, now, demo.Scale{Pages: 60, Days: 3, Appeals: 8000, Queue: 160})) {
		all++
		bySource[a.Source]++
		if _, ok := a.Last(app.EventReopened); ok {
			again++
		}
		if _, ok := a.Last(app.EventInterim); ok {
			interim++
		}
		d, ok := a.FirstResponse()
		if a.Kind == app.KindIncident && ok {
			first = append(first, d)
		}
		if due := terms.AnswerDue(a); ok && !due.IsZero() {
			timed++
			if reply, _ := a.Reply(); !reply.At.After(due) {
				inTime++
			}
		}
	}
	slices.Sort(first)
	median, p90 := first[len(first)/2], first[len(first)*9/10]
	share := float64(inTime) / float64(timed)
	t.Logf("median %v, p90 %v, in time %.3f, reopened %d, interim %d of %d", median, p90, share, again, interim, all)
	if median < 2*time.Hour+20*time.Minute || median > 3*time.Hour {
		t.Errorf("median %v", median)
	}
	if p90 < 10*time.Hour+30*time.Minute || p90 > 14*time.Hour+30*time.Minute {
		t.Errorf("p90 %v", p90)
	}
	if share < 0.92 || share > 0.955 {
		t.Errorf("in time %.3f", share)
	}
	if vk := float64(bySource[app.SourceVK]) / float64(all); vk < 0.42 || vk > 0.48 {
		t.Errorf("share of VKontakte %.2f", vk)
	}
	if again == 0 || interim == 0 {
		t.Error("nothing was reopened or answered in the interim")
	}
}

func TestPagesAndCounts(t *testing.T) {
	region, _, err := assets.Region()
	if err != nil {
		t.Fatal(err)
	}
	networks, zones, apart, addresses, twins, gaps, days := map[app.Source]int{}, map[app.Zone]int{}, map[app.Apart]int{}, map[string]bool{}, 0, 0, 0
	for _, c := range generate(t, 1, moments[0], demo.Scale{Pages: 600, Days: 200}) {
		switch c.Kind {
		case app.OpPage:
			p, err := app.Decode[app.Page](c.Body)
			if err != nil || len(p.OGRN) != 13 || p.Name == "" || p.Municipality == "" {
				t.Fatalf("page %+v: %v", p, err)
			}
			networks[p.Network]++
			check := region.Score.Check(&p, 1000, false)
			zones[check.Zone]++
			apart[check.Apart]++
			if a, ok := app.AddressOf(p.Link); ok && addresses[a.Key] {
				twins++
			} else {
				addresses[a.Key] = true
			}
		case app.OpCount:
			n, err := app.Decode[app.Counters](c.Body)
			if err != nil {
				t.Fatal(err)
			}
			days++
			if len(n.Counts) < 600 {
				gaps++
			}
		}
	}
	if networks[app.SourceVK] < 300 || len(networks) != 5 || networks[app.SourceVK] <= networks[app.SourceOK] {
		t.Errorf("networks %v", networks)
	}
	for _, zone := range app.Zones {
		if zones[zone] < 10 {
			t.Errorf("zones %v", zones)
		}
	}
	if twins == 0 || apart[app.ApartGround] == 0 || apart[app.ApartNoLink] == 0 {
		t.Errorf("%d twins, %v apart", twins, apart)
	}
	if days < 190 || gaps == 0 {
		t.Errorf("days %d, with gaps %d", days, gaps)
	}
}

func TestSeededServer(t *testing.T) {
	storage := seeded(t, small)
	defer storage.Close()
	err := storage.View(t.Context(), func(tx central.Reader) error {
		head, err := tx.Head()
		if err != nil || head < 1700 {
			t.Errorf("head %d: %v", head, err)
		}
		page, err := tx.Feed(head-5, 10, 1<<20, nil)
		if err != nil || len(page) != 5 {
			t.Fatalf("feed: %d entries, %v", len(page), err)
		}
		var c app.Change
		if err := json.Unmarshal(page[4].Line, &c); err != nil || c.Seq != head {
			t.Errorf("last change %d: %v", c.Seq, err)
		}
		a, ok, err := tx.Appeal(c.Ent)
		if err != nil || !ok || a.ID != c.Ent {
			t.Errorf("the appeal of the last change: %v %v", ok, err)
		}
		n, err := tx.Number(2026)
		if err != nil || n == 0 {
			t.Errorf("number %d: %v", n, err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func seeded(t testing.TB, scale demo.Scale) central.Storage {
	t.Helper()
	r, terms := region(t)
	storage, err := embedded.Open(filepath.Join(t.TempDir(), "central.db"))
	if err != nil {
		t.Fatal(err)
	}
	err = demo.Generate(t.Context(), 1, moments[0], r, terms, scale, func(c []app.Change) error {
		return central.Seed(context.Background(), storage, c)
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return storage
}

func BenchmarkGenerate(b *testing.B) {
	r, terms := region(b)
	for b.Loop() {
		err := demo.Generate(b.Context(), 1, moments[0], r, terms, demo.Full, func([]app.Change) error { return nil }, nil)
		if err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkGenerateAndStore(b *testing.B) {
	for b.Loop() {
		if err := seeded(b, demo.Full).Close(); err != nil {
			b.Fatal(err)
		}
	}
}
