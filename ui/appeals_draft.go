package ui

import (
	"maps"
	"time"

	"otklik/app"
)

// draftPause is how often what is being typed is saved: no more than that is lost
// with the program, however long somebody types without a pause.
const draftPause = 500 * time.Millisecond

// changed keeps the draft as it stands now, and saves it soon.
func (r *reply) changed() {
	r.drafts[r.appeal] = r.draft()
	r.dirty = true
	if r.stop == nil {
		r.stop = r.w.live.Later(draftPause, r.save)
	}
}

// keep changes what is kept beside the two texts.
func (r *reply) keep(change func(*app.Draft)) {
	if r.appeal == "" {
		return
	}
	change(&r.kept)
	r.changed()
}

// begin makes the words of a question a draft of the appeal: they are there again
// when it is asked the next time. date may be nil.
func (r *reply) begin(e app.EventType, text, date *entry) {
	was, offered := r.kept.Begun[e], ""
	if date != nil {
		offered = date.Text
	}
	if was.Text != "" {
		text.SetText(was.Text)
	}
	if date != nil && was.Date != "" {
		date.SetText(was.Date)
	}
	typed := func(string) {
		now := app.Begun{Text: text.Text}
		if date != nil {
			now.Date = date.Text
		}
		r.keep(func(d *app.Draft) {
			d.Begun = maps.Clone(d.Begun) // the one before is being saved
			if d.Begun == nil {
				d.Begun = map[app.EventType]app.Begun{}
			}
			if d.Begun[e] = now; blank(now.Text) && (blank(now.Date) || now.Date == offered) {
				delete(d.Begun, e)
			}
		})
	}
	text.OnChanged = typed
	if date != nil {
		date.OnChanged = typed
	}
}

// draft is what a person has typed; a text under approval is not theirs until
// they change it.
func (r *reply) draft() app.Draft {
	d := r.kept
	d.Answer, d.Note = r.texts[tabAnswer], r.texts[tabNote]
	if d.Answer == r.given {
		d.Answer = ""
	}
	return d
}

func (r *reply) hasDraft() bool { return !r.draft().Empty() }

// save writes the draft, if anything was typed since the last time.
func (r *reply) save() {
	if r.stop != nil {
		r.stop()
		r.stop = nil
	}
	if !r.dirty || r.appeal == "" {
		return
	}
	r.dirty = false
	id, draft := r.appeal, r.draft()
	r.w.live.Do(func() error { return r.w.desk.SaveDraft(id, draft) }, nil)
}

// again makes the next card show the drafts as they are kept: an undo gives back
// what was typed.
func (r *reply) again() {
	clear(r.drafts)
	r.reread = true
}

// settled forgets what was typed for events that are written now; was is the draft
// when they were asked for.
func (r *reply) settled(id string, was app.Draft, events []app.Event) {
	draft, ok := r.drafts[id]
	if !ok {
		draft = was
	}
	draft.Begun = maps.Clone(draft.Begun)
	touched, shown := false, r.appeal == id
	for _, e := range events {
		_, begun := draft.Begun[e.Type]
		delete(draft.Begun, e.Type)
		touched = touched || begun
		switch e.Type {
		case app.EventNote:
			draft.Note, touched = "", true
			if shown {
				r.texts[tabNote] = ""
			}
		case app.EventSubmitted, app.EventAnswered, app.EventInterim:
			draft.Answer, draft.Link, draft.Ticked, touched = "", "", nil, true
			if shown {
				r.texts[tabAnswer], r.given = "", ""
			}
		}
	}
	if !touched {
		return
	}
	r.drafts[id] = draft
	r.w.live.Do(func() error { return r.w.desk.SaveDraft(id, draft) }, nil)
	if shown {
		r.kept, r.dirty = draft, false
		r.refresh()
	}
}
