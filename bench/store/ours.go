package main

import (
	"context"
	"maps"
	"path/filepath"
	"runtime/debug"
	"slices"
	"time"

	"github.com/oklog/ulid/v2"

	"otklik/app"
	"otklik/seal"
	"otklik/store"
)

// ours is the store of the program behind its desk, as the screens have it.
type ours struct {
	store *store.Store
	desk  *app.Desk
}

func openOurs(p place) (peer, error) {
	box, err := seal.NewBox(make([]byte, seal.KeyLen)) // a key of zeros seals as slowly as any
	if err != nil {
		return nil, err
	}
	debug.SetMemoryLimit(220 << 20) // as the program does
	s, err := store.Open(filepath.Join(p.folder, "otklik.db"), box, p.terms)
	if err != nil {
		return nil, err
	}
	desk := app.NewDesk(app.Outside{
		Store: s, Region: p.region, Terms: p.terms, Me: me, Now: func() time.Time { return p.now },
		NewID: func() string { return ulid.Make().String() },
	})
	return &ours{s, desk}, nil
}

func (o *ours) Begin(shot app.Snapshot) error { return o.store.BeginLoad(shot) }

func (o *ours) Read(rows []app.SnapshotRow) (take func() error, err error) {
	return o.store.ReadFrame(rows)
}

func (o *ours) Settle() error { return nil } // every frame is when it is taken in

// Import takes appeals in as from a spreadsheet: each is an operation to be sent.
func (o *ours) Import(rows []app.BatchRow) error {
	_, err := o.desk.Import(context.Background(), "", app.Whole(&app.Batch{Read: len(rows), Rows: rows}), nil)
	return err
}

func (o *ours) Find(q question) (found, error) {
	f, err := o.desk.Find(app.Query{Queue: app.QueueArchive, Filter: q.Filter, Words: q.Words + " "}) // typed to their end
	maps.DeleteFunc(f.Counts.Queues, func(q app.Queue, _ int) bool { return !slices.Contains(queues, q) })
	out := found{total: f.Total, counts: counts{f.Counts.Queues, f.Counts.Sources, f.Counts.Groups, f.Counts.Municipalities}}
	for _, record := range f.Records[:min(listRows, len(f.Records))] {
		out.keys = append(out.keys, int64(record))
	}
	return out, err
}

func (o *ours) Rows(keys []int64) ([]string, error) {
	ids := make([]string, len(keys))
	for i, record := range keys {
		r, err := o.desk.Row(uint64(record))
		if err != nil {
			return nil, err
		}
		ids[i] = r.ID
	}
	return ids, nil
}

func (o *ours) Series(page string) ([]uint32, error) {
	s, err := o.desk.PageSeries(page)
	return s.Values, err
}

func (o *ours) Top(n int, from, to app.Day) ([]int64, error) {
	pages, err := o.desk.TopGrowth(app.Period{From: from, To: to}, app.Filter{}, n)
	out := []int64{}
	for _, p := range pages {
		out = append(out, int64(p.To)-int64(p.From))
	}
	return out, err
}

func (o *ours) Dashboard(p app.Period, municipality string) (dashboard, error) {
	var f app.Filter
	if municipality != "" {
		f.Municipalities = []string{municipality}
	}
	a, err := o.desk.Analytics(app.Inquiry{Period: p, Filter: f, Step: app.StepDay})
	if err != nil {
		return dashboard{}, err
	}
	out := dashboard{
		Appeals: a.Now.Appeals, All: responseOf(a.Now.Response), Municipalities: map[string]response{}, Heat: a.Heat,
		Subscribers: a.Audience.Subscribers,
	}
	for _, d := range a.Steps {
		out.Days = append(out.Days, responseOf(d.Response))
	}
	for _, m := range a.Municipalities {
		out.Municipalities[m.Name] = responseOf(m.Response)
	}
	return out, nil
}

func responseOf(s app.Summary) response {
	return response{s.N, int64(s.Median / time.Second), int64(s.P90 / time.Second)}
}

func (o *ours) Act(appeal string, e app.Event) error { return o.desk.Act(appeal, e) }

func (o *ours) Close() error { return o.store.Close() }
