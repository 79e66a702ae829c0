package main

import (
	"math"
	"slices"
	"time"

	"otklik/app"
)

// peer is one store under measure. What it cannot do it answers with
// errors.ErrUnsupported.
type peer interface {
	// Begin is told of the snapshot that follows.
	Begin(app.Snapshot) error
	// Read makes ready what a frame holds, which may be done while the frame before
	// is being taken in; take writes it. Settle is called after the last of each kind
	// of rows: when it returns all is where it stays, and indexed. A nil take says
	// that the peer has no place for what the frame holds.
	Read([]app.SnapshotRow) (take func() error, err error)
	Settle() error

	// Find gives the newest of the archive with total and counts; Rows reads what a
	// list shows of them, and gives their IDs.
	Find(question) (found, error)
	Rows(keys []int64) (ids []string, err error)
	// Series gives all counts of a page, app.Missing for gaps.
	Series(page string) ([]uint32, error)
	// Top gives the largest growths of all pages between two days, falling.
	Top(n int, from, to app.Day) ([]int64, error)
	// Dashboard of a period, for one municipality or, with "", for all.
	Dashboard(p app.Period, municipality string) (dashboard, error)
	// Act lets something happen to an appeal: it is on disk when it returns.
	Act(appeal string, e app.Event) error
	Close() error
}

// tidier is a peer that can do work after an import from which its queries gain.
type tidier interface{ Tidy() error }

// place is what a peer is opened with.
type place struct {
	folder string
	region *app.Region
	terms  app.Terms
	now    time.Time // everything is asked at
}

// me is who asks, so that the queue «Мои» is somebody's.
var me = app.Identity{Name: "Оператор 3", Roles: []app.Role{
	app.RoleOperator, app.RoleCurator, app.RoleCoordinator, app.RoleExecutor, app.RoleApprover, app.RoleManager,
}}

// engine is one of those that are compared.
type engine struct {
	name, title string
	open        func(place) (peer, error)
	// loose says that it is only asked what words find, and finds more than that.
	loose bool
}

// peers in the order of the table.
var peers = []engine{
	{"otklik", "otklik", openOurs, false},
	{"mattn", "SQLite (mattn)", openMattn, false},
	{"modernc", "SQLite (modernc)", openModernc, false},
	{"bleve", "bleve", openBleve, false},
	{"prefixes", "FTS5 by prefixes (mattn)", openPrefixes, true},
}

// listRows is how many rows a list is asked for.
const listRows = 50

// question is asked of the archive.
type question struct {
	Filter app.Filter `json:"filter"`
	Words  string     `json:"words,omitempty"`
}

// found is the answer to it in the peer's own keys, or IDs where it has no other.
type found struct {
	keys   []int64
	ids    []string
	total  int
	counts counts
}

// answer to it: IDs of the newest, all there are, and how many there would be
// with each value of a facet, its own choice left out.
type answer struct {
	IDs    []string `json:"ids"`
	Total  int      `json:"total"`
	Counts counts   `json:"counts"`
}

type counts struct {
	Queues         map[app.Queue]int  `json:"queues"`
	Sources        map[app.Source]int `json:"sources"`
	Groups         map[string]int     `json:"groups"`
	Municipalities map[string]int     `json:"municipalities"`
}

// queues are those that all peers count, in the order they are asked for.
var queues = []app.Queue{
	app.QueueNeeds, app.QueueMine, app.QueueOverdue, app.QueueApproval, app.QueueReturned, app.QueueOpen, app.QueueArchive,
}

func newCounts() counts {
	c := counts{map[app.Queue]int{}, map[app.Source]int{}, map[string]int{}, map[string]int{}}
	for _, q := range queues {
		c.Queues[q] = 0
	}
	return c
}

// response is the first response in seconds.
type response struct {
	N      int   `json:"n"`
	Median int64 `json:"median"`
	P90    int64 `json:"p90"`
}

// find asks a peer for the whole answer; found is called before the rows are read.
func find(p peer, q question, found func()) (answer, error) {
	f, err := p.Find(q)
	if err != nil {
		return answer{}, err
	}
	found()
	if f.ids == nil {
		f.ids, err = p.Rows(f.keys)
	}
	return answer{f.ids, f.total, f.counts}, err
}

// respond sorts the times.
func respond(seconds []int64) response {
	if len(seconds) == 0 {
		return response{}
	}
	slices.Sort(seconds)
	return response{len(seconds), between(seconds, 0.5), between(seconds, 0.9)}
}

// between the two nearest ranks, to the second, as the program has it.
func between(sorted []int64, q float64) int64 {
	at := q * float64(len(sorted)-1)
	i := int(at)
	v := float64(sorted[i])
	if i+1 < len(sorted) {
		v += (at - float64(i)) * float64(sorted[i+1]-sorted[i])
	}
	return int64(math.Round(v))
}

// dashboard is what is compared of the figures of a period.
type dashboard struct {
	Appeals        int                 `json:"appeals"`
	All            response            `json:"all"`
	Days           []response          `json:"days"`
	Municipalities map[string]response `json:"municipalities"`
	Heat           [7][24]int          `json:"heat"` // Monday first; appeals by the hour they began
	Subscribers    int64               `json:"subscribers"`
}

// gatherer makes a dashboard of what a scan gives.
type gatherer struct {
	period app.Period
	zone   *time.Location
	out    dashboard
	all    []int64
	days   [][]int64
	places map[string][]int64
}

func newGatherer(p app.Period, zone *time.Location) *gatherer {
	return &gatherer{period: p, zone: zone, days: make([][]int64, p.Days()), places: map[string][]int64{}}
}

func (g *gatherer) bounds() (from, to int64) {
	return g.period.From.In(g.zone).Unix(), (g.period.To + 1).In(g.zone).Unix()
}

// add an appeal of the period.
func (g *gatherer) add(municipality string, start, reply int64) {
	g.out.Appeals++
	t := time.Unix(start, 0).In(g.zone)
	g.out.Heat[(int(t.Weekday())+6)%7][t.Hour()]++
	times := g.places[municipality]
	if reply >= start {
		took := reply - start
		g.all = append(g.all, took)
		day := &g.days[app.DayOf(t)-g.period.From]
		*day = append(*day, took)
		times = append(times, took)
	}
	g.places[municipality] = times
}

func (g *gatherer) dashboard() dashboard {
	g.out.All = respond(g.all)
	for _, day := range g.days {
		g.out.Days = append(g.out.Days, respond(day))
	}
	g.out.Municipalities = map[string]response{}
	for name, times := range g.places {
		g.out.Municipalities[name] = respond(times)
	}
	return g.out
}
