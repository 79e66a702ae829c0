package ui

import (
	"context"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"otklik/app"
)

// settled is how long an appeal has to be shown before others are told: who walks
// through the list is nowhere.
const settled = time.Second

// presence tells the server which appeal is open here, and the card who else has it
// open. Nobody is kept from anything by it.
type presence struct {
	detail *detail
	appeal string // "" for none
	others []app.Companion
	told   bool // the server was told that something is open
	slot   Slot
	stop   func()
}

// follow tells of another appeal, or that none is open any more.
func (p *presence) follow(appeal string) {
	if appeal == p.appeal {
		return
	}
	p.appeal, p.others = appeal, nil
	if p.stop != nil {
		p.stop()
	}
	w := p.detail.screen.w
	w.live.Drop(&p.slot)
	if appeal != "" {
		p.stop = w.live.Later(settled, p.ask)
	} else if p.told {
		p.told = false
		w.live.Load(&p.slot, func(ctx context.Context) (func(), error) {
			w.desk.Beside(ctx, "", app.DoingReads)
			return nil, nil
		})
	}
}

func (p *presence) ask() {
	w, appeal, doing := p.detail.screen.w, p.appeal, app.DoingReads
	if r := p.detail.reply; r.tab == tabAnswer && r.editor.Text != "" && w.win.Canvas().Focused() == fyne.Focusable(r.editor) {
		doing = app.DoingWrites
	}
	p.told = true
	w.live.Load(&p.slot, func(ctx context.Context) (func(), error) {
		others := w.desk.Beside(ctx, appeal, doing)
		return func() {
			p.stop = w.live.Later(app.PresenceEvery, p.ask)
			if !slices.Equal(others, p.others) {
				p.others = others
				if p.detail.card != nil {
					p.detail.showFacts()
				}
			}
		}, nil
	})
}

// chips are the lines on the card: who reads, who writes.
func (p *presence) chips() (out []fyne.CanvasObject) {
	w := p.detail.screen.w
	for _, kind := range []struct {
		doing app.Doing
		key   string
		tone  tone
	}{{app.DoingWrites, "presence.writes", toneAmber}, {app.DoingReads, "presence.open", toneGrey}} {
		var names []string
		for _, o := range p.others {
			if o.Doing == kind.doing && !slices.Contains(names, o.Name) {
				names = append(names, o.Name)
			}
		}
		if len(names) > 0 {
			out = append(out, w.newStateChip(w.text.T(kind.key, strings.Join(names, ", ")), kind.tone))
		}
	}
	return out
}
