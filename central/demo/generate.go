package demo

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/oklog/ulid/v2"

	"otklik/app"
)

// Scale says how much is made up.
type Scale struct {
	Pages   int // public pages
	Days    int // days of counts, up to the day before now
	Appeals int // answered and otherwise ended ones, over the last year
	Queue   int // open ones
}

// Full is the content a first start shows.
var Full = Scale{Pages: 600, Days: 730, Appeals: 20_000, Queue: 160}

// step is how many changes the sink gets at once.
const step = 1000

// device is whom the changes come from: no workstation has it.
var device = app.IDFrom("otklik", "demo")

// generator is the state of one Generate.
type generator struct {
	rnd    *rand.Rand
	now    time.Time
	region *app.Region
	terms  app.Terms

	sink     func([]app.Change) error
	progress func(done, all int)
	batch    []app.Change
	written  int
	all      int

	pages     []app.Page
	pagesOf   map[string][]int // network and municipality → pages
	twins     map[int]int      // second entry of a page → the first
	residents []float64
	numbers   map[int]int        // last number of the year
	talks     map[app.Source]int // answered through a channel so far
	previous  string             // ID of the appeal before, for merging
}

// Generate makes up the content of a region as applied changes without a Seq,
// at most a thousand a call of sink, pages first, then counts, then appeals in
// the order they came in. The same seed, moment and scale give the same
// changes. progress is told changes done and all changes; it may be nil.
func Generate(ctx context.Context, seed int64, now time.Time, region *app.Region, terms app.Terms, scale Scale,
	sink func([]app.Change) error, progress func(done, all int),
) error {
	if len(region.Municipalities) == 0 || len(region.Executors) == 0 {
		return fmt.Errorf("demo: the region names no municipalities or no executors")
	}
	g := &generator{
		rnd: rand.New(rand.NewPCG(uint64(seed), 0x6f746b6c696b)), now: now.UTC().Truncate(time.Second),
		region: region, terms: terms, sink: sink, progress: progress,
		all: scale.Pages + scale.Days + scale.Appeals + scale.Queue, pagesOf: map[string][]int{}, twins: map[int]int{}, numbers: map[int]int{}, talks: map[app.Source]int{},
	}
	for _, m := range region.Municipalities {
		g.residents = append(g.residents, float64(m.Residents))
	}
	if err := g.makePages(scale.Pages); err != nil {
		return err
	}
	if err := g.makeCounters(ctx, scale.Days); err != nil {
		return err
	}
	specs := g.queue(scale.Queue)
	for _, at := range g.arrivals(scale.Appeals) {
		specs = append(specs, g.draw(at))
	}
	slices.SortStableFunc(specs, func(a, b *spec) int { return a.at.Compare(b.at) })
	for i, s := range specs {
		if i%step == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		a := g.live(s)
		g.previous = a.ID
		if err := g.emit(app.OpCreate, a.ID, a.ID, a.Events[len(a.Events)-1].At, a); err != nil {
			return err
		}
	}
	return g.flush()
}

// emit adds a change and hands a full batch over.
func (g *generator) emit(kind app.OpKind, op, ent string, at time.Time, body any) error {
	g.batch = append(g.batch, app.Change{
		Op: op, Dev: device, At: at, Kind: kind, Ent: ent, Verdict: app.VerdictApplied, Body: app.Encode(body),
	})
	if len(g.batch) < step {
		return nil
	}
	return g.flush()
}

func (g *generator) flush() error {
	if len(g.batch) > 0 {
		if err := g.sink(g.batch); err != nil {
			return fmt.Errorf("demo: write: %w", err)
		}
	}
	g.written += len(g.batch)
	g.batch = make([]app.Change, 0, step) // the sink may have kept the last one
	if g.progress != nil {
		g.progress(g.written, g.all)
	}
	return nil
}

// id makes a ULID of the moment out of the generator's own chance.
func (g *generator) id(at time.Time) string {
	return ulid.MustNew(ulid.Timestamp(at), entropy{g.rnd}).String()
}

// entropy lets a ULID draw from the generator.
type entropy struct{ rnd *rand.Rand }

var _ io.Reader = entropy{}

func (e entropy) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = byte(e.rnd.Uint32())
	}
	return len(b), nil
}

// of gives a municipality's name as it stands after «житель».
func of(municipality string) string {
	if stem, ok := strings.CutSuffix(municipality, "ий округ"); ok {
		return stem + "ого округа"
	}
	if stem, ok := strings.CutSuffix(municipality, "ий район"); ok {
		return stem + "ого района"
	}
	return municipality
}

// administration finds the executor that is the municipality's own.
func (g *generator) administration(municipality string) string {
	found := ""
	for _, e := range g.region.Executors {
		if strings.Contains(e, of(municipality)) || strings.Contains(e, municipality) {
			if strings.HasPrefix(e, "Администрация") {
				return e
			}
			found = e
		}
	}
	if found == "" {
		return g.region.Executors[0]
	}
	return found
}

// executor finds whose name begins so, or the municipality's administration.
func (g *generator) executor(begins, municipality string) string {
	if begins != "" {
		for _, e := range g.region.Executors {
			if strings.HasPrefix(e, begins) {
				return e
			}
		}
	}
	return g.administration(municipality)
}
