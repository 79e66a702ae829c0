package ui

import (
	"cmp"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"otklik/app"
)

// filterPanel is the question «Отбор»: each condition with what is chosen of it.
type filterPanel struct {
	s      *analyticsScreen
	filter app.Filter
	fields []*filterField
}

// filterField is one condition of the panel.
type filterField struct {
	facet  condition
	choice *choice
	chips  *fyne.Container
	object *fyne.Container
}

// askFilter opens the panel.
func (s *analyticsScreen) askFilter() {
	w, t := s.w, s.w.text
	p := &filterPanel{s: s, filter: s.asked.Filter}
	left, right := container.New(column{gap: 12}), container.New(column{gap: 12})
	for i, f := range conditions {
		field := p.newField(f)
		p.fields = append(p.fields, field)
		if i < (len(conditions)+1)/2 {
			left.Add(field.object)
		} else {
			right.Add(field.object)
		}
	}
	var d *dialog
	clear := w.button(t.T("analytics.drop_all"), "", func() {
		p.filter = app.Filter{}
		p.show()
	})
	right.Add(container.New(gaps{top: 19}, container.New(line{}, clear)))
	p.show()
	d = w.ask(question{
		title: t.T("analytics.filter"), width: 640, yes: t.T("analytics.filter_yes"), first: p.fields[0].choice,
		content: container.New(column{gap: 12}, sideBySide(left, right),
			newText(w.cuts.fit(t.T("analytics.filter_about"), sizeCaption, false, 600), sizeCaption, w.pal.muted, false)),
		do: func() bool {
			d.close()
			s.narrow(p.filter)
			return false
		},
	})
}

func (p *filterPanel) newField(f condition) *filterField {
	w := p.s.w
	field := &filterField{facet: f, chips: container.New(newFlow(4))}
	field.choice = w.newChoice("", nil, "", func(v string) {
		p.filter = f.with(p.filter, v)
		p.show()
	})
	field.choice.says = func() string {
		if n := len(f.get(p.filter)); n > 0 {
			return w.text.N("analytics.chosen", n)
		}
		return w.text.T("screens.all")
	}
	caption := capital(w.text.T("analytics.by." + f.name))
	field.object = container.New(column{gap: 4},
		newText(caption, sizeCaption, w.pal.muted, false), sized(field.choice, 0, buttonHeight), field.chips)
	return field
}

// show brings all fields to what is chosen: the topics on offer follow from the groups.
func (p *filterPanel) show() {
	w := p.s.w
	for _, field := range p.fields {
		f := field.facet
		var options []option
		for _, v := range f.options(w.desk.Region(), p.filter, p.s.figures) {
			options = append(options, option{v, f.value(w.text, v)})
		}
		if f.family == "" {
			slices.SortStableFunc(options, func(a, b option) int { return cmp.Compare(app.Fold(a.words), app.Fold(b.words)) })
		}
		field.choice.setOptions(options)
		field.chips.Objects = nil
		for _, v := range f.get(p.filter) {
			field.chips.Add(w.toggle(w.cuts.fit(f.value(w.text, v), sizeCaption, false, 250)+" ×", true, func(bool) {
				p.filter = f.with(p.filter, v)
				p.show()
			}))
		}
		field.chips.Refresh()
		field.object.Refresh()
	}
	if d := w.dialog; d != nil {
		d.pop.Refresh() // fields may be higher now
	}
}
