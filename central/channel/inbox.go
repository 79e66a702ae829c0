package channel

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"otklik/central"
)

// maxDelivery bounds the body of a delivery, in bytes: platforms send links, not
// files.
const maxDelivery = 4 << 20

// PathPrefix is where platforms deliver: PathPrefix + name of the line.
const PathPrefix = "/channels/"

// Handler takes deliveries in. No limit of requests stands before it: a platform that
// is refused repeats, and in the end unsubscribes us.
func (h *Hub) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST "+PathPrefix+"{line}", h.deliver)
	return mux
}

func (h *Hub) deliver(w http.ResponseWriter, r *http.Request) {
	l := h.lines[r.PathValue("line")]
	if l == nil {
		http.Error(w, "no such channel", http.StatusNotFound)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxDelivery))
	if err != nil {
		http.Error(w, "the body cannot be read", http.StatusBadRequest)
		return
	}
	from, _, _ := net.SplitHostPort(r.RemoteAddr)
	if err := l.Platform.Verify(Delivery{Header: r.Header, Query: r.URL.Query(), From: from, Body: body}); err != nil {
		h.opts.Meter.Came(l.Name, "forged")
		h.opts.Log.Warn("channel", "line", l.Name, "refused", "forged")
		http.Error(w, "not signed as it has to be", http.StatusForbidden)
		return
	}
	reply, err := h.take(r.Context(), l, body)
	if err != nil {
		h.opts.Log.Error("channel", "line", l.Name, "work", "take", "err", err.Error())
		w.Header().Set("Retry-After", "5")
		http.Error(w, "not kept; try again", http.StatusServiceUnavailable)
		return
	}
	answer(w, reply)
}

func answer(w http.ResponseWriter, r Reply) {
	if r.Type != "" {
		w.Header().Set("Content-Type", r.Type)
	}
	if r.Status == 0 {
		r.Status = http.StatusOK
	}
	w.WriteHeader(r.Status)
	_, _ = io.WriteString(w, r.Body) // who does not read it repeats the delivery
}

// take keeps the delivery, unless one of its keys was taken before. When it returns,
// the delivery is on disk. One that cannot be read is kept as well: the platform would
// repeat it for hours, and it would be no better. Where the region takes nothing in by
// the channel, the platform is told that all is well, and nothing is kept of it.
func (h *Hub) take(ctx context.Context, l *Line, body []byte) (Reply, error) {
	taken, err := l.Platform.Take(body)
	if err != nil {
		taken = Taken{Keys: []string{"unread/" + hashOf(body)}}
	}
	if len(taken.Keys) == 0 {
		return taken.Reply, nil
	}
	outcome := ""
	err = h.storage.Update(ctx, func(tx central.Tx) error {
		outcome = "taken"
		now := h.opts.Now().UTC()
		if x, err := h.restricted(tx, l); err != nil {
			return err
		} else if !x.Intake {
			outcome = "off"
			return nil
		}
		for _, k := range taken.Keys {
			_, known, err := tx.Item(shelfSeen+l.Name, k)
			if err != nil {
				return err
			}
			if known {
				outcome = "repeated"
				return nil
			}
		}
		for _, k := range taken.Keys {
			if err := tx.PutItem(shelfSeen+l.Name, k, []byte(now.Format(time.RFC3339))); err != nil {
				return err
			}
		}
		return tx.PutItem(shelfInbox+l.Name, moment(now)+taken.Keys[0], body)
	})
	if err != nil {
		return Reply{}, fmt.Errorf("take a delivery: %w", err)
	}
	h.opts.Meter.Came(l.Name, outcome)
	wake(h.wakeIn[l.Name])
	return taken.Reply, nil
}

func sumOf(s string) [32]byte { return sha256.Sum256([]byte(s)) }

func hashOf(body []byte) string {
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])
}

// moment begins an ID so that IDs stand in the order of time.
func moment(t time.Time) string { return fmt.Sprintf("%016x/", t.UnixNano()) }

// poll asks the platform for what is new. The cursor moves on in the storage when what
// came before it is kept.
func (h *Hub) poll(ctx context.Context, l *Line) {
	p := l.Platform.(Poller)
	pause := time.Second
	for ctx.Err() == nil {
		err := h.pollOnce(ctx, l, p)
		if err == nil {
			pause = time.Second
			continue
		}
		if ctx.Err() == nil {
			h.opts.Log.Error("channel", "line", l.Name, "work", "poll", "err", err.Error())
		}
		select {
		case <-ctx.Done():
		case <-time.After(pause):
			pause = min(2*pause, time.Minute)
		}
	}
}

func (h *Hub) pollOnce(ctx context.Context, l *Line, p Poller) error {
	var cursor string
	err := h.storage.View(ctx, func(tx central.Reader) error {
		body, _, err := tx.Item(shelfCursor, l.Name)
		cursor = string(body)
		return err
	})
	if err != nil {
		return err
	}
	polled, err := p.Poll(ctx, cursor)
	if err != nil {
		return err
	}
	if polled.Lost {
		h.opts.Log.Warn("channel", "line", l.Name, "lost", "the platform has dropped updates")
	}
	for _, body := range polled.Bodies {
		if _, err := h.take(ctx, l, body); err != nil {
			return err
		}
	}
	if polled.Next == cursor {
		return nil
	}
	return h.storage.Update(ctx, func(tx central.Tx) error { return tx.PutItem(shelfCursor, l.Name, []byte(polled.Next)) })
}
