package channel

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/cenkalti/backoff/v5"

	"otklik/app"
)

// Bounds of fetching enclosures: links of platforms expire, so that it is done before
// the message is read.
const (
	fetchTries = 3
	fetchTime  = 30 * time.Second
)

// fetched is an enclosure; data is nil where it did not come.
type fetched struct {
	name string
	data []byte
}

// fetch gets the enclosures of a message, each as often as is worth it.
func (h *Hub) fetch(ctx context.Context, l *Line, m Message) []fetched {
	out := make([]fetched, 0, len(m.Files))
	for _, e := range m.Files {
		data, err := backoff.Retry(ctx, func() ([]byte, error) { return h.fetchOne(ctx, l, e) },
			backoff.WithMaxTries(fetchTries), backoff.WithMaxElapsedTime(2*fetchTime))
		if err != nil && ctx.Err() == nil {
			h.opts.Log.Warn("channel", "line", l.Name, "work", "fetch", "err", withoutAddress(err).Error())
		}
		if err == nil && app.FileType(data[:min(len(data), app.FileHead)]) == "" {
			data = nil // of a type that is not attached
		}
		if err != nil {
			data = nil
		}
		out = append(out, fetched{e.Name, data})
	}
	return out
}

// withoutAddress keeps the address out of a log: on some platforms the token is part of it.
func withoutAddress(err error) error {
	if u, is := err.(*url.Error); is {
		return u.Err
	}
	return err
}

func (h *Hub) fetchOne(ctx context.Context, l *Line, e Enclosure) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, fetchTime)
	defer cancel()
	if f, is := l.Platform.(Fetcher); is {
		return f.Fetch(ctx, e, h.opts.MaxFile)
	}
	client := h.opts.Client
	if l.Client != nil {
		client = l.Client
	}
	return Get(ctx, client, e.Ref, h.opts.MaxFile)
}

// Get fetches what stands at an address, at most so many bytes.
func Get(ctx context.Context, c *http.Client, address string, most int64) ([]byte, error) {
	q, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, backoff.Permanent(fmt.Errorf("fetch a file: not an address"))
	}
	r, err := c.Do(q)
	if err != nil {
		return nil, withoutAddress(err)
	}
	defer r.Body.Close()
	if r.StatusCode != http.StatusOK {
		err := fmt.Errorf("fetch a file: status %d", r.StatusCode)
		if r.StatusCode < 500 && r.StatusCode != http.StatusTooManyRequests {
			return nil, backoff.Permanent(err)
		}
		return nil, err
	}
	data, err := io.ReadAll(io.LimitReader(r.Body, most+1))
	if err != nil {
		return nil, fmt.Errorf("fetch a file: %w", err)
	}
	if int64(len(data)) > most || len(data) == 0 {
		return nil, backoff.Permanent(fmt.Errorf("fetch a file: %d bytes or more", len(data)))
	}
	return data, nil
}
