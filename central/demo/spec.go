package demo

import (
	"fmt"
	"strconv"
	"time"

	"otklik/app"
)

// plan is what becomes of an appeal.
type plan int

const (
	planEnded    plan = iota // answered and closed, refused or merged
	planNew                  // in the queue, from here on
	planRouted               //
	planStarted              //
	planReturned             // sent back before any answer
	planReopened             //
	planApproval             //
	planInterim              //
	planAgain                // sent back after an interim answer
	planAnswered             // waits for closing
)

// spec is an appeal before anything happened to it.
type spec struct {
	at           time.Time // the citizen wrote
	detected     time.Time
	plan         plan
	source       app.Source
	kind         app.Kind
	severity     app.Severity
	municipality string
	topic        int
	problem      int // which of the topic's
	street       string
	house        string
	place        string
	route        string
	due          time.Time // term named by the source, where the rules cannot meet the one that is wanted
}

var (
	sources = []app.Source{
		app.SourceVK, app.SourcePOS, app.SourceIM, app.SourceOK, app.SourceTelegram, app.SourceMAX, app.SourceViber,
	}
	sourceShares = []float64{45, 22, 10, 9, 9, 4, 1}
	severities   = []float64{10, 52, 26, 10, 2}
)

// draw makes up who writes about what and where.
func (g *generator) draw(at time.Time) *spec {
	s := &spec{
		at: at.UTC().Truncate(time.Second), source: sources[g.pick(sourceShares)], kind: app.KindIncident,
		severity: app.Severity(g.pick(severities)), municipality: g.region.Municipalities[g.pick(g.residents)].Name,
		street: one(g, streets), house: strconv.Itoa(1 + g.rnd.IntN(120)), route: strconv.Itoa(1 + g.rnd.IntN(70)),
	}
	if g.chance(0.15) {
		s.house += string([]rune("абвгк")[g.rnd.IntN(5)])
	}
	s.place = s.street + ", " + s.house
	weights := make([]float64, len(topics))
	month := at.In(g.region.Location()).Month()
	for i := range topics {
		weights[i] = topics[i].weight * topics[i].season.factor(month)
	}
	s.topic = g.pick(weights)
	s.problem = g.rnd.IntN(len(topics[s.topic].problems))
	if topics[s.topic].praise {
		s.severity = 0
	}
	if s.source == app.SourcePOS {
		s.kind = app.KindPOS
		if g.chance(0.02) {
			s.kind = app.KindFormal
		}
	}
	lag := g.around(7*time.Minute, 0.7)
	if s.kind != app.KindIncident {
		lag = time.Duration(20+g.rnd.IntN(100)) * time.Second
	}
	s.detected = s.at.Add(min(lag, time.Hour))
	return s
}

// appeal is the record as it came in, before its history.
func (g *generator) appeal(s *spec) *app.Appeal {
	t := &topics[s.topic]
	year := s.at.In(g.region.Location()).Year()
	g.numbers[year]++
	a := &app.Appeal{
		ID: g.id(s.at), Number: fmt.Sprintf("%d-%06d", year, g.numbers[year]), Kind: s.kind, Source: s.source,
		Title: g.title(s), Text: g.letter(s), Municipality: s.municipality,
		Severity: s.severity, Due: s.due, Group: t.group, Topic: t.name, Status: app.StatusNew,
	}
	a.Author = "житель " + of(s.municipality)
	if g.chance(0.58) {
		a.Author = "жительница " + of(s.municipality)
	}
	if !t.praise {
		a.Place = s.place
	}
	switch s.source {
	case app.SourcePOS, app.SourceIM:
		a.External = strconv.Itoa(10_000_000 + g.rnd.IntN(89_999_999))
	default:
		if own := g.pagesOf[string(s.source)+s.municipality]; len(own) > 0 {
			p := g.pages[own[g.rnd.IntN(len(own))]]
			a.Page, a.Link = p.ID, fmt.Sprintf("%s?post=%d", p.Link, 1000+g.rnd.IntN(90_000))
		}
	}
	return a
}
