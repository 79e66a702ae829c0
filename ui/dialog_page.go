package ui

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"otklik/app"
)

// askPage asks for a page that the registry does not have yet.
func (s *pagesScreen) askPage() {
	w, t := s.w, s.w.text
	link, name, founder := w.newEntry("https://vk.com/…"), w.newEntry(""), w.newEntry("")
	places := append([]option{{"", t.T("screens.dash")}}, plain(municipalities(w.desk.Region()))...)
	place := w.newChoice("", places, s.query.Municipality, nil)
	spheres := append([]option{{"", t.T("screens.dash")}}, s.sphere.options[1:]...)
	sphere := w.newChoice("", spheres, s.query.Sphere, nil)
	var d *dialog
	d = w.ask(question{
		title: t.T("pages.add.title"), width: 520, yes: t.T("pages.add.yes"), first: link,
		content: container.New(column{gap: 10},
			w.field(t.T("pages.col.link"), sized(link, 0, buttonHeight)), w.field(t.T("pages.col.name"), sized(name, 0, buttonHeight)),
			w.field(t.T("pages.col.founder"), sized(founder, 0, buttonHeight)),
			container.New(line{gap: 12}, w.field(t.T("pages.col.place"), place), w.field(t.T("pages.add.sphere"), sphere)),
		),
		do: func() bool {
			p := app.Page{Link: strings.TrimSpace(link.Text), Name: name.Text, Founder: strings.TrimSpace(founder.Text), Municipality: place.value}
			if sphere.value != "" {
				p.Spheres = []string{sphere.value}
			}
			w.live.Try(func() error { return w.desk.AddPage(p) }, func(err error) {
				if err != nil {
					d.tell(t.Sentence(err))
					return
				}
				d.close()
				w.say(t.T("pages.add.done", strings.TrimSpace(p.Name)))
			})
			return false
		},
	})
	for _, e := range []*entry{link, name, founder} {
		e.OnSubmitted = func(string) { d.accept() }
	}
	w.focus(fyne.Focusable(link))
}

func municipalities(r *app.Region) []string {
	out := make([]string, len(r.Municipalities))
	for i, m := range r.Municipalities {
		out[i] = m.Name
	}
	return out
}
