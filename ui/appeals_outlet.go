package ui

import (
	"unicode/utf8"

	"otklik/assets"
)

// tellUnder brings the line under the editor to what is written; it says whether
// there is something to draw.
func (r *reply) tellUnder() (draw bool) {
	was := !r.blanks.Hidden
	r.blanks.Hidden = r.under() == ""
	return was || !r.blanks.Hidden
}

// under is what stands under the editor: the fields that are still to be filled, or
// else where the answer goes.
func (r *reply) under() string {
	r.blanks.Color = r.w.pal.amber
	if words := r.blankWords(); words != "" {
		return words
	}
	words, warns := r.outletWords()
	if !warns {
		r.blanks.Color = r.w.pal.muted
	}
	return words
}

// outletWords say where an answer written here goes, "" where it is published by hand
// as ever; warns says that it would not arrive.
func (r *reply) outletWords() (words string, warns bool) {
	if r.detail.card == nil || r.tab != tabAnswer || r.editor.Hidden {
		return "", false
	}
	t, a := r.w.text, r.detail.card.Appeal
	o := r.w.desk.Outlet(a)
	switch {
	case o.Shut != "":
		return t.T("reply.shut", o.Shut), true
	case !o.Itself:
		return "", false
	case r.asksApproval():
		words = t.T("reply.goes_approved", assets.Name(t, "source", a.Source))
	default:
		words = t.T("reply.goes", assets.Name(t, "source", a.Source))
	}
	if o.Most == 0 {
		return words, false
	}
	left := o.Most - utf8.RuneCountInString(r.texts[tabAnswer])
	if left < 0 {
		return t.N("reply.too_long", -left), true
	}
	return words + " · " + t.N("reply.left", left), false
}

// asksApproval says whether what is written here goes to an approver first.
func (r *reply) asksApproval() bool {
	return !r.can(r.w.desk.Answer(r.detail.card.Appeal, "x", "")...)
}

// openOrigin shows the message in the browser, where it stands at an address.
func (d *detail) openOrigin() {
	if d.card == nil || d.card.Appeal.Link == "" {
		return
	}
	d.screen.w.browse(d.card.Appeal.Link)
}

// originActions are what the menu of the badge offers.
func (d *detail) originActions() []action {
	t, w := d.screen.w.text, d.screen.w
	if d.card == nil || d.card.Appeal.Link == "" {
		return d.screen.actions()
	}
	link := d.card.Appeal.Link
	return append([]action{
		{t.T("action.open_origin"), "", d.openOrigin}, {t.T("action.copy_origin"), "", func() { w.copyWords(link) }},
	}, d.screen.actions()...)
}
