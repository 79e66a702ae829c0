package vk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"otklik/central/channel"
)

// pollTime is how long a poll waits; VK advises 25 seconds and allows 90.
const pollTime = 25 * time.Second

// Polling is a community that asks for its events (Bots Long Poll). Nobody delivers to
// it and no delivery is believed.
type Polling struct {
	*Platform
	wait time.Duration
	mu   sync.Mutex
	at   *queue // nil: has to be asked for
}

var _ channel.Poller = (*Polling)(nil)

// NewPolling gives the community that asks for its events.
func NewPolling(c Config) *Polling {
	c.Secret = ""
	return &Polling{Platform: New(c), wait: pollTime}
}

// queue is where events are asked for. Its key is a secret, and short-lived: it is not
// kept with the cursor.
type queue struct {
	Server string   `json:"server"`
	Key    string   `json:"key"`
	TS     number64 `json:"ts"`
}

// number64 is a number that comes with quotation marks and without.
type number64 string

func (n *number64) UnmarshalJSON(b []byte) error {
	*n = number64(strings.Trim(string(b), `"`))
	if _, err := strconv.ParseInt(string(*n), 10, 64); err != nil {
		return errors.New("not a number")
	}
	return nil
}

// queue asks for the queue, unless it is known.
func (p *Polling) queue(ctx context.Context) (*queue, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.at == nil {
		var q queue
		if err := p.call(ctx, p.c.Token, "groups.getLongPollServer", url.Values{"group_id": {number(p.c.Group)}}, &q); err != nil {
			return nil, err
		}
		p.at = &q
	}
	return p.at, nil
}

func (p *Polling) forget() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.at = nil
}

// polled is what a queue replies.
type polled struct {
	TS      number64          `json:"ts"`
	Updates []json.RawMessage `json:"updates"`
	Failed  int               `json:"failed"`
}

// Poll asks for what comes after the cursor, which is the ts of VK. One that VK does
// not know any more means that it has dropped events.
func (p *Polling) Poll(ctx context.Context, cursor string) (channel.Polled, error) {
	for range 2 {
		q, err := p.queue(ctx)
		if err != nil {
			return channel.Polled{}, err
		}
		if cursor == "" {
			cursor = string(q.TS)
		}
		got, err := p.ask(ctx, q, cursor)
		if err != nil {
			p.forget() // the server may have moved
			return channel.Polled{}, err
		}
		switch got.Failed {
		case 0, 1:
			next := string(got.TS)
			if next == "" {
				return channel.Polled{}, fmt.Errorf("poll: %w", errShape)
			}
			return channel.Polled{Bodies: bodies(got.Updates), Next: next, Lost: got.Failed == 1}, nil
		case 2: // the key has expired
			p.forget()
		case 3:
			p.forget()
			q, err := p.queue(ctx)
			if err != nil {
				return channel.Polled{}, err
			}
			return channel.Polled{Next: string(q.TS), Lost: true}, nil
		default:
			return channel.Polled{}, fmt.Errorf("poll: VK fails with %d", got.Failed)
		}
	}
	return channel.Polled{}, errors.New("poll: VK does not take the key it has just given")
}

func bodies(all []json.RawMessage) (out [][]byte) {
	for _, u := range all {
		out = append(out, u)
	}
	return out
}

func (p *Polling) ask(ctx context.Context, q *queue, ts string) (got polled, err error) {
	ctx, cancel := context.WithTimeout(ctx, p.wait+callTime)
	defer cancel()
	params := url.Values{"act": {"a_check"}, "key": {q.Key}, "ts": {ts}, "wait": {strconv.Itoa(int(p.wait.Seconds()))}}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, q.Server+"?"+params.Encode(), nil)
	if err != nil {
		return got, errors.New("poll: the server VK names is no address")
	}
	reply, said, err := channel.Call(p.c.Client, r)
	switch {
	case err != nil:
		return got, fmt.Errorf("poll: %w", err)
	case reply.StatusCode != http.StatusOK:
		return got, fmt.Errorf("poll: status %d", reply.StatusCode)
	}
	if err := json.Unmarshal(said, &got); err != nil {
		return got, fmt.Errorf("poll: %w", errShape)
	}
	return got, nil
}
