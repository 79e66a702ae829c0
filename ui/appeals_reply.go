package ui

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"otklik/app"
)

// draftPause is how long typing has to pause before the draft is saved.
const draftPause = 500 * time.Millisecond

// replyTab is what is being written.
type replyTab int

const (
	tabAnswer replyTab = iota
	tabNote
)

// reply is the area under the history: the answer to the citizen or a note for
// the house, and what may be done with the appeal.
type reply struct {
	detail *detail
	w      *Window
	object *fyne.Container

	tabs     [2]*button
	template *button
	clip     *button // attaches files
	editor   *entry
	closedBy *canvas.Text // why there is nothing to write
	row      *actionRow

	appeal  string // ID of the appeal the texts belong to, "" for none
	tab     replyTab
	texts   [2]string
	given   string // text under approval: shown for editing, not a draft
	outcome app.Outcome
	dirty   bool
	reread  bool // what is kept may be another draft than the one shown
	setting bool // the program writes into the editor, not the person
	drafts  map[string]app.Draft
	files   map[textKey][]app.File // chosen to go with a text
	stop    func()
}

func newReply(d *detail) *reply {
	w := d.screen.w
	r := &reply{detail: d, w: w, outcome: app.OutcomeSolved, drafts: map[string]app.Draft{}, files: map[textKey][]app.File{}}
	r.tabs[tabAnswer] = w.tab(w.text.T("reply.answer"), func() { r.choose(tabAnswer) })
	r.tabs[tabNote] = w.tab(w.text.T("reply.note"), func() { r.choose(tabNote) })
	r.template = w.button(w.text.T("reply.template"), "Ctrl+T", d.screen.chooseTemplate)
	r.clip = w.button("", "", d.screen.attach)
	r.editor = w.newEditor("")
	r.editor.OnChanged = r.typed
	r.editor.left = r.save
	r.closedBy = newText("", sizeText, w.pal.muted, false)
	r.row = newActionRow(w)
	r.row.refused = r.refusals
	ground, edge := canvas.NewRectangle(w.pal.shade), canvas.NewRectangle(w.pal.border)
	r.object = container.New(arrangement{
		min: func() fyne.Size { return fyne.NewSize(300, replyHeight) },
		place: func(size fyne.Size) {
			place(ground, 0, 0, size.Width, size.Height)
			place(edge, 0, 0, size.Width, 1)
			x := float32(16)
			for _, tab := range r.tabs {
				m := tab.MinSize()
				place(tab, x, 11, m.Width, m.Height)
				x += m.Width + 8
			}
			r.template.setLabel(w.text.T("reply.template"), "Ctrl+T")
			r.clip.setLabel(r.clipWords(), "")
			if x+r.clip.MinSize().Width+8+r.template.MinSize().Width+16 > size.Width {
				r.template.setLabel(w.text.T("reply.template"), "")
			}
			m := r.template.MinSize()
			right := size.Width - 16
			if !r.template.Hidden {
				place(r.template, right-m.Width, 11, m.Width, m.Height)
				right -= m.Width + 8
			}
			r.clip.setLabel(r.clipWords(), "Ctrl+O")
			if x+r.clip.MinSize().Width > right {
				r.clip.setLabel(r.clipWords(), "")
			}
			m = r.clip.MinSize()
			place(r.clip, right-m.Width, 11, m.Width, m.Height)
			place(r.editor, 16, 48, size.Width-32, 86)
			placeText(r.closedBy, 16, 70)
			place(r.row.object, 16, 145, size.Width-32, buttonHeight)
		},
	}, ground, edge, r.tabs[0], r.tabs[1], r.template, r.clip, r.editor, r.closedBy, r.row.object)
	return r
}

// show brings the area to the card. Text being typed for the same appeal stays.
func (r *reply) show(card *app.Card, fresh bool) {
	if fresh || r.appeal != card.Appeal.ID || r.reread && !r.dirty {
		r.reread = false
		r.appeal, r.dirty = card.Appeal.ID, false
		draft, ok := r.drafts[r.appeal]
		if !ok {
			draft = card.Draft
		}
		r.texts = [2]string{draft.Answer, draft.Note}
		r.given, r.outcome = "", app.OutcomeSolved
		r.tab = tabAnswer
		if draft.Answer == "" && draft.Note != "" {
			r.tab = tabNote
		}
	}
	if r.texts[tabAnswer] == "" && card.Appeal.Status == app.StatusApproval && r.offered(app.EventAnswered) {
		if e, ok := card.Appeal.Last(app.EventSubmitted); ok {
			r.texts[tabAnswer], r.given = e.Text, e.Text
		}
	}
	r.refresh()
}

// forget empties the area.
func (r *reply) forget() { r.appeal, r.dirty, r.texts, r.given = "", false, [2]string{}, "" }

// refresh shows the chosen tab and what may be done.
func (r *reply) refresh() {
	t := r.w.text
	for i, tab := range r.tabs {
		tab.setChosen(replyTab(i) == r.tab)
	}
	writes := r.tab == tabNote || r.answerable()
	r.editor.Hidden, r.closedBy.Hidden = !writes, writes
	r.template.Hidden = r.tab == tabNote || !writes
	r.clip.Hidden = !writes
	r.closedBy.Text = t.T("reply.nothing", r.detail.statusWord())
	placeholder := t.T("reply.answer_hint")
	if r.tab == tabNote {
		placeholder = t.T("reply.note_hint")
	}
	if r.editor.PlaceHolder != placeholder {
		r.editor.SetPlaceHolder(placeholder)
	}
	if r.editor.Text != r.texts[r.tab] {
		r.setting = true
		r.editor.SetText(r.texts[r.tab])
		r.setting = false
	}
	r.row.set(r.actions())
	r.object.Refresh()
}

func (r *reply) choose(tab replyTab) {
	r.tab = tab
	r.refresh()
	r.focus()
}

// focus puts the cursor at the end of the text.
func (r *reply) focus() {
	if r.editor.Hidden {
		return
	}
	r.w.focus(r.editor)
	r.editor.TypedKey(&fyne.KeyEvent{Name: fyne.KeyPageDown})
}

func (r *reply) typed(text string) {
	if r.setting || r.appeal == "" {
		return
	}
	r.texts[r.tab] = text
	r.drafts[r.appeal] = r.draft()
	r.dirty = true
	if r.stop != nil {
		r.stop()
	}
	r.stop = r.w.live.Later(draftPause, r.save)
}

// draft is what a person has typed; a text under approval is not theirs until
// they change it.
func (r *reply) draft() app.Draft {
	d := app.Draft{Answer: r.texts[tabAnswer], Note: r.texts[tabNote]}
	if d.Answer == r.given {
		d.Answer = ""
	}
	return d
}

func (r *reply) hasDraft() bool {
	d := r.draft()
	return d.Answer != "" || d.Note != ""
}

// save writes the draft, if anything was typed since the last time.
func (r *reply) save() {
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

// sent forgets the draft of what has become an operation.
func (r *reply) sent(id string, tab replyTab) {
	draft, ok := r.drafts[id]
	if !ok && r.appeal == id {
		draft = r.draft()
	}
	if tab == tabAnswer {
		draft.Answer = ""
	} else {
		draft.Note = ""
	}
	r.drafts[id] = draft
	r.w.live.Do(func() error { return r.w.desk.SaveDraft(id, draft) }, nil)
	if r.appeal == id {
		r.texts[tab], r.dirty = "", false
		if tab == tabAnswer {
			r.given = ""
		}
		r.refresh()
	}
}

// submit performs events made of the text of a tab, and forgets the draft when
// they are written. An empty text is sent back to the person.
func (r *reply) submit(said string, moveOn bool, events func(text string) []app.Event) {
	text, tab, id, key := r.texts[r.tab], r.tab, r.appeal, r.key()
	files := r.chosen()
	if blank(text) && (tab != tabNote || len(files) == 0) {
		r.w.fail(app.Fail(app.CodeEmptyText))
		r.focus()
		return
	}
	card := r.detail.card
	if card == nil {
		return
	}
	happened := events(text)
	withFiles(happened, text, files)
	r.w.live.Do(func() error { return r.w.desk.Act(id, happened...) }, func() {
		r.w.did(r.w.text.T("done."+said, number(r.w, card.Appeal)))
		delete(r.files, key)
		r.sent(id, tab)
		r.detail.screen.performed(id, moveOn)
	})
}

// answerable says whether an answer may be written now.
func (r *reply) answerable() bool {
	c := r.detail.card
	if c == nil {
		return false
	}
	return r.can(app.Answer(c.Appeal, "x", "")...) || r.can(app.Submit(c.Appeal, "x")...) || r.offered(app.EventInterim)
}

// can asks the table of transitions whether all events may happen one after
// the other.
func (r *reply) can(events ...app.Event) bool {
	return allowed(r.detail.card.Appeal, events, r.w.desk.Me().Roles)
}

func (r *reply) offered(t app.EventType) bool {
	if r.detail.card == nil {
		return false
	}
	for _, o := range r.detail.card.Offers {
		if o == t {
			return true
		}
	}
	return false
}
