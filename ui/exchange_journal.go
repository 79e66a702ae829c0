package ui

import (
	"time"

	"otklik/app"
	"otklik/assets"
)

// journalEntry is an operation in the words of the journal.
type journalEntry struct {
	at       time.Time
	action   string
	subject  string
	plain    string // the subject without a citizen's words
	state    app.EntryState
	reason   app.Code
	sent     time.Time
	attempts int
}

// readEntry says what an operation is; it is called on a worker.
func readEntry(w *Window, e app.Entry) journalEntry {
	action, subject, plain := actionWords(w.text, e.Op), joined(e.Number, e.Heading), e.Number
	if e.Op.Kind == app.OpExport {
		x, err := app.Decode[app.Export](e.Op.Payload)
		switch {
		case err == nil && (x.Rows > 0 || x.List != ""):
			action, subject = exportWords(w.text, x)
		case err == nil && x.Document != "":
			action, subject = w.text.T("reports.journal"), x.Document
		case err == nil:
			subject = w.text.N("exchange.exported", x.Ops)
		}
		plain = subject
	}
	return journalEntry{
		at: e.Op.At, action: action, subject: subject, plain: plain,
		state: e.State, reason: e.Reason, sent: e.Sent, attempts: e.Attempts,
	}
}

// actionWords names what an operation does. A payload that cannot be read (of a
// newer program) keeps its kind's name.
func actionWords(t *assets.Texts, op app.Op) string {
	if op.Kind == app.OpDisclosed {
		if d, err := app.Decode[app.Disclosure](op.Payload); err == nil {
			return assets.Name(t, "disclosed", d.How)
		}
	}
	if op.Kind != app.OpEvent {
		return assets.Name(t, "op", op.Kind)
	}
	e, err := app.Decode[app.Event](op.Payload)
	if err != nil {
		return assets.Name(t, "op", op.Kind)
	}
	words := capital(assets.Name(t, "event", e.Type))
	switch e.Type {
	case app.EventAssigned, app.EventRouted, app.EventRedirected, app.EventClassified:
		if e.Target != "" {
			words += ": " + e.Target
		}
	}
	return words
}

func (s *exchangeScreen) columns() []tableColumn {
	t := s.w.text
	return []tableColumn{
		{title: t.T("exchange.col.when"), width: 128},
		{title: t.T("exchange.col.action"), width: 110, grow: 1},
		{title: t.T("exchange.col.appeal"), width: 110, grow: 1.4},
		{title: t.T("exchange.col.state"), width: 150, grow: 1.4, kind: cellChip},
		{title: t.T("exchange.col.attempts"), width: 92, right: true, spare: 1},
	}
}

// fill gives the cells of an operation.
func (s *exchangeScreen) fill(i int, c []cell) {
	e := s.entries[i]
	c[0].words = s.w.clock(e.at)
	c[1].words = e.action
	c[2].words = e.subject
	c[3].words, c[3].tone = s.stateWords(e)
	if c[4].words = ""; e.state != app.EntryExported && e.state != app.EntryDisclosed {
		c[4].words = s.w.text.Number(int64(e.attempts))
	}
}

// stateWords says where an operation stands.
func (s *exchangeScreen) stateWords(e journalEntry) (string, tone) {
	t := s.w.text
	switch e.state {
	case app.EntryWaiting:
		return t.T("entry.waiting"), toneAmber
	case app.EntrySent:
		if e.sent.IsZero() {
			return t.T("entry.sent"), toneGreen
		}
		return t.T("entry.sent_at", s.w.clock(e.sent)), toneGreen
	case app.EntryExported:
		return t.T("entry.exported"), toneGrey
	case app.EntryWithdrawn:
		return t.T("entry.withdrawn"), toneGrey
	case app.EntryDisclosed:
		return t.T("entry.disclosed"), toneGrey
	case app.EntryConflict:
		return t.T("entry.conflict"), toneRed
	case app.EntryRefused:
		return t.T("entry.refused", reasonWords(t, e.reason)), toneRed
	}
	return string(e.state), toneGrey
}
