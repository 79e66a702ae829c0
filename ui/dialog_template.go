package ui

import "strings"

// chooseTemplate opens the region's templates; the one taken is put where the
// cursor stands.
func (s *appealsScreen) chooseTemplate() {
	r := s.detail.reply
	if s.detail.card == nil {
		return
	}
	if r.tab != tabAnswer {
		r.choose(tabAnswer)
	}
	if r.editor.Hidden {
		return
	}
	templates := s.w.desk.Region().Templates
	if len(templates) == 0 {
		s.w.notice.show(s.w.text.T("template.none"), toneAmber)
		return
	}
	options := make([]option, len(templates))
	for i, t := range templates {
		options[i] = option{t.Name, t.Name}
	}
	s.w.pick(options, "", below(r.template), 280, func(name string) {
		for _, t := range templates {
			if t.Name == name {
				r.insert(t.Text)
				return
			}
		}
	}, r.editor)
}

// insert puts a template into the answer: alone into an empty one, otherwise
// under what is there.
func (r *reply) insert(text string) {
	if old := strings.TrimRight(r.editor.Text, " \n"); old != "" {
		text = old + "\n\n" + text
	}
	r.editor.SetText(text)
	r.focus()
}
