package main

import (
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"otklik/app"
)

// questions are what every store is asked, with the answers of a plain scan.
type questions struct {
	Lists      []asked      `json:"lists"`
	Searches   []asked      `json:"searches"`
	Series     []series     `json:"series"`
	Top        top          `json:"top"`
	Dashboards []dashboards `json:"dashboards"`
	Acts       []act        `json:"acts"`
}

type asked struct {
	question
	Want answer `json:"want"`
}

type series struct {
	Page string   `json:"page"`
	Want []uint32 `json:"want"`
}

type top struct {
	From app.Day `json:"from"`
	To   app.Day `json:"to"`
	Want []int64 `json:"want"`
}

type dashboards struct {
	Period       app.Period `json:"period"`
	Municipality string     `json:"municipality,omitempty"`
	Want         dashboard  `json:"want"`
}

// act is something an operator does.
type act struct {
	Appeal string    `json:"appeal"`
	Event  app.Event `json:"event"`
}

// How many there are of each.
const (
	lists    = 60
	searches = 240 // a third of one word, of two, of three
	curves   = 100
	topOf    = 100
	acts     = 240
)

// common is the rank below which a word is too frequent to be searched for.
const common = 40

// ask makes the questions up.
func (w *world) ask() *questions {
	rnd := rand.New(rand.NewPCG(w.seed, 0x61736b))
	q := &questions{}
	for i := range lists {
		a := w.appeal(rnd.IntN(w.appeals)) // what is asked for is there
		var f app.Filter
		// One facet, two or all three, in every combination as often.
		facets := i%7 + 1
		if facets&1 != 0 {
			f.Municipalities = []string{a.Municipality}
		}
		if facets&2 != 0 {
			f.Groups = []string{a.Group}
		}
		if facets&4 != 0 {
			f.Sources = []app.Source{a.Source}
		}
		q.Lists = append(q.Lists, asked{question: question{Filter: f}})
	}
	ranks := w.words.ranks()
	for len(q.Searches) < searches {
		text := strings.FieldsFunc(app.Fold(w.appeal(rnd.IntN(w.appeals)).Text), func(r rune) bool { return strings.ContainsRune(" .,!?", r) })
		text = slices.DeleteFunc(text, func(word string) bool {
			rank, known := ranks[word]
			return !known || rank < common || utf8.RuneCountInString(word) < 5
		})
		n := len(q.Searches)%3 + 1
		if len(text) < n {
			continue
		}
		rnd.Shuffle(len(text), func(i, j int) { text[i], text[j] = text[j], text[i] })
		q.Searches = append(q.Searches, asked{question: question{Words: strings.Join(text[:n], " ")}})
	}
	for range min(curves, w.pages) {
		q.Series = append(q.Series, series{Page: one(rnd, w.page).ID})
	}
	last := w.first + app.Day(w.days) - 1
	q.Top = top{From: last - month, To: last}
	for end := last; end-364 >= w.first; end = monthEnd(end - 180) {
		for _, place := range []string{"", one(rnd, w.region.Municipalities).Name, w.region.Municipalities[0].Name} {
			q.Dashboards = append(q.Dashboards, dashboards{Period: app.Period{From: end - 364, To: end}, Municipality: place})
		}
	}
	return q
}

// monthEnd is the last day of the month before.
func monthEnd(d app.Day) app.Day {
	t := d.In(lastDay.Location())
	return d - app.Day(t.Day())
}

// plain answers the questions by looking at everything.
type plain struct {
	*questions
	world *world
	rows  []row

	stems  *stemmer
	number map[string]int // of the stems searched for
	need   [][]int        // by search
	mu     sync.Mutex
	hits   [][]int // by search

	pages   map[string]int
	columns map[app.Day][]uint32 // the days that are asked for
}

func newPlain(w *world) *plain {
	p := &plain{
		questions: w.ask(), world: w, rows: make([]row, w.appeals), stems: newStemmer(),
		number: map[string]int{}, columns: map[app.Day][]uint32{}, pages: map[string]int{},
	}
	for _, s := range p.Searches {
		var need []int
		for _, stem := range p.stems.stems(s.Words) {
			n, ok := p.number[stem]
			if !ok {
				n = len(p.number)
				p.number[stem] = n
			}
			need = append(need, n)
		}
		p.need = append(p.need, need)
	}
	p.hits = make([][]int, len(p.need))
	for i := range w.page {
		p.pages[w.page[i].ID] = i
	}
	p.columns[p.Top.From], p.columns[p.Top.To] = nil, nil
	for _, d := range p.Dashboards {
		p.columns[d.Period.To] = nil
	}
	return p
}

// seen looks at an appeal.
func (p *plain) seen(n int, a *app.Appeal) {
	p.rows[n] = rowOf(a, p.world.terms)
	has := make([]bool, len(p.number))
	for _, stem := range p.stems.stems(searched(a)) {
		if i, ok := p.number[stem]; ok {
			has[i] = true
		}
	}
	for i, need := range p.need {
		if !slices.ContainsFunc(need, func(stem int) bool { return !has[stem] }) {
			p.mu.Lock()
			p.hits[i] = append(p.hits[i], n)
			p.mu.Unlock()
		}
	}
}

// counted looks at a day.
func (p *plain) counted(day app.Day, column []uint32) {
	if _, asked := p.columns[day]; asked {
		p.columns[day] = column
	}
	for i := range p.Series {
		s := &p.Series[i]
		s.Want = append(s.Want, column[p.pages[s.Page]])
	}
}

// answer fills in what is wanted, after everything was seen.
func (p *plain) answer() {
	everything := make([]int, len(p.rows))
	for i := range everything {
		everything[i] = i
	}
	_ = parallel(len(p.Lists), func(i int) error {
		p.Lists[i].Want = p.find(p.Lists[i].question, everything)
		return nil
	})
	for i := range p.Searches {
		slices.Sort(p.hits[i])
		p.Searches[i].Want = p.find(p.Searches[i].question, p.hits[i])
	}
	was, is := p.columns[p.Top.From], p.columns[p.Top.To]
	for i := range is {
		if was[i] != app.Missing && is[i] != app.Missing {
			p.Top.Want = append(p.Top.Want, int64(is[i])-int64(was[i]))
		}
	}
	slices.SortFunc(p.Top.Want, func(a, b int64) int { return int(b - a) })
	p.Top.Want = p.Top.Want[:min(topOf, len(p.Top.Want))]
	_ = parallel(len(p.Dashboards), func(i int) error {
		p.Dashboards[i].Want = p.dashboard(p.Dashboards[i].Period, p.Dashboards[i].Municipality)
		return nil
	})
	p.happen()
}

func (p *plain) find(q question, among []int) answer {
	t := newTally(q, p.world.end.Unix())
	for _, n := range slices.Backward(among) {
		if t.add(&p.rows[n]); t.hit && t.out.Total <= listRows {
			t.out.IDs = append(t.out.IDs, p.rows[n].id)
		}
	}
	return t.out
}

func (p *plain) dashboard(period app.Period, municipality string) dashboard {
	g := newGatherer(period, p.world.region.Location())
	from, to := g.bounds()
	for i := range p.rows {
		r := &p.rows[i]
		if r.start >= from && r.start < to && (municipality == "" || r.municipality == municipality) {
			g.add(r.municipality, r.start, r.reply)
		}
	}
	for i, n := range p.columns[period.To] {
		if n != app.Missing && (municipality == "" || p.world.page[i].Municipality == municipality) {
			g.out.Subscribers += int64(n)
		}
	}
	return g.dashboard()
}

// happen chooses what operators do: they answer, close and say what it is about, in
// turn, each about another appeal.
func (p *plain) happen() {
	groups := p.world.region.Groups
	var started, answered []string
	for i := range p.rows {
		switch p.rows[i].status {
		case app.StatusInProgress:
			started = append(started, p.rows[i].id)
		case app.StatusAnswered:
			answered = append(answered, p.rows[i].id)
		}
	}
	take := func(from *[]string) (id string) {
		if len(*from) > 0 {
			last := len(*from) - 1
			id, *from = (*from)[last], (*from)[:last]
		}
		return id
	}
	for i := range acts {
		a := act{}
		switch i % 3 {
		case 0:
			a = act{take(&started), app.Event{Type: app.EventAnswered, ByHand: true, Text: "Здравствуйте! Работы выполнены, замечание устранено."}}
		case 1:
			a = act{take(&answered), app.Event{Type: app.EventClosed, Outcome: app.OutcomeSolved}}
		case 2:
			g := groups[i%len(groups)]
			a = act{take(&answered), app.Event{Type: app.EventClassified, Group: g.Name}}
			if len(g.Topics) > 0 {
				a.Event.Target = g.Topics[0]
			}
		}
		if a.Appeal != "" {
			p.Acts = append(p.Acts, a)
		}
	}
}
