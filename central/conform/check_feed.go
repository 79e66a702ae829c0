package conform

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"time"

	"otklik/app"
	"otklik/sync/wire"
)

func checkDense(ctx context.Context, t *trial) error {
	d, _, _, err := t.fresh(ctx)
	if err != nil {
		return err
	}
	last, after := uint64(0), ""
	for {
		page, err := d.pull(ctx, after, t.meta.Limits.Page, 0)
		if err != nil {
			return err
		}
		for _, c := range page.Changes {
			if last > 0 && c.Seq != last+1 {
				return fmt.Errorf("after %d comes %d", last, c.Seq)
			}
			last = c.Seq
		}
		if len(page.Changes) > 0 {
			after = page.Next
			continue
		}
		if last != page.Head {
			return fmt.Errorf("the feed ends at %d, its head is told to be %d", last, page.Head)
		}
		return nil
	}
}

func checkCursor(ctx context.Context, t *trial) error {
	d, err := t.station()
	if err != nil {
		return err
	}
	after, _, err := d.end(ctx, "")
	if err != nil {
		return err
	}
	ops := []app.Op{d.create(), d.create(), d.create()}
	if _, err := d.push(ctx, ops...); err != nil {
		return err
	}
	page, err := d.pull(ctx, after, 2, 0)
	if err != nil {
		return err
	}
	if len(page.Changes) != 2 || page.Changes[0].Op != ops[0].ID || page.Next == after {
		return fmt.Errorf("a page of at most 2 holds %d changes; its cursor %s after %s", len(page.Changes), page.Next, after)
	}
	rest, err := d.pull(ctx, page.Next, 100, 0)
	if err != nil {
		return err
	}
	if len(rest.Changes) != 1 || rest.Changes[0].Op != ops[2].ID {
		return fmt.Errorf("the page after it holds %d changes", len(rest.Changes))
	}
	empty, err := d.pull(ctx, rest.Next, 100, 0)
	if err == nil && (len(empty.Changes) != 0 || empty.Next != rest.Next) {
		err = fmt.Errorf("at the end come %d changes, and the cursor goes from %s to %s", len(empty.Changes), rest.Next, empty.Next)
	}
	return err
}

func checkBadCursor(ctx context.Context, t *trial) error {
	d, err := t.station()
	if err != nil {
		return err
	}
	for _, bad := range []string{"x", "a.b", t.meta.Epoch + ".all.x"} {
		if err := t.refuse(ctx, "GET", wire.PathChanges+"?after="+url.QueryEscape(bad), d.token, nil, 400, wire.CodeBadCursor); err != nil {
			return fmt.Errorf("%q: %w", bad, err)
		}
	}
	const old = "01ARZ3NDEKTSV4RRFFQ69G5FAV.all.1"
	if err := t.refuse(ctx, "GET", wire.PathChanges+"?after="+old, d.token, nil, 410, wire.CodeCursorExpired); err != nil {
		return err
	}
	return t.refuse(ctx, "POST", wire.PathOps, d.token, wire.Push{Ops: []app.Op{}, After: old}, 410, wire.CodeCursorExpired)
}

// checkWake asks for changes that are not there yet: an answer without any came
// too early, and one that holds the change was woken by it.
func checkWake(ctx context.Context, t *trial) error {
	d, err := t.station()
	if err != nil {
		return err
	}
	after, _, err := d.end(ctx, "")
	if err != nil {
		return err
	}
	type result struct {
		page wire.Page
		err  error
	}
	began, waits := d.options.Now(), make(chan result, 1)
	go func() {
		page, err := d.pull(ctx, after, 10, int(wire.MaxWait.Seconds()))
		waits <- result{page, err}
	}()
	create := d.create()
	select {
	case r := <-waits:
		return errors.Join(errors.New("the long-poll ended before anything came"), r.err)
	case <-ctx.Done():
		return ctx.Err()
	case <-d.settled(ctx):
	}
	if _, err := d.judged(ctx, create, app.VerdictApplied, ""); err != nil {
		return err
	}
	r := <-waits
	if r.err == nil && (len(r.page.Changes) != 1 || r.page.Changes[0].Op != create.ID) {
		r.err = fmt.Errorf("the long-poll ended with %d changes", len(r.page.Changes))
	}
	if r.err == nil && d.options.Now().Sub(began) >= wire.MaxWait-time.Second {
		r.err = errors.New("the change came only when the wait was over")
	}
	return r.err
}

// settled is closed when requests made after it have been answered: the one that
// was under way before is most likely waiting by then.
func (d *device) settled(ctx context.Context) <-chan struct{} {
	done := make(chan struct{})
	go func() {
		defer close(done)
		for range 20 {
			if _, err := d.send(ctx, "GET", wire.PathMeta, "", nil); err != nil {
				return
			}
		}
	}()
	return done
}

func checkPushPage(ctx context.Context, t *trial) error {
	d, err := t.station()
	if err != nil {
		return err
	}
	after, _, err := d.end(ctx, "")
	if err != nil {
		return err
	}
	create := d.create()
	reply, err := d.pushAfter(ctx, after, create)
	if err != nil {
		return err
	}
	p := reply.Page
	if len(p.Changes) != 1 || p.Changes[0].Op != create.ID || p.Next == after || p.Head != p.Changes[0].Seq {
		return fmt.Errorf("the page of the reply: %d changes, next %s after %s, head %d", len(p.Changes), p.Next, after, p.Head)
	}
	return nil
}
