package ui

import (
	"strings"

	"otklik/app"
	"otklik/assets"
)

// did confirms an action, and offers the way back where there may be one.
func (w *Window) did(words string) {
	if w.desk.MayUndo() {
		w.notice.offer(words)
		return
	}
	w.say(words)
}

// undo takes back the last thing this person did here. It waits until what was asked
// for before it is done, and is seen to on the screen: an answer that was written has
// then forgotten its draft, which the undo gives back.
func (w *Window) undo() {
	w.notice.hide()
	w.live.Do(func() error { return nil }, w.takeBack)
}

func (w *Window) takeBack() {
	s, onAppeals := w.screens[screenAppeals].(*appealsScreen)
	if !onAppeals {
		return
	}
	s.detail.reply.save()
	p := w.working(w.text.T("undo.working"))
	var r app.ManyReport
	w.live.Try(func() (err error) {
		r, err = w.desk.Undo(p.ctx, p.told)
		return err
	}, func(err error) {
		p.end()
		s.detail.reply.again()
		s.reload()
		s.reloadCard()
		switch {
		case err != nil && r.Asked == 0:
			w.notice.show(w.text.Sentence(err), toneAmber)
		case err == nil && r.Asked == 1 && len(r.Refused) == 1:
			w.notice.show(w.text.Sentence(r.Refused[0].Err), toneAmber)
		default:
			s.undone(r, err)
		}
	})
}

// undone says what was undone. That is nothing to be undone in its turn.
func (s *appealsScreen) undone(r app.ManyReport, err error) {
	w, t := s.w, s.w.text
	var names []string
	for _, e := range r.Events {
		names = append(names, assets.Name(t, "event", e))
	}
	words := t.T("undo.done", strings.Join(names, ", "))
	if r.Asked > 1 {
		words += " · " + t.N("appeals.found", r.Done)
	}
	if back := r.Done - r.Withdrawn; back > 0 {
		words += " · " + t.N("undo.back", back)
	}
	if err == nil && len(r.Refused) == 0 && !r.Stopped {
		w.say(words)
		return
	}
	s.reported(r, err, words, w.say)
}
