package app_test

import (
	"context"
	"fmt"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"otklik/app"
	"otklik/assets"
	"otklik/store"
)

// fakeSites answers for links by their addresses.
type fakeSites struct {
	states map[string]app.LinkState
	asked  atomic.Int32
	after  func(n int32)
}

func (f *fakeSites) Open(ctx context.Context, link string) (app.LinkCheck, error) {
	if f.after != nil {
		f.after(f.asked.Add(1))
	}
	return app.LinkCheck{State: f.states[link]}, ctx.Err()
}

func deskWith(t *testing.T, opener app.LinkOpener) *app.Desk {
	t.Helper()
	region, terms, err := assets.Region()
	if err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(filepath.Join(t.TempDir(), "otklik.db"), box(t), terms)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	ids := 0
	return app.NewDesk(app.Outside{
		Store: s, Region: region, Terms: terms, Opener: opener, Now: func() time.Time { return now },
		NewID: func() string { ids++; return app.IDFrom(fmt.Sprint(ids)) },
	})
}

func TestLinksAreCheckedAndKept(t *testing.T) {
	sites := &fakeSites{states: map[string]app.LinkState{"https://vk.com/a": app.LinkOpens, "https://vk.com/b": app.LinkGone}}
	d := deskWith(t, sites)
	var rows []app.BatchRow
	for _, link := range []string{"https://vk.com/a", "vk.com/b", "https://vk.com", ""} {
		rows = append(rows, app.BatchRow{Page: &app.Page{ID: app.IDFrom(link), Name: "Паблик " + link, Network: app.SourceVK, Link: link}})
	}
	load(t, d, rows...)
	all := func() map[string]app.PageRow {
		out := map[string]app.PageRow{}
		pages, err := d.Pages(app.PageQuery{})
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range pages {
			out[p.Link] = p
		}
		return out
	}
	var pages []app.Page
	for _, r := range all() {
		pages = append(pages, r.Page)
	}
	last := 0
	if err := d.CheckLinks(t.Context(), pages, func(done, total int) {
		if total != 3 || done != last+1 {
			t.Errorf("%d of %d after %d", done, total, last)
		}
		last = done
	}); err != nil || last != 3 {
		t.Fatal(last, err)
	}
	for link, want := range map[string]app.LinkState{"https://vk.com/a": app.LinkOpens, "vk.com/b": app.LinkGone, "https://vk.com": app.LinkNowhere} {
		if got := all()[link].LinkSeen; got == nil || got.State != want || !got.At.Equal(now) {
			t.Errorf("%s: %+v", link, got)
		}
	}
	if all()[""].LinkSeen != nil {
		t.Error("a page without a link was checked")
	}
	if dead, err := d.Pages(app.PageQuery{Trouble: app.TroubleDead}); err != nil || len(dead) != 2 {
		t.Errorf("%d dead, %v", len(dead), err)
	}
	// Another address in the registry is another question.
	moved := all()["vk.com/b"].Page
	moved.Link = "https://vk.com/c"
	load(t, d, app.BatchRow{Page: &moved})
	if got := all()["https://vk.com/c"].LinkSeen; got != nil {
		t.Errorf("an address nobody opened: %+v", got)
	}
}

func TestStoppedRoundKeepsWhatIsDone(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	sites := &fakeSites{after: func(n int32) {
		if n == 20 {
			stop()
		}
	}}
	d := deskWith(t, sites)
	var pages []app.Page
	for i := range 100 {
		pages = append(pages, app.Page{ID: fmt.Sprint(i), Link: fmt.Sprintf("https://vk.com/club%d", i+1)})
	}
	done := 0
	err := d.CheckLinks(ctx, pages, func(n, _ int) { done = n })
	if app.CodeOf(err) != app.CodeCancelled || done < 10 || done > 30 {
		t.Errorf("%d done, %v", done, err)
	}
	kept, err := d.Setting("page_links")
	if err != nil || len(kept) < 200 {
		t.Errorf("kept %q, %v", kept, err)
	}
}
