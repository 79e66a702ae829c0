package channel

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"otklik/app"
	"otklik/central"
)

// counter is who the counts are by.
var counter = central.Actor{ID: "channel-counting", Name: "Счёт подписчиков"}

// errEnough ends a reading of rows that has what it wants.
var errEnough = errors.New("enough")

// pages gives the pages with an address, by network, in the order of their IDs.
func (h *Hub) pages(ctx context.Context) (map[app.Source][]app.Page, error) {
	out := map[app.Source][]app.Page{}
	err := h.storage.View(ctx, func(tx central.Reader) error {
		clear(out)
		return tx.Rows(func(kind app.RowKind, line []byte) error {
			switch kind {
			case app.RowAppeal, app.RowConflict: // which stand after the pages
				return errEnough
			case app.RowPage:
				p, err := app.Decode[app.Page](bytes.Clone(line))
				if err != nil {
					return fmt.Errorf("a page: %w", err)
				}
				if p.Link != "" {
					out[p.Network] = append(out[p.Network], p)
				}
			}
			return nil
		})
	})
	if errors.Is(err, errEnough) {
		err = nil
	}
	for _, some := range out {
		slices.SortFunc(some, func(a, b app.Page) int { return strings.Compare(a.ID, b.ID) })
	}
	return out, err
}

// pagesAtOnce is how many pages are amended in one transaction: others wait for it.
const pagesAtOnce = 200

// keepCount writes what was told: first what is new of the pages, then, in the
// transaction that ends the count, the subscribers of the day.
func (h *Hub) keepCount(ctx context.Context, c counting, found map[string]Counted) error {
	ids := slices.Sorted(maps.Keys(found))
	for some := range slices.Chunk(ids, pagesAtOnce) {
		err := h.server.Act(ctx, counter, func(a *central.Acting) error {
			for _, id := range some {
				if err := amendPage(a, id, found[id]); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	counts := make(map[string]uint32, len(found))
	for id, n := range found {
		counts[id] = n.Subscribers
	}
	return h.server.Act(ctx, counter, func(a *central.Acting) error {
		if len(counts) > 0 {
			op := app.Op{
				ID: app.IDFrom("channel", "count", c.Day.String(), moment(c.Begun)), Ent: c.Day.String(), Kind: app.OpCount, At: a.Now(),
				Payload: app.Encode(app.Counters{Day: c.Day, Counts: counts}),
			}
			v, err := a.Do(op)
			if err == nil && v.Verdict == app.VerdictRejected {
				err = &unfit{v.Reason}
			}
			if err != nil {
				return err
			}
		}
		c.Done = true
		return putItem(a, shelfCount, countID, c)
	})
}

// amendPage writes what the platform tells of a page, where that is news.
func amendPage(a *central.Acting, id string, told Counted) error {
	was, ok, err := a.Page(id)
	if err != nil || !ok || was.Undone {
		return err
	}
	now, differs := withTold(was, told)
	if !differs {
		return nil
	}
	_, err = a.Do(app.Op{
		ID: app.IDFrom("channel", "page", id, moment(a.Now())), Ent: id, Kind: app.OpPage, At: a.Now(), Payload: app.Encode(now),
	})
	return err
}

// withTold gives the page with what the platform tells of it. What it does not tell of
// stays as it was, and so does a number that is known.
func withTold(p app.Page, told Counted) (app.Page, bool) {
	was := p
	if told.PostsWeek != nil {
		p.PostsWeek = told.PostsWeek
	}
	if !told.LastPost.IsZero() {
		p.LastPost = told.LastPost.UTC()
	}
	if p.External == "" {
		p.External = told.External
	}
	p.Marks, p.Looked = slices.Clone(p.Marks), slices.Clone(p.Looked)
	for _, m := range slices.Sorted(maps.Keys(told.Marks)) {
		has := slices.Contains(p.Marks, m)
		switch there := told.Marks[m]; {
		case there && !has:
			p.Marks = append(p.Marks, m)
		case has && !there:
			p.Marks = slices.DeleteFunc(p.Marks, func(o string) bool { return o == m })
		}
		if _, known := p.Mark(m); !known { // the card of the page calls it missing from now on
			p.Looked = append(p.Looked, m)
		}
	}
	same := slices.Equal(was.Marks, p.Marks) && slices.Equal(was.Looked, p.Looked) && was.LastPost.Equal(p.LastPost) &&
		was.External == p.External && (told.PostsWeek == nil || was.PostsWeek != nil && *was.PostsWeek == *told.PostsWeek)
	return p, !same
}
