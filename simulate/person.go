package simulate

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"otklik/app"
)

// work is one thing a person does at the station.
func (s *station) work() {
	s.does(func() error {
		return pick(s.w, []func() error{
			s.create, s.create, s.act, s.act, s.act, s.act, s.act, s.act, s.act, s.act, s.act, s.answer, s.answer,
			s.settle, s.settle, s.draft, s.importAppeal, s.importPages, s.move, s.move, s.attach, s.attach, s.attach, s.attach,
			s.look, s.look, s.look, s.changeTable, s.changeMind, s.changeMind,
		})()
	})
}

// does lets a person at the station do something.
func (s *station) does(something func() error) {
	if s.disk == nil {
		s.w.note("%s is down", s.name)
		return
	}
	lived := s.lives(func() {
		err := something()
		if err == nil {
			return
		}
		s.w.note("%s: %v", s.name, err)
		if app.CodeOf(err) == "" {
			s.w.violate("desk", "%s: no sentence for %v", s.name, err)
		}
	})
	if lived {
		s.check()
	}
}

// text gives words that occur once in a run.
func (s *station) text(what string) string {
	s.w.made++
	return fmt.Sprintf("%s %d, %s", what, s.w.made, s.name)
}

// place draws a municipality, mostly one of the station's own.
func (s *station) place() string {
	if own := s.device.Identity.Municipalities; len(own) > 0 && s.w.chance(0.9) {
		return pick(s.w, own)
	}
	return pick(s.w, places)
}

func (s *station) create() error {
	_, err := s.desk.Create(app.Appeal{
		Kind: app.KindIncident, Source: app.SourceVK, Text: s.text("Яма на дороге"), Group: "Дороги",
		Municipality: s.place(),
	})
	return err
}

// some draws an appeal the station knows, the older ones more often: that is
// where people meet. nil: it knows none.
func (s *station) some() (*app.Card, error) {
	var records []uint64
	if err := s.disk.Facts(app.Filter{}, time.Time{}, func(f *app.Facts) {
		records = slices.AppendSeq(records, f.Records())
	}); err != nil || len(records) == 0 {
		return nil, err
	}
	if s.w.chance(0.7) {
		records = records[:min(len(records), 3)]
	}
	return s.desk.Card(pick(s.w, records))
}

func (s *station) act() error {
	card, err := s.some()
	if card == nil || err != nil {
		return err
	}
	return s.desk.Act(card.Appeal.ID, s.event(pick(s.w, card.Offers)))
}

// changeMind does something and undoes it soon after, be it on its way by then.
func (s *station) changeMind() error {
	s.w.after(s.w.upTo(2*time.Second), s.name+" undoes", func() { s.does(s.undo) })
	return s.act()
}

// undo takes the last deed back, one of this run of the program.
func (s *station) undo() error {
	r, err := s.desk.Undo(context.Background(), func(int, int) {})
	for _, refused := range r.Refused {
		if app.CodeOf(refused.Err) == "" {
			s.w.violate("desk", "%s: no sentence for %v", s.name, refused.Err)
		}
	}
	if err == nil {
		s.w.note("%s: undoes %d, %d never sent, %d refused", s.name, r.Done, r.Withdrawn, len(r.Refused))
	}
	return err
}

// event fills an event as a dialog would.
func (s *station) event(t app.EventType) app.Event {
	e := app.Event{Type: t, Text: s.text("Текст")}
	switch t {
	case app.EventRouted, app.EventRedirected, app.EventMerged:
		e.Target = pick(s.w, []string{"Минтранс", "Минстрой"})
	case app.EventAssigned:
		e.Target, e.Text = pick(s.w, []string{"Оператор 1", "Оператор 2", ""}), ""
	case app.EventClassified:
		e.Group, e.Target, e.Text = "Дороги", pick(s.w, []string{"Ямы", "Разметка"}), ""
	case app.EventPlaced:
		e.Target, e.Text = s.place(), ""
	case app.EventGraded:
		e.Severity, e.Text = app.Severity(s.w.rand.IntN(int(app.MaxSeverity)+1)), ""
	case app.EventStarted, app.EventUnmerged:
		e.Text = ""
	case app.EventInterim:
		e.FinalBy = s.w.now.Add(5 * 24 * time.Hour).UTC().Truncate(time.Millisecond)
	case app.EventAnswered:
		e.ByHand = true
	case app.EventClosed:
		e.Outcome, e.Text = app.OutcomeSolved, ""
	}
	return e
}

// answer is the gesture of several events.
func (s *station) answer() error {
	card, err := s.some()
	if card == nil || err != nil {
		return err
	}
	if s.w.chance(0.3) {
		return s.desk.Act(card.Appeal.ID, app.Submit(card.Appeal, s.text("Проект ответа"))...)
	}
	return s.desk.Act(card.Appeal.ID, app.Answer(card.Appeal, s.text("Ответ"), "")...)
}

// attach adds a text of a few kilobytes to a note, or to what may end in a
// conflict; now and then one that another station has, too.
func (s *station) attach() error {
	card, err := s.some()
	if card == nil || err != nil {
		return err
	}
	what := s.text("Вложение")
	if s.w.chance(0.3) {
		what = fmt.Sprint("Общее вложение ", s.w.rand.IntN(3))
	}
	f, err := s.desk.AttachFrom("вложение.txt", strings.NewReader(strings.Repeat(what+"\n", 1+s.w.rand.IntN(4000))))
	if err != nil {
		return err
	}
	e := s.event(app.EventNote)
	if s.w.chance(0.3) {
		e = s.event(pick(s.w, card.Offers))
	}
	e.Files = []app.File{f}
	for _, other := range s.w.stations {
		if other != s {
			s.w.after(s.w.upTo(2*time.Hour), other.name+" looks at what was attached", func() { other.does(other.look) })
		}
	}
	return s.desk.Act(card.Appeal.ID, e)
}

// look opens one appeal after another, and asks for the files that are not here.
func (s *station) look() error {
	var records []uint64
	err := s.disk.Facts(app.Filter{}, time.Time{}, func(f *app.Facts) { records = slices.AppendSeq(records, f.Records()) })
	for _, record := range records {
		var a *app.Appeal
		var all []app.Attachment
		if a, err = s.disk.AppealAt(record); err == nil {
			all, err = s.desk.Attachments(a)
		}
		if err != nil {
			return err
		}
		for _, f := range all {
			s.desk.Fetch(f.File)
		}
	}
	s.fileTurn(s.w.upTo(time.Second))
	return err
}

func (s *station) settle() error {
	open, err := s.desk.Conflicts()
	if len(open) == 0 || err != nil {
		return err
	}
	return s.desk.Settle(pick(s.w, open), pick(s.w, []app.Choice{app.ChoiceSend, app.ChoiceNote, app.ChoiceDrop}))
}

func (s *station) draft() error {
	card, err := s.some()
	if card == nil || err != nil {
		return err
	}
	d := app.Draft{Answer: s.text("Черновик")}
	if s.w.chance(0.2) {
		d = app.Draft{}
	}
	return s.desk.SaveDraft(card.Appeal.ID, d)
}

// importAppeal reads a row of a spreadsheet; the same few rows, at one stage or
// another, are read at every station.
func (s *station) importAppeal() error {
	row := fmt.Sprint(s.w.rand.IntN(3))
	began := firstMoment.Add(-24 * time.Hour)
	a := app.Appeal{
		ID: app.IDFrom("row", row), Kind: app.KindPOS, Source: app.SourcePOS, External: row, Text: "Обращение " + row,
		Group: "Дороги", Municipality: s.place(), Status: app.StatusNew,
		Events: []app.Event{{ID: app.IDFrom("published", row), Type: app.EventPublished, At: began}},
	}
	made := func(e *entry) bool { return e.op.Kind == app.OpCreate && e.op.Ent == a.ID }
	if _, known := s.disk.Record(a.ID); !known && slices.ContainsFunc(s.ledger.entries, made) {
		return nil // refused, or gone: a second time is nothing new
	}
	stages := []app.Event{
		{Type: app.EventStarted, By: "Минтранс"},
		{Type: app.EventAnswered, By: "Минтранс", Text: "Сделано", ByHand: true},
	}
	for i, e := range stages[:s.w.rand.IntN(len(stages)+1)] {
		e.ID, e.At = app.IDFrom("stage", row, fmt.Sprint(i)), began.Add(time.Duration(i+1)*time.Hour)
		a.Apply(e)
	}
	s.regret()
	_, err := s.desk.Import(context.Background(), "", app.Whole(&app.Batch{Read: 1, Rows: []app.BatchRow{{Line: 2, Appeal: &a}}}), nil)
	return err
}

// regret has an import that is about to be made taken back, at once or when others
// have had the time to work on what it brought.
func (s *station) regret() {
	if s.w.chance(0.5) {
		s.w.after(s.w.upTo(pick(s.w, []time.Duration{2 * time.Second, 40 * time.Minute})), s.name+" takes an import back", func() { s.does(s.takeImportBack) })
	}
}

// takeImportBack undoes the last import that is not undone yet.
func (s *station) takeImportBack() error {
	all, err := s.desk.Imports()
	at := slices.IndexFunc(all, func(i app.Imported) bool { return i.Undone.IsZero() })
	if err != nil || at < 0 {
		return err
	}
	r, err := s.desk.UndoImport(context.Background(), all[at].ID, func(int, int) {})
	if err == nil {
		s.w.note("%s: takes an import back: %d removed, %d restored, %d worked on", s.name, r.Removed, r.Restored, r.Worked)
	}
	return err
}

// importPages reads counts of public pages, the pages with them.
func (s *station) importPages() error {
	b := &app.Batch{}
	for range 1 + s.w.rand.IntN(3) {
		n := s.w.rand.IntN(4)
		page := app.Page{
			ID: app.IDFrom("page", fmt.Sprint(n)), Network: app.SourceVK, Name: fmt.Sprintf("Школа № %d", n),
			Municipality: pick(s.w, []string{"г. Чебоксары", "г. Канаш"}),
		}
		row := app.BatchRow{Line: len(b.Rows) + 2, Page: &page}
		if s.w.chance(0.7) {
			row.Page, row.Count = nil, &app.PageCount{
				Page: page, Day: app.DayOf(firstMoment) - app.Day(s.w.rand.IntN(5)), Count: uint32(s.w.rand.IntN(10_000)),
			}
		}
		b.Rows = append(b.Rows, row)
	}
	b.Read = len(b.Rows)
	s.regret()
	_, err := s.desk.Import(context.Background(), "", app.Whole(b), nil)
	return err
}

// changeTable changes the terms or the checklist of the region, as far as this
// station knows them.
func (s *station) changeTable() error {
	t := s.desk.Region().Table(pick(s.w, []app.TableName{app.TableRules, app.TableChecklist}))
	if t.Name == app.TableRules {
		length := slices.Index(t.Columns, "length")
		t.Rows[s.w.rand.IntN(len(t.Rows))][length] = fmt.Sprint(1 + s.w.rand.IntN(40))
	} else {
		t.Rows = append(t.Rows[max(0, len(t.Rows)-5):], []string{s.text("Проверить")})
	}
	problems, err := s.desk.SaveTable(t)
	if len(problems) > 0 {
		s.w.violate("tables", "%s: a sound table is refused: %+v", s.name, problems[0])
	}
	return err
}

// appeals gives those the server knows, oldest first.
func (w *world) appeals() (ids []string) {
	for _, c := range w.feed() {
		if c.Kind == app.OpCreate && c.Verdict == app.VerdictApplied && !slices.Contains(ids, c.Ent) {
			ids = append(ids, c.Ent)
		}
	}
	return ids
}
