package simulate

import (
	"time"

	"otklik/app"
	"otklik/store"
)

// some draws a station whose program is running; nil where none is.
func (w *world) some() *station {
	var running []*station
	for _, s := range w.stations {
		if s.disk != nil {
			running = append(running, s)
		}
	}
	if len(running) == 0 {
		return nil
	}
	return pick(w, running)
}

// strikes lets one of the next write transactions of a station go wrong.
func strikes(as strike) func(*world) {
	return func(w *world) {
		if s := w.some(); s != nil {
			s.disk.strike, s.disk.commits = as, w.rand.IntN(6)
		}
	}
}

func strikesServer(as strike) func(*world) {
	return func(w *world) { w.centre.overlay.strike = as }
}

func (w *world) partition()     { w.cut(true, true) }
func (w *world) partitionUp()   { w.cut(true, false) }
func (w *world) partitionDown() { w.cut(false, true) }

func (w *world) cut(up, down bool) {
	l := pick(w, w.stations).line
	l.up, l.down = l.up || up, l.down || down
	w.after(w.upTo(time.Hour), l.s.name+": the line is back", func() { l.up, l.down = false, false })
}

// offline is a person who works without the exchange for a while.
func (w *world) offline() {
	s := w.some()
	if s == nil {
		return
	}
	s.engine.WorkOffline(true)
	w.after(w.upTo(time.Hour), s.name+" is online again", func() {
		if s.engine != nil {
			s.engine.WorkOffline(false)
			s.turn(0)
		}
	})
}

// twoOpen starts the program a second time.
func (w *world) twoOpen() {
	s := w.some()
	if s == nil {
		return
	}
	second, err := store.OpenWith(s.path, w.box, app.Terms{}, store.Options{LockTime: time.Nanosecond})
	if app.CodeOf(err) != app.CodeLocked {
		w.violate("lock", "%s: the file opens twice: %v", s.name, err)
	}
	if err == nil {
		must(second.Close())
	}
}

// oldFile puts an older copy in the place of a station's file. What was done since
// stands in the journal, which stays.
func (w *world) oldFile() {
	s := pick(w, w.stations)
	s.replace(s.old)
	w.after(w.upTo(time.Hour), s.name+" is copied", func() {
		if s.disk != nil {
			s.keepCopy()
		}
	})
}

// copiedFile sets a station up from the file of another.
func (w *world) copiedFile() {
	from, to := pick(w, w.stations), pick(w, w.stations)
	if from == to || from.disk == nil {
		return
	}
	from.keepCopy()
	to.ledger.adopt(from.ledger)
	to.adoptFiles(from)
	to.adoptJournal(from)
	to.replace(from.old)
	to.old = from.old // what it had before is of a journal that is gone
}

func (w *world) revoked() {
	s := pick(w, w.stations)
	w.centre.revoke(s.device.ID, true)
	w.after(w.upTo(time.Hour), s.name+" is let in again", func() { w.centre.revoke(s.device.ID, false) })
}

// unreadable makes the record of an appeal unreadable for a while: operations
// about it have to wait, and no others.
func (w *world) unreadable() {
	ids := w.appeals()
	if len(ids) == 0 {
		return
	}
	w.centre.overlay.unreadable = pick(w, ids)
	w.after(w.upTo(time.Hour), "the record is readable again", func() { w.centre.overlay.unreadable = "" })
}

func (w *world) tokensForgotten() { w.centre.forgetTokens() }

func (w *world) serverRestored() {
	w.centre.restore()
	w.after(w.upTo(time.Hour), "the server is copied", w.centre.keepBackup)
}

// feedTrimmed forgets the older half of the feed.
func (w *world) feedTrimmed() {
	w.centre.overlay.oldest = max(w.centre.overlay.oldest, uint64(len(w.feed())/2))
}
