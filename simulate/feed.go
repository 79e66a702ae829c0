package simulate

import (
	"math"

	"otklik/app"
	"otklik/central"
)

// feed gives the whole feed of the server, none of it while the server is down.
func (w *world) feed() (all []app.Change) {
	if w.centre.storage == nil {
		return nil
	}
	w.centre.view(func(r central.Reader) error {
		lines, err := r.Feed(0, math.MaxInt, math.MaxInt, nil)
		for _, l := range lines {
			c, err := app.Decode[app.Change](l.Line)
			if err != nil {
				return err
			}
			all = append(all, c)
		}
		return err
	})
	return all
}

// state is what a feed leads to, folded here once more and by itself.
type state struct {
	appeals   map[string]*app.Appeal
	pages     map[string]app.Page
	tables    map[string]app.Table
	counters  map[app.Day]map[string]uint32
	conflicts map[string]app.Conflict
}

// replay folds the feed from its first change.
func replay(feed []app.Change) (state, error) {
	st := state{
		appeals: map[string]*app.Appeal{}, pages: map[string]app.Page{},
		counters: map[app.Day]map[string]uint32{}, conflicts: map[string]app.Conflict{}, tables: map[string]app.Table{},
	}
	for _, c := range feed {
		if err := st.fold(c); err != nil {
			return st, err
		}
	}
	return st, nil
}

func (st *state) fold(c app.Change) error {
	if c.Verdict == app.VerdictConflict {
		k, err := app.Decode[app.Conflict](c.Body)
		st.conflicts[k.Op] = k
		return err
	}
	if c.Verdict != app.VerdictApplied {
		return nil
	}
	switch c.Kind {
	case app.OpCreate:
		a, err := app.Decode[app.Appeal](c.Body)
		st.appeals[a.ID] = &a
		return err
	case app.OpEvent:
		e, err := app.Decode[app.Event](c.Body)
		a := st.appeals[c.Ent]
		a.Apply(e)
		if r := a.Registers.Of(e.Type); r != nil {
			*r = app.Revision{Seq: c.Seq, Dev: c.Dev, Inc: c.Inc, At: c.At}
		}
		return err
	case app.OpAmend:
		m, err := app.Decode[app.Amendment](c.Body)
		st.appeals[c.Ent].Amend(m)
		return err
	case app.OpBack:
		b, err := app.Decode[app.TakenBack](c.Body)
		st.appeals[c.Ent].TakeBack(b)
		return err
	case app.OpPage:
		p, err := app.Decode[app.Page](c.Body)
		st.pages[p.ID] = p
		return err
	case app.OpTable:
		t, err := app.Decode[app.Table](c.Body)
		st.tables[string(t.Name)] = t
		return err
	case app.OpCount:
		n, err := app.Decode[app.Counters](c.Body)
		if st.counters[n.Day] == nil {
			st.counters[n.Day] = map[string]uint32{}
		}
		day := app.Counters{Counts: st.counters[n.Day]}
		day.Merge(n)
		return err
	case app.OpResolve:
		r, err := app.Decode[app.Resolution](c.Body)
		k := st.conflicts[r.Conflict]
		k.Choice, k.Settled = r.Choice, c.At
		st.conflicts[r.Conflict] = k
		if r.Choice != app.ChoiceDrop {
			st.appeals[c.Ent].Apply(r.Event)
		}
		return err
	}
	return nil
}
