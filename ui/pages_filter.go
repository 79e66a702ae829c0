package ui

import (
	"cmp"
	"slices"

	"fyne.io/fyne/v2/container"

	"otklik/app"
	"otklik/assets"
)

// filter makes a choice that narrows the list.
func (s *pagesScreen) filter(key string, narrow func(v string)) *choice {
	return s.w.newChoice(s.w.text.T("pages.filter."+key), s.all(), "", func(v string) {
		narrow(v)
		s.reload()
		s.object.Refresh()
	})
}

// all is the choice that does not narrow.
func (s *pagesScreen) all() []option { return []option{{"", s.w.text.T("screens.all")}} }

// named makes options of values that have words.
func named[V ~string](t *assets.Texts, family string, values []V) []option {
	out := make([]option, len(values))
	for i, v := range values {
		out[i] = option{string(v), assets.Name(t, family, v)}
	}
	return out
}

// clear drops all conditions.
func (s *pagesScreen) clear() {
	s.ask(app.PageQuery{Sort: s.query.Sort, Ascending: s.query.Ascending})
	s.w.focus(s.mode.list)
}

// ask asks another question altogether.
func (s *pagesScreen) ask(q app.PageQuery) {
	s.query = q
	s.search.SetText(q.Words)
	for c, v := range map[*choice]string{
		s.network: string(q.Network), s.sphere: q.Sphere, s.municipality: q.Municipality, s.level: q.Level, s.status: q.Status,
		s.zone: string(q.Zone), s.trouble: string(q.Trouble),
	} {
		c.set(v)
	}
	s.markSort()
	s.reload()
	s.object.Refresh()
}

// gather offers the values that occur.
func (s *pagesScreen) gather(all []app.PageRow) {
	networks, spheres, places, levels, statuses := map[string]bool{}, map[string]bool{}, map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, p := range all {
		networks[string(p.Network)] = true
		places[p.Municipality], levels[p.Level], statuses[p.Status] = true, true, true
		for _, v := range p.Spheres {
			spheres[v] = true
		}
	}
	s.network.setOptions(s.offer(networks, func(v string) string { return assets.Name(s.w.text, "source", app.Source(v)) }))
	same := func(v string) string { return v }
	s.sphere.setOptions(s.offer(spheres, same))
	s.municipality.setOptions(s.offer(places, same))
	s.level.setOptions(s.offer(levels, same))
	s.status.setOptions(s.offer(statuses, same))
	s.zone.setOptions(append(s.all(), named(s.w.text, "zone", app.Zones)...))
	s.trouble.setOptions(append(s.all(), named(s.w.text, "trouble", app.Troubles)...))
}

func (s *pagesScreen) offer(values map[string]bool, words func(string) string) []option {
	var out []option
	for v := range values {
		if v != "" {
			out = append(out, option{v, words(v)})
		}
	}
	slices.SortFunc(out, func(a, b option) int { return cmp.Compare(app.Fold(a.words), app.Fold(b.words)) })
	return append(s.all(), out...)
}

// showViews offers the views by name, and to keep what is asked now.
func (s *pagesScreen) showViews() {
	w, t := s.w, s.w.text
	var views []app.PageView
	w.live.Do(func() (err error) {
		views, err = w.desk.PageViews()
		return err
	}, func() {
		var actions []action
		var present *app.PageView
		for _, v := range views {
			actions = append(actions, action{v.Name, "", func() { s.ask(v.Query) }})
			if v.Query.Same(s.query) {
				present = &v
			}
		}
		actions = append(actions, action{t.T("pages.view.save"), "", s.saveView})
		if present != nil {
			actions = append(actions, action{t.T("pages.view.remove", present.Name), "", func() {
				w.live.Do(func() error { return w.desk.RemovePageView(present.Name) }, func() { w.say(t.T("views.removed", present.Name)) })
			}})
		}
		w.showActions(actions, below(s.views))
	})
}

// saveView asks for a name for what the list shows.
func (s *pagesScreen) saveView() {
	s.query.Words = s.search.Text // also what the pause of typing holds back yet
	w, t, q := s.w, s.w.text, s.query
	name := w.newEntry(t.T("views.name_hint"))
	var d *dialog
	d = w.ask(question{
		title: t.T("views.save_title"), width: 420, yes: t.T("views.save_yes"), first: name,
		content: container.New(column{gap: 8}, w.field(t.T("views.name"), sized(name, 0, buttonHeight))),
		do: func() bool {
			w.live.Try(func() error { return w.desk.SavePageView(app.PageView{Name: name.Text, Query: q}) }, func(err error) {
				if err != nil {
					d.tell(t.Sentence(err))
					return
				}
				d.close()
				w.say(t.T("views.saved"))
			})
			return false
		},
	})
	name.OnSubmitted = func(string) { d.accept() }
}
