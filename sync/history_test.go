package sync_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"otklik/app"
	"otklik/central"
	"otklik/sync/wire"
)

// restore puts the server back to a copy of its file, as an administrator does:
// with a new epoch that goes on from the copy's head.
func (r *region) restore(copied string) {
	r.t.Helper()
	r.down()
	data, err := os.ReadFile(copied)
	if err != nil {
		r.t.Fatal(err)
	}
	if err := os.WriteFile(r.path, data, 0o600); err != nil {
		r.t.Fatal(err)
	}
	r.up()
	if err := central.BeginEpoch(context.Background(), r.storage); err != nil {
		r.t.Fatal(err)
	}
	r.down()
	r.up()
}

// copied gives a copy of the server's file as it is now.
func (r *region) copied() string {
	r.t.Helper()
	r.down()
	defer r.up()
	data, err := os.ReadFile(r.path)
	if err != nil {
		r.t.Fatal(err)
	}
	to := filepath.Join(r.t.TempDir(), "backup.db")
	if err := os.WriteFile(to, data, 0o600); err != nil {
		r.t.Fatal(err)
	}
	return to
}

func notes(a *app.Appeal) (all []string) {
	for _, e := range a.Events {
		if e.Type == app.EventNote {
			all = append(all, e.Text)
		}
	}
	slices.Sort(all)
	return all
}

// TestRestoredServerGetsEverythingBack loses an appeal and notes of two
// stations with a restore; each sends again what it had written, in whatever
// order they come.
func TestRestoredServerGetsEverythingBack(t *testing.T) {
	for _, first := range []string{"author", "other"} {
		t.Run(first+" comes first", func(t *testing.T) {
			r := newRegion(t)
			one, two := r.station("Оператор 1"), r.station("Оператор 2")
			kept := one.take("Яма, которую помнит копия")
			one.once()
			two.once()
			backup := r.copied()
			lost := one.take("Яма, которую копия не помнит")
			one.act(kept, app.Event{Type: app.EventNote, Text: "первый"})
			one.once()
			two.once()
			two.act(lost, app.Event{Type: app.EventNote, Text: "второй"})
			two.act(kept, app.Event{Type: app.EventNote, Text: "третий"})
			two.once()
			one.once()

			r.restore(backup)
			order := []*station{one, two}
			if first == "other" {
				order = []*station{two, one}
			}
			for range 3 { // the one that came too early comes again
				for _, s := range order {
					s.once()
					s.pass(2 * retryPause)
				}
			}
			for _, s := range order {
				if state := s.once(); state.Pending != 0 || state.Refused != 0 || state.Conflicts != 0 {
					t.Errorf("state %+v", state)
				}
				if n := notes(s.appeal(lost)); !slices.Equal(n, []string{"второй"}) {
					t.Errorf("the lost appeal has the notes %v", n)
				}
				if n := notes(s.appeal(kept)); !slices.Equal(n, []string{"первый", "третий"}) {
					t.Errorf("the other has the notes %v", n)
				}
			}
			if one.appeal(lost).Number == "" || one.appeal(lost).Number != two.appeal(lost).Number {
				t.Errorf("numbers %q and %q", one.appeal(lost).Number, two.appeal(lost).Number)
			}
		})
	}
}

// TestServerRestoredTwiceBeforeTheSnapshot: what the first restore had kept and the
// second lost is sent again, though the station has seen nothing of the server in
// between but that it had to go back.
func TestServerRestoredTwiceBeforeTheSnapshot(t *testing.T) {
	r := newRegion(t)
	one, two := r.station("Оператор 1"), r.station("Оператор 2")
	id := one.take("Яма")
	one.once()
	older := r.copied()
	one.act(id, app.Event{Type: app.EventNote, Text: "первый"})
	one.once()
	newer := r.copied()
	one.act(id, app.Event{Type: app.EventNote, Text: "второй"})
	one.once()
	r.restore(newer)
	r.with(func(w http.ResponseWriter, req *http.Request, next http.Handler) {
		if strings.HasPrefix(req.URL.Path, wire.PathSnapshot) {
			http.Error(w, "busy", http.StatusServiceUnavailable)
			return
		}
		next.ServeHTTP(w, req)
	})
	_, _ = one.engine.Once(t.Context()) // it goes back, and no snapshot comes
	if must, _, err := one.store.MustLoad(); err != nil || !must {
		t.Fatalf("a snapshot is awaited: %v, %v", must, err)
	}
	r.with(nil)
	r.restore(older)
	for range 6 { // of others, so that the numbers are past the cut again
		two.take("Не горит фонарь")
		two.once()
	}
	for range 3 {
		one.once()
		two.once()
		one.pass(2 * retryPause)
		two.pass(2 * retryPause)
	}
	for _, s := range []*station{one, two} {
		if n := notes(s.appeal(id)); !slices.Equal(n, []string{"второй", "первый"}) {
			t.Errorf("the notes are %v", n)
		}
	}
}

// TestBackedUpIsForgotten asks that a station keeps its judged operations until a
// backup of a month ago holds them: any younger one may be restored.
func TestBackedUpIsForgotten(t *testing.T) {
	r := newRegion(t)
	s := r.station("Оператор 1")
	id := s.take("Яма")
	s.once()
	old := r.copied()
	s.act(id, app.Event{Type: app.EventNote, Text: "позвонить"})
	backUp := func() {
		t.Helper()
		if err := r.server.BackedUp(t.Context(), s.once().Head); err != nil {
			t.Fatal(err)
		}
		s.once()
	}
	backUp()
	r.restore(old) // and not the newest
	if s.once(); len(notes(s.appeal(id))) != 1 {
		t.Error("what stood in the newest backup was not sent again after an older one was restored")
	}
	backUp()
	r.ahead.Store(int64(31 * 24 * time.Hour))
	_, _ = s.engine.Once(t.Context()) // its token is of a month ago
	backUp()
	r.restore(old) // against its word: what it called safe is not there
	if s.once(); len(notes(s.appeal(id))) != 0 {
		t.Error("an operation was sent again that the server had called safe")
	}
}

func TestFirstLoadIsASnapshotAndGoesOn(t *testing.T) {
	r := newRegion(t)
	one := r.station("Оператор 1")
	var ids []string
	for range 60 {
		ids = append(ids, one.take(strings.Repeat("Длинное обращение о яме. ", 1000)))
	}
	one.once()
	two := r.station("Оператор 2")
	early := two.take("Записано до первого обмена")
	// Every second frame is cut off in the middle.
	frames, cut, ranged := 0, 0, 0
	r.with(func(w http.ResponseWriter, req *http.Request, h http.Handler) {
		if !strings.HasPrefix(req.URL.Path, wire.PathSnapshot+"/") {
			h.ServeHTTP(w, req)
			return
		}
		if req.Header.Get("Range") != "" {
			ranged++
		}
		if frames++; frames%2 == 0 {
			h.ServeHTTP(w, req)
			return
		}
		cut++
		whole := httptest.NewRecorder()
		h.ServeHTTP(whole, req)
		for k, v := range whole.Header() {
			w.Header()[k] = v
		}
		w.WriteHeader(whole.Code)
		_, _ = w.Write(whole.Body.Bytes()[:whole.Body.Len()/2])
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	})
	for range 50 {
		if state, err := two.engine.Once(context.Background()); err == nil && state.Pending == 0 {
			break
		}
	}
	r.with(nil)
	state := two.once()
	if cut < 2 || ranged < 2 || state.Loading() || state.Pending != 0 {
		t.Errorf("%d frames cut, %d resumed, state %+v", cut, ranged, state)
	}
	for _, id := range append(ids, early) {
		if two.appeal(id).Number == "" {
			t.Errorf("%s is not confirmed", id)
		}
	}
}

// TestTrimmedFeedKeepsTheOutbox lets a station come back after the feed was
// trimmed past its cursor, with work of its own.
func TestTrimmedFeedKeepsTheOutbox(t *testing.T) {
	r := newRegion(t)
	one, two := r.station("Оператор 1"), r.station("Оператор 2")
	id := one.take("Яма")
	one.once()
	two.once()
	one.act(id, app.Event{Type: app.EventNote, Text: "первый"})
	gone := one.take("Ещё яма")
	one.once()
	two.act(id, app.Event{Type: app.EventNote, Text: "второй, без связи"})
	if err := two.SaveDraft(id, app.Draft{Answer: "недописанный ответ"}); err != nil {
		t.Fatal(err)
	}
	if n, err := r.server.Trim(t.Context(), one.Now().AddDate(1, 0, 0)); err != nil || n == 0 {
		t.Fatalf("%d dropped, %v", n, err)
	}
	if state := two.once(); state.Pending != 0 || state.Refused != 0 {
		t.Errorf("state %+v", state)
	}
	if n := notes(two.appeal(id)); len(n) != 2 || two.appeal(gone).Number == "" {
		t.Errorf("notes %v", n)
	}
	if d, err := two.store.Draft(id); err != nil || d.Answer == "" {
		t.Errorf("the draft: %+v %v", d, err)
	}
}

// TestSettledByASnapshot loses the reply to a push and trims the feed past it:
// the verdict comes with the duplicate, not with the feed.
func TestSettledByASnapshot(t *testing.T) {
	r := newRegion(t)
	one, two := r.station("Оператор 1"), r.station("Оператор 2")
	id := one.take("Яма")
	one.once()
	two.once()
	two.act(id, app.Event{Type: app.EventNote, Text: "позвонить"})
	r.with(repliesLost)
	_, _ = two.engine.Once(context.Background()) // fails, as told
	r.with(nil)
	one.take("Ещё яма")
	one.once()
	if _, err := r.server.Trim(t.Context(), one.Now().AddDate(1, 0, 0)); err != nil {
		t.Fatal(err)
	}
	if state := two.once(); state.Pending != 0 || state.Refused != 0 {
		t.Errorf("state %+v", state)
	}
	if n := notes(two.appeal(id)); len(n) != 1 {
		t.Errorf("notes %v", n)
	}
}

// TestCopiedStationTakesAnIncarnation works on two copies of one file.
func TestCopiedStationTakesAnIncarnation(t *testing.T) {
	r := newRegion(t)
	one := r.station("Оператор 1")
	id := one.take("Яма")
	one.once()
	twin := r.twin(one)
	one.act(id, app.Event{Type: app.EventClassified, Group: "Дороги", Target: "Разметка"})
	twin.act(id, app.Event{Type: app.EventClassified, Group: "ЖКХ", Target: "Отопление"})
	twin.act(id, app.Event{Type: app.EventNote, Text: "с копии"})
	one.once()
	state := twin.once()
	if state.Pending != 0 || state.Conflicts != 1 {
		t.Errorf("state %+v", state)
	}
	if a := twin.appeal(id); a.Topic != "Разметка" || len(notes(a)) != 1 {
		t.Errorf("topic %q, notes %v", a.Topic, notes(a))
	}
	d, _, err := twin.store.Device()
	if err != nil || d.Inc == 1 {
		t.Errorf("incarnation %d, %v", d.Inc, err)
	}
}
