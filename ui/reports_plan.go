package ui

import (
	"context"
	"path/filepath"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"otklik/app"
	"otklik/bulletin"
)

// reportPlan lists the schedules of this workstation: what is made by the clock, where
// to, and what came of it last.
type reportPlan struct {
	w      *Window
	object *fyne.Container
	add    *button
	table  *table
	all    []bulletin.Planned
	slot   Slot
}

func newReportPlan(w *Window) *reportPlan {
	t := w.text
	p := &reportPlan{w: w}
	p.add = w.button(t.T("reports.plan.add"), "", func() { p.edit(p.fresh()) })
	p.table = w.newTable([]tableColumn{
		{title: t.T("reports.plan.document"), width: 190, grow: 1},
		{title: t.T("reports.plan.format"), width: 76, spare: 3},
		{title: t.T("reports.plan.when"), width: 190},
		{title: t.T("reports.plan.folder"), width: 130, grow: 1, spare: 2},
		{title: t.T("reports.plan.next"), width: 130, spare: 1},
		{title: t.T("reports.plan.last"), width: 170, grow: 1.4},
	}, 34, sizeText, p.fill)
	p.table.list.activate = func(i int) { p.edit(p.all[i].Schedule) }
	p.table.list.clickAgain = true
	p.table.list.context = func(i int, at fyne.Position) { w.showActions(p.actions(i), at) }
	note := newText("", sizeCaption, w.pal.muted, false)
	card := w.framed(p.table, gaps{1, 1, 8, 1})
	ground := canvas.NewRectangle(w.pal.ground)
	p.object = container.New(arrangement{
		min: func() fyne.Size { return fyne.NewSize(200, 200) },
		place: func(size fyne.Size) {
			const side = 14
			m := p.add.MinSize()
			place(ground, 0, 0, size.Width, size.Height)
			place(p.add, side, 10, m.Width, m.Height)
			note.Text = w.cuts.fit(t.T("reports.plan.about"), sizeCaption, false, size.Width-m.Width-2*side-12)
			centred(note, side+m.Width+12, m.Height+20)
			place(card, side, m.Height+20, size.Width-2*side, size.Height-m.Height-34)
		},
	}, ground, p.add, note, card)
	p.object.Hide()
	return p
}

// reload asks what is planned.
func (p *reportPlan) reload() {
	desk := p.w.desk
	if p.all == nil {
		p.table.setEmpty(p.w.text.T("reports.plan.reading"), nil)
	}
	p.w.live.Load(&p.slot, func(context.Context) (func(), error) {
		all, err := bulletin.Schedules(desk)
		return func() {
			p.all = all
			p.table.setEmpty(p.w.text.T("reports.plan.none"), nil)
			p.table.setCount(len(all))
			p.table.Refresh()
			if len(all) > 0 && p.table.list.selected < 0 {
				p.table.list.mark(0)
			}
		}, err
	})
}

func (p *reportPlan) fill(i int, c []cell) {
	w, t, one := p.w, p.w.text, p.all[i]
	c[0] = cell{words: t.T("bulletin." + string(one.Kind)), bold: true}
	c[1].words = t.T("reports.short." + string(one.Format))
	c[2].words = w.planWords(one.Schedule)
	c[3] = cell{words: one.Folder, ink: w.pal.second}
	c[4] = cell{words: t.T("reports.plan.off"), ink: w.pal.muted}
	if one.On {
		c[4] = cell{words: t.Moment(one.Next(w.here(w.desk.Now())), w.here(w.desk.Now()))}
	}
	last := one.Made.Last
	switch {
	case last.At.IsZero():
		c[5] = cell{words: t.T("reports.plan.never"), ink: w.pal.muted}
	case last.Failed != "":
		c[5] = cell{words: t.T("reports.plan.failed", w.clock(last.At), last.Failed), ink: w.pal.red}
	default:
		c[5] = cell{words: t.T("reports.plan.made", w.clock(last.At), filepath.Base(last.File)), ink: w.pal.green}
	}
}

// planWords says when a schedule is due: «по понедельникам в 08:00».
func (w *Window) planWords(s bulletin.Schedule) string {
	t, at := w.text, timeWords(s.At)
	switch s.Every {
	case bulletin.EveryWeek:
		return t.T("reports.plan.weekly", t.T("reports.weekday."+string(rune('1'+s.Weekday))), at)
	case bulletin.EveryMonth:
		return t.T("reports.plan.monthly", s.Day, at)
	}
	return t.T("reports.plan.daily", at)
}

// timeWords writes a time of day: 08:00.
func timeWords(at app.TimeOfDay) string {
	return time.Date(2000, 1, 1, int(at)/60, int(at)%60, 0, 0, time.UTC).Format("15:04")
}

// actions is the menu of a schedule.
func (p *reportPlan) actions(i int) []action {
	w, t, one := p.w, p.w.text, p.all[i]
	turn := "reports.plan.turn_on"
	if one.On {
		turn = "reports.plan.turn_off"
	}
	out := []action{
		{label: t.T("reports.plan.edit"), hint: "Enter", do: func() { p.edit(one.Schedule) }},
		{label: t.T("reports.plan.now"), do: func() { p.now(one) }},
		{label: t.T(turn), do: func() {
			s := one.Schedule
			s.On = !s.On
			p.change(func() error { return bulletin.SaveSchedule(w.desk, s) })
		}},
	}
	if one.Made.Last.File != "" && one.Made.Last.Failed == "" {
		out = append(out, action{label: t.T("reports.plan.open"), do: func() { w.openPath(one.Made.Last.File) }})
	}
	return append(out, action{label: t.T("reports.plan.remove"), do: func() {
		p.change(func() error { return bulletin.RemoveSchedule(w.desk, one.ID) })
	}})
}

func (p *reportPlan) change(do func() error) { p.w.live.Do(do, p.reload) }

// now makes the document of a schedule at once.
func (p *reportPlan) now(one bulletin.Planned) {
	w := p.w
	w.notice.show(w.text.T("reports.making"), toneGrey)
	p.w.live.Do(func() (err error) {
		one, err = bulletin.MakeNow(w.desk, w.text, one)
		return err
	}, func() {
		p.reload()
		if failed := one.Made.Last.Failed; failed != "" {
			w.notice.show(failed, toneRed)
			return
		}
		w.say(w.text.T("reports.saved", one.Made.Last.File))
	})
}
