package ui

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"otklik/app"
	"otklik/assets"
)

// newAppeal asks for an appeal taken in by hand.
func (w *Window) newAppeal() {
	t := w.text
	var sources, kinds []option
	for _, v := range app.Sources {
		sources = append(sources, option{string(v), assets.Name(t, "source", v)})
	}
	for _, v := range app.Kinds {
		kinds = append(kinds, option{string(v), assets.Name(t, "kind", v)})
	}
	places := w.placesOfMine()
	source := w.newChoice("", sources, string(app.SourceVK), nil)
	kind := w.newChoice("", kinds, string(app.KindIncident), nil)
	municipality := w.newChoice("", places, places[0].value, nil)
	topic := w.newTopicChoice("", "")
	title, author, contact, street := w.newEntry(""), w.newEntry(""), w.newEntry(""), w.newEntry("")
	text := w.newEditor(t.T("new.text_hint"))
	line := func(e *entry) fyne.CanvasObject { return sized(e, 0, buttonHeight) }
	content := container.New(
		column{gap: 10},
		sideBySide(w.field(t.T("new.source"), source), w.field(t.T("new.kind"), kind)),
		w.field(t.T("new.heading"), line(title)),
		w.field(t.T("new.text"), editorBox(text)),
		// What routing asks for comes next after the text.
		sideBySide(w.field(t.T("new.municipality"), municipality), w.field(t.T("new.topic"), topic.object)),
		w.field(t.T("new.place"), line(street)),
		sideBySide(w.field(t.T("new.author"), line(author)), w.field(t.T("new.contact"), line(contact))),
	)
	var d *dialog
	d = w.ask(question{
		title: t.T("new.title"), content: content, width: 640, yes: t.T("new.yes"), first: text,
		do: func() bool {
			if blank(text.Text) {
				d.tell(t.Sentence(app.Fail(app.CodeEmptyText)))
				return false
			}
			group, name := topic.value()
			w.create(app.Appeal{
				Source: app.Source(source.value), Kind: app.Kind(kind.value), Title: strings.TrimSpace(title.Text),
				Text: text.Text, Author: strings.TrimSpace(author.Text), Contact: strings.TrimSpace(contact.Text),
				Municipality: municipality.value, Place: strings.TrimSpace(street.Text), Group: group, Topic: name,
			})
			return true
		},
	})
}

// placesOfMine offers the municipalities an appeal of this person may be of.
func (w *Window) placesOfMine() (places []option) {
	me := w.desk.Me()
	if me.Regional() {
		places = append(places, option{"", w.text.T("new.unknown")})
	}
	for _, m := range w.desk.Region().Municipalities {
		if me.Sees(m.Name) {
			places = append(places, option{m.Name, m.Name})
		}
	}
	if len(places) == 0 { // the region's tables here are older than the server's
		for _, m := range me.Municipalities {
			places = append(places, option{m, m})
		}
	}
	return places
}

// create writes a new appeal and opens it.
func (w *Window) create(a app.Appeal) {
	var record uint64
	var there bool
	w.live.Do(func() error {
		id, err := w.desk.Create(a)
		if err == nil {
			record, there = w.desk.Record(id)
		}
		return err
	}, func() {
		w.say(w.text.T("done.created"))
		w.withAppeals(func(s *appealsScreen) {
			if there {
				s.openRecord(record)
				s.read()
			}
			s.reload()
		})
	})
}

// sideBySide puts two inputs side by side.
func sideBySide(left, right fyne.CanvasObject) fyne.CanvasObject {
	const gap = 12
	return container.New(arrangement{
		min: func() fyne.Size {
			return fyne.NewSize(300, max(left.MinSize().Height, right.MinSize().Height))
		},
		place: func(size fyne.Size) {
			half := (size.Width - gap) / 2
			place(left, 0, 0, half, size.Height)
			place(right, half+gap, 0, half, size.Height)
		},
	}, left, right)
}
