package ui

import (
	"context"
	"maps"
	"slices"

	"fyne.io/fyne/v2"

	"otklik/app"
)

// selection is the set of appeals that something is to be done with: by their
// records, so that it outlives a reload and reaches beyond the rows on the screen.
type selection struct {
	screen  *appealsScreen
	records map[uint64]bool
	button  *button           // says how many, and opens what can be done with them
	bar     fyne.CanvasObject // holds the button
}

func newSelection(s *appealsScreen) *selection {
	p := &selection{screen: s, records: map[uint64]bool{}}
	p.button = s.w.button("", "Ctrl+B", s.chooseMany)
	s.list.toggle = func(i int) {
		p.set(s.found.Records[i], !p.records[s.found.Records[i]])
		p.changed()
	}
	s.list.stretch = p.stretch
	s.list.pickAll = p.all
	s.list.escape = func() {
		if len(p.records) == 0 {
			s.w.focus(s.list)
			return
		}
		p.clear()
	}
	p.label()
	return p
}

func (p *selection) set(record uint64, picked bool) {
	if picked {
		p.records[record] = true
	} else {
		delete(p.records, record)
	}
}

// stretch moves the end of a stretch of rows that began at from: rows it leaves are
// let go of.
func (p *selection) stretch(from, was, is int) {
	found := p.screen.found.Records
	for i := min(from, was); i <= max(from, was) && i < len(found); i++ {
		p.set(found[i], false)
	}
	for i := min(from, is); i <= max(from, is) && i < len(found); i++ {
		p.set(found[i], true)
	}
	p.changed()
}

// all picks everything that was found, also what is not on the screen.
func (p *selection) all() { p.only(p.screen.found.Records) }

// only picks these records and no others.
func (p *selection) only(records []uint64) {
	clear(p.records)
	for _, r := range records {
		p.records[r] = true
	}
	p.changed()
}

func (p *selection) clear() {
	if len(p.records) == 0 {
		return
	}
	clear(p.records)
	p.screen.list.anchor = -1
	p.changed()
}

// list gives the records in order.
func (p *selection) list() []uint64 { return slices.Sorted(maps.Keys(p.records)) }

// marks says whether the column of marks is shown, and whether the record has one.
func (p *selection) marks(record uint64) (shown, picked bool) {
	return len(p.records) > 0, p.records[record]
}

// changed shows the new selection.
func (p *selection) changed() {
	p.screen.list.marks = 0
	if len(p.records) > 0 {
		p.screen.list.marks = rowLeft + tickColumn
	}
	p.label()
	p.screen.list.refill()
}

func (p *selection) label() {
	t := p.screen.w.text
	p.button.setLabel(t.T("bulk.picked", t.Number(int64(len(p.records)))), "Ctrl+B")
	if p.bar != nil {
		p.bar.Refresh()
	}
}

// chooseMany opens what can be done with the selected appeals: what the role allows
// for at least one of them, and for how many.
func (s *appealsScreen) chooseMany() {
	w, t := s.w, s.w.text
	records, roles := s.picked.list(), s.w.desk.Me().Roles
	found := len(s.found.Records)
	var options []option
	var does []func()
	add := func(words string, do func()) {
		options = append(options, option{words, words})
		does = append(does, do)
	}
	open := func() {
		if len(records) < found {
			add(t.N("bulk.all", found), s.picked.all)
		}
		if len(records) == 0 && found > 0 {
			add(t.T("bulk.do.export", t.Number(int64(found))), func() { s.askList(nil) })
		}
		if len(records) > 0 {
			add(t.T("bulk.none"), s.picked.clear)
		}
		if len(options) == 0 {
			w.notice.show(t.T("bulk.nothing"), toneAmber)
			return
		}
		w.pick(options, "", below(s.picked.button), 300, func(words string) {
			does[slices.IndexFunc(options, func(o option) bool { return o.value == words })]()
		}, s.list)
	}
	if len(records) == 0 {
		open()
		return
	}
	w.live.Load(&s.manySlot, func(context.Context) (func(), error) {
		type can struct {
			deed bulkDeed
			many int
		}
		var all []can
		for _, b := range bulkDeeds() {
			n, err := w.desk.MayMany(records, func(a *app.Appeal) []app.Event { return b.asked(a, roles) })
			if err != nil {
				return nil, err
			}
			if n > 0 {
				all = append(all, can{b, n})
			}
		}
		return func() {
			for _, c := range all {
				words := t.T("bulk.do."+c.deed.name, t.Number(int64(c.many)))
				if c.many < len(records) {
					words = t.T("bulk.do_some", words, t.Number(int64(len(records))))
				}
				add(words, func() { c.deed.ask(s, records) })
			}
			add(t.T("bulk.do.export", t.Number(int64(len(records)))), func() { s.askList(records) })
			open()
		}, nil
	})
}

// bulkDeed is one thing that can be done with many appeals.
type bulkDeed struct {
	name string
	// asked is the question whether it may be done, its fields filled with anything.
	asked func(a *app.Appeal, roles []app.Role) []app.Event
	ask   func(s *appealsScreen, records []uint64)
}

// bulkDeeds are all of them, in the order of the menu.
func bulkDeeds() []bulkDeed {
	return []bulkDeed{
		{"assigned", always(app.Event{Type: app.EventAssigned, Target: "?"}), (*appealsScreen).assignMany},
		{"routed", always(app.Event{Type: app.EventRouted, Target: "?"}), (*appealsScreen).routeMany},
		{"classified", always(app.Event{Type: app.EventClassified, Group: "?"}), (*appealsScreen).classifyMany},
		{"answered", func(a *app.Appeal, roles []app.Role) []app.Event {
			return answerOrSubmit(a, app.Answer(a, "?", ""), roles)
		}, (*appealsScreen).answerMany},
		{"closed", always(app.Event{Type: app.EventClosed, Outcome: app.OutcomeSolved}), (*appealsScreen).closeMany},
	}
}

func always(e app.Event) func(*app.Appeal, []app.Role) []app.Event {
	return func(*app.Appeal, []app.Role) []app.Event { return []app.Event{e} }
}
