package main

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/analysis/analyzer/keyword"
	"github.com/blevesearch/bleve/v2/analysis/lang/ru"
	"github.com/blevesearch/bleve/v2/mapping"
	"github.com/blevesearch/bleve/v2/search/query"

	"otklik/app"
)

// bleveIndex is an index alone: appeals themselves, pages and counts would stand
// elsewhere, so that it answers with IDs and cannot act.
type bleveIndex struct {
	index   bleve.Index
	place   place
	waiting []bleveDoc
}

// bleveDoc is what bleve indexes of an appeal. Queues are those at the moment
// everything is asked at, which spares it a range of deadlines.
type bleveDoc struct {
	id           string
	Text         string   `json:"text"`
	Queues       []string `json:"queues"`
	Source       string   `json:"source"`
	Group        string   `json:"group"`
	Municipality string   `json:"municipality"`
	Start        float64  `json:"start"`
}

func openBleve(p place) (peer, error) {
	path := filepath.Join(p.folder, "bleve")
	if _, err := os.Stat(path); err == nil {
		index, err := bleve.Open(path)
		return &bleveIndex{index: index, place: p}, err
	}
	index, err := bleve.New(path, bleveMapping())
	return &bleveIndex{index: index, place: p}, err
}

// bleveMapping keeps what the questions need: no texts, no positions.
func bleveMapping() *mapping.IndexMappingImpl {
	doc := bleve.NewDocumentStaticMapping()
	field := func(name, analyzer string) {
		f := bleve.NewTextFieldMapping()
		f.Analyzer, f.Store, f.IncludeInAll, f.IncludeTermVectors = analyzer, false, false, false
		f.DocValues = analyzer == keyword.Name
		doc.AddFieldMappingsAt(name, f)
	}
	field("text", ru.AnalyzerName)
	for _, name := range []string{"queues", "source", "group", "municipality"} {
		field(name, keyword.Name)
	}
	start := bleve.NewNumericFieldMapping()
	start.Store, start.IncludeInAll = false, false
	doc.AddFieldMappingsAt("start", start)
	m := bleve.NewIndexMapping()
	m.DefaultMapping = doc
	return m
}

func (b *bleveIndex) Begin(app.Snapshot) error { return nil }

func (b *bleveIndex) Read(rows []app.SnapshotRow) (take func() error, err error) {
	docs := make([]bleveDoc, len(rows))
	now := b.place.now.Unix()
	err = parallel(len(rows), func(i int) error {
		if rows[i].Kind != app.RowAppeal {
			return nil
		}
		var a app.Appeal
		if err := json.Unmarshal(rows[i].Value, &a); err != nil {
			return err
		}
		r := rowOf(&a, b.place.terms)
		d := bleveDoc{
			id: a.ID, Text: app.Fold(searched(&a)), Source: string(a.Source), Group: a.Group, Municipality: a.Municipality,
			Start: float64(r.start),
		}
		r.queues(now, func(q app.Queue) { d.Queues = append(d.Queues, string(q)) })
		docs[i] = d
		return nil
	})
	if docs = slices.DeleteFunc(docs, func(d bleveDoc) bool { return d.id == "" }); len(docs) == 0 {
		return nil, err
	}
	return func() error {
		if b.waiting = append(b.waiting, docs...); len(b.waiting) < sqliteBatch {
			return nil
		}
		return b.flush()
	}, err
}

func (b *bleveIndex) flush() error {
	if len(b.waiting) == 0 {
		return nil
	}
	batch := b.index.NewBatch()
	for _, d := range b.waiting {
		if err := batch.Index(d.id, d); err != nil {
			return err
		}
	}
	b.waiting = b.waiting[:0]
	return b.index.Batch(batch)
}

func (b *bleveIndex) Settle() error { return b.flush() }

func (b *bleveIndex) Find(q question) (found, error) {
	out := found{counts: newCounts(), ids: []string{}}
	// The list with the counts of the facets that are not narrowed.
	fields := []struct {
		name    string
		choices []string
		set     func(value string, n int)
	}{
		{"source", texts(q.Filter.Sources), func(v string, n int) { out.counts.Sources[app.Source(v)] = n }},
		{"group", q.Filter.Groups, func(v string, n int) { out.counts.Groups[v] = n }},
		{"municipality", q.Filter.Municipalities, func(v string, n int) { out.counts.Municipalities[v] = n }},
	}
	ask := func(size int, archive bool, but string, facets ...string) (*bleve.SearchResult, error) {
		var all []query.Query
		if archive {
			all = append(all, term("queues", string(app.QueueArchive)))
		}
		for _, f := range fields {
			if f.name == but || len(f.choices) == 0 {
				continue
			}
			var any []query.Query
			for _, c := range f.choices {
				any = append(any, term(f.name, c))
			}
			all = append(all, bleve.NewDisjunctionQuery(any...))
		}
		if q.Words != "" {
			m := bleve.NewMatchQuery(q.Words)
			m.SetField("text")
			m.SetOperator(query.MatchQueryOperatorAnd)
			all = append(all, m)
		}
		r := bleve.NewSearchRequestOptions(bleve.NewConjunctionQuery(all...), size, 0, false)
		r.Score = "none"
		r.SortBy([]string{"-start", "-_id"})
		for _, f := range facets {
			r.AddFacet(f, bleve.NewFacetRequest(f, 100))
		}
		return b.index.Search(r)
	}
	var free []string
	for _, f := range fields {
		if len(f.choices) == 0 {
			free = append(free, f.name)
		}
	}
	list, err := ask(listRows, true, "", free...)
	if err != nil {
		return out, err
	}
	out.total = int(list.Total)
	for _, hit := range list.Hits {
		out.ids = append(out.ids, hit.ID)
	}
	queues, err := ask(0, false, "", "queues")
	if err != nil {
		return out, err
	}
	for _, t := range queues.Facets["queues"].Terms.Terms() {
		out.counts.Queues[app.Queue(t.Term)] = t.Count
	}
	for _, f := range fields {
		r := list
		if len(f.choices) > 0 {
			if r, err = ask(0, true, f.name, f.name); err != nil {
				return out, err
			}
		}
		for _, t := range r.Facets[f.name].Terms.Terms() {
			f.set(t.Term, t.Count)
		}
	}
	return out, nil
}

func (b *bleveIndex) Rows([]int64) ([]string, error) { return nil, errors.ErrUnsupported }

func term(field, value string) query.Query {
	t := bleve.NewTermQuery(value)
	t.SetField(field)
	return t
}

func texts[S ~string](values []S) (out []string) {
	for _, v := range values {
		out = append(out, string(v))
	}
	return out
}

func (b *bleveIndex) Series(string) ([]uint32, error) { return nil, errors.ErrUnsupported }

func (b *bleveIndex) Top(int, app.Day, app.Day) ([]int64, error) { return nil, errors.ErrUnsupported }

func (b *bleveIndex) Dashboard(app.Period, string) (dashboard, error) {
	return dashboard{}, errors.ErrUnsupported
}

func (b *bleveIndex) Act(string, app.Event) error { return errors.ErrUnsupported }

func (b *bleveIndex) Close() error { return b.index.Close() }
