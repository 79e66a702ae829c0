package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"otklik/app"
)

// replyRoom is the width below which the tabs have short names.
const replyRoom = 520

// blanksHeight is the height of the line about fields that are still to be filled.
const blanksHeight = 20

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
	blanks   *canvas.Text // fields of a template that are still to be filled, or where the answer goes
	closedBy *canvas.Text // why there is nothing to write
	row      *actionRow

	appeal  string // ID of the appeal the texts belong to, "" for none
	tab     replyTab
	texts   [2]string
	given   string // text under approval: shown for editing, not a draft
	outcome app.Outcome
	dirty   bool
	reread  bool      // what is kept may be another draft than the one shown
	setting bool      // the program writes into the editor, not the person
	kept    app.Draft // of the appeal's draft all but the two texts
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
	r.editor.key = r.editorKey
	r.editor.paste = r.pasted
	r.blanks = newText("", sizeCaption, w.pal.amber, false)
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
			r.nameTabs(size.Width < replyRoom)
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
			height := size.Height - 102
			if !r.blanks.Hidden {
				height -= blanksHeight
				r.blanks.Text = w.cuts.fit(r.under(), sizeCaption, false, size.Width-40)
				placeText(r.blanks, 20, 48+height+blanksHeight/2+1)
			}
			place(r.editor, 16, 48, size.Width-32, height)
			placeText(r.closedBy, 16, 70)
			place(r.row.object, 16, size.Height-43, size.Width-32, buttonHeight)
		},
	}, ground, edge, r.tabs[0], r.tabs[1], r.template, r.clip, r.editor, r.blanks, r.closedBy, r.row.object)
	return r
}

// nameTabs writes on the tabs what they are for, briefly where there is little
// room.
func (r *reply) nameTabs(brief bool) {
	t := r.w.text
	answer, note := t.T("reply.answer"), t.T("reply.note")
	if brief {
		answer, note = t.T("reply.answer_short"), t.T("reply.note_short")
	}
	r.tabs[tabAnswer].setLabel(answer, "")
	r.tabs[tabNote].setLabel(note, "")
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
		r.kept, r.texts = draft, [2]string{draft.Answer, draft.Note}
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
func (r *reply) forget() {
	r.appeal, r.dirty, r.texts, r.given, r.kept = "", false, [2]string{}, "", app.Draft{}
}

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
	r.tellUnder()
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
	if r.tellUnder() {
		r.object.Refresh()
	}
	r.changed()
}

// submit performs events made of the text of a tab, and forgets the draft when
// they are written. An empty text is sent back to the person; an answer is looked
// through first.
func (r *reply) submit(said string, moveOn bool, events func(text, link string) []app.Event) {
	text, tab := r.texts[r.tab], r.tab
	if blank(text) && (tab != tabNote || len(r.chosen()) == 0) {
		r.w.fail(app.Fail(app.CodeEmptyText))
		r.focus()
		return
	}
	if r.detail.card == nil {
		return
	}
	if tab == tabNote {
		r.send(said, moveOn, text, events(text, ""))
		return
	}
	r.review(answerOf(events(text, "")), func(link string) { r.send(said, moveOn, text, events(text, link)) })
}

// send performs the events; files go with the one that carries the text.
func (r *reply) send(said string, moveOn bool, text string, events []app.Event) {
	card, id, key, was := r.detail.card, r.appeal, r.key(), r.draft()
	withFiles(events, text, r.chosen())
	r.w.live.Do(func() error { return r.w.desk.Act(id, events...) }, func() {
		r.w.did(r.w.text.T("done."+said, number(r.w, card.Appeal)))
		delete(r.files, key)
		r.settled(id, was, events)
		r.detail.screen.performed(id, moveOn)
	})
}

// answerable says whether an answer may be written now.
func (r *reply) answerable() bool {
	c := r.detail.card
	if c == nil {
		return false
	}
	return r.can(r.w.desk.Answer(c.Appeal, "x", "")...) || r.can(app.Submit(c.Appeal, "x")...) || r.offered(app.EventInterim)
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
