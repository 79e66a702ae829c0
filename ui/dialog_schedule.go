package ui

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"fyne.io/fyne/v2/container"

	"otklik/app"
	"otklik/bulletin"
)

// fresh is the schedule that is proposed: the ranking on Mondays, before work begins.
func (p *reportPlan) fresh() bulletin.Schedule {
	folder := p.w.folder
	if home, err := os.UserHomeDir(); folder == "" && err == nil {
		folder = home
	}
	return bulletin.Schedule{
		Kind: bulletin.KindRanking, Format: bulletin.PDF, Folder: folder, Every: bulletin.EveryWeek, Day: 1, At: 8 * 60, On: true,
	}
}

// edit asks what is to be made, when and where to.
func (p *reportPlan) edit(s bulletin.Schedule) {
	w, t := p.w, p.w.text
	var d *dialog
	kind := w.newChoice("", named(t, "bulletin", bulletin.Kinds), string(s.Kind), func(string) {})
	format := w.newChoice("", named(t, "reports.format", bulletin.Formats), string(s.Format), func(string) {})
	var weekdays, days []option
	for i := range 7 {
		weekdays = append(weekdays, option{strconv.Itoa(i), t.T("reports.weekday." + strconv.Itoa(i+1))})
	}
	for i := 1; i <= 31; i++ {
		days = append(days, option{strconv.Itoa(i), t.T("reports.plan.day", i)})
	}
	weekday := w.newChoice("", weekdays, strconv.Itoa(s.Weekday), func(string) {})
	day := w.newChoice("", days, strconv.Itoa(max(1, s.Day)), func(string) {})
	mark := func(every string) {
		setShown(weekday, bulletin.Every(every) == bulletin.EveryWeek)
		setShown(day, bulletin.Every(every) == bulletin.EveryMonth)
	}
	every := w.newChoice("", named(t, "reports.every", bulletin.Everies), string(s.Every), func(v string) {
		mark(v)
		d.pop.Refresh()
	})
	mark(every.value)
	at := w.newEntry("08:00")
	at.SetText(timeWords(s.At))
	folder := w.newEntry("")
	folder.SetText(s.Folder)
	on := w.newTick(t.T("reports.plan.is_on"), s.On, func(bool) {})
	d = w.ask(question{
		title: t.T("reports.plan.title"), width: 600, yes: t.T("reports.plan.yes"), first: kind,
		content: container.New(
			column{gap: 12}, w.field(t.T("reports.plan.document"), kind),
			w.field(t.T("reports.plan.format"), format),
			w.field(t.T("reports.plan.when"), container.New(newFlow(8), every, weekday, day, sized(at, 84, buttonHeight))),
			w.field(t.T("reports.plan.folder"), sized(folder, 0, buttonHeight)), on,
			aligned(caption(t.T("reports.plan.how"))),
		),
		do: func() bool {
			s.Kind, s.Format, s.Every = bulletin.Kind(kind.value), bulletin.Format(format.value), bulletin.Every(every.value)
			s.Weekday, _ = strconv.Atoi(weekday.value) // the choices hold numbers alone
			s.Day, _ = strconv.Atoi(day.value)
			s.Folder, s.On = filepath.Clean(strings.Trim(strings.TrimSpace(folder.Text), `"`)), on.on
			if err := s.At.UnmarshalText([]byte(strings.TrimSpace(at.Text))); err != nil {
				d.tell(t.T("reports.plan.bad_time"))
				return false
			}
			w.live.Try(func() error {
				if info, err := os.Stat(s.Folder); err != nil || !info.IsDir() || !filepath.IsAbs(s.Folder) {
					return app.Fail(app.CodeReportFolder, s.Folder)
				}
				return bulletin.SaveSchedule(w.desk, s)
			}, func(err error) {
				if err != nil {
					d.tell(t.Sentence(err))
					return
				}
				d.close()
				p.reload()
			})
			return false
		},
	})
}
