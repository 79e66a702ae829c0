package ui

import (
	"context"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"otklik/app"
	"otklik/assets"
)

// ask asks another question altogether.
func (s *appealsScreen) ask(q app.Query) {
	s.query = q
	s.search.SetText(q.Words)
	s.head.order.set(s.head.label(q.Order))
	s.head.object.Refresh()
	s.narrowed()
}

// own shows that only one's own appeals are listed; a click drops that.
func (f *filterColumn) own() {
	s := f.screen
	item := f.item("own", s.w.text.T("appeals.own"), func() {
		s.query.Own = false
		s.narrowed()
	})
	item.set("", true, false)
	f.lines = append(f.lines, item)
}

// showViews lists the views by name; that of the present question is highlighted.
func (f *filterColumn) showViews() {
	if len(f.views) == 0 {
		return
	}
	s := f.screen
	f.heading("views.title")
	for _, v := range f.views {
		key := "view/" + v.Name
		if v.Shared {
			key = "view/shared/" + v.Name
		}
		item := f.item(key, v.Name, nil)
		item.do = func() { s.openView(v) }
		mark := ""
		if item.context = nil; v.Shared {
			mark = s.w.text.T("views.shared")
		} else {
			item.context = func() { s.changeView(v, item) }
		}
		item.set(mark, s.query.Same(v.Query), false)
		f.lines = append(f.lines, item)
	}
}

// reloadViews reads the views again.
func (f *filterColumn) reloadViews() {
	desk := f.screen.w.desk
	f.screen.w.live.Load(&f.viewSlot, func(context.Context) (func(), error) {
		views, err := desk.Views()
		return func() {
			f.views = views
			f.show(f.counts)
		}, err
	})
}

// openView asks what the view asks.
func (s *appealsScreen) openView(v app.View) {
	q := v.Query.Clone()
	if q.Queue == "" {
		q.Queue = app.QueueOpen // of a table that was written by hand
	}
	s.pageName, s.spotName = v.Name, v.Name // nobody knows their own here
	s.ask(q)
}

// saveView asks for a name for what the list shows.
func (s *appealsScreen) saveView() {
	s.query.Words = s.search.Text // also what the pause of typing holds back yet
	q := s.query.Clone()
	name := s.w.newEntry(s.w.text.T("views.name_hint"))
	about := newText(s.w.cuts.fit(s.describe(q), sizeCaption, false, 384), sizeCaption, s.w.pal.second, false)
	s.askName("views.save_title", name, []fyne.CanvasObject{about}, func() error {
		return s.w.desk.SaveView(app.View{Name: name.Text, Query: q})
	})
}

// describe says in a line what a question asks.
func (s *appealsScreen) describe(q app.Query) string {
	t := s.w.text
	parts := []string{assets.Name(t, "queue", q.Queue)}
	if q.Own {
		parts = append(parts, t.T("appeals.own"))
	}
	if q.Words != "" {
		parts = append(parts, "«"+strings.TrimSpace(q.Words)+"»")
	}
	for _, v := range q.Sources {
		parts = append(parts, assets.Name(t, "source", v))
	}
	for _, v := range slices.Concat(q.Groups, q.Topics, q.Municipalities, q.Assignees, q.Executors) {
		if v == "" {
			v = t.T("appeal.nobody")
		}
		parts = append(parts, v)
	}
	if q.Order != app.OrderQueue {
		parts = append(parts, lower(s.head.label(q.Order)))
	}
	return joined(parts...)
}

// askName asks for the name of a view and does what is to be done with it; what is
// wrong with the name is said in the question.
func (s *appealsScreen) askName(title string, name *entry, more []fyne.CanvasObject, do func() error) {
	w := s.w
	var d *dialog
	content := append([]fyne.CanvasObject{w.field(w.text.T("views.name"), sized(name, 0, buttonHeight))}, more...)
	d = w.ask(question{
		title: w.text.T(title), width: 420, yes: w.text.T("views.save_yes"), first: name,
		content: container.New(column{gap: 8}, content...),
		do: func() bool {
			w.live.Try(do, func(err error) {
				if err != nil {
					d.tell(w.text.Sentence(err))
					return
				}
				d.close()
				w.say(w.text.T("views.saved"))
				s.filter.reloadViews()
			})
			return false
		},
	})
	name.OnSubmitted = func(string) { d.accept() }
}

// changeView offers what may be done with one's own view.
func (s *appealsScreen) changeView(v app.View, at fyne.CanvasObject) {
	t := s.w.text
	options := []option{{"rename", t.T("views.rename")}, {"remove", t.T("views.remove")}}
	s.w.pick(options, "", below(at), 200, func(what string) {
		if what == "rename" {
			name := s.w.newEntry("")
			name.SetText(v.Name)
			s.askName("views.rename_title", name, nil, func() error { return s.w.desk.RenameView(v.Name, name.Text) })
			return
		}
		s.w.live.Do(func() error { return s.w.desk.RemoveView(v.Name) }, func() {
			s.w.say(t.T("views.removed", v.Name))
			s.filter.reloadViews()
		})
	}, nil)
}
