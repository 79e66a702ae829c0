package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"otklik/central/channel"
)

// pollTime is how long Telegram lets a poll wait.
const pollTime = 50 * time.Second

// Polling is a bot that asks for its updates. It has no webhook and believes none.
type Polling struct {
	*Platform
	wait time.Duration
}

var _ channel.Poller = (*Polling)(nil)

// NewPolling gives the bot that asks for its updates.
func NewPolling(c Config) *Polling {
	c.Secret = ""
	return &Polling{Platform: New(c), wait: pollTime}
}

// Check asks whether the token works and whether polls can.
func (p *Polling) Check(ctx context.Context) error {
	w, err := p.webhook(ctx)
	if err == nil && w.URL != "" {
		err = fmt.Errorf("a webhook is set, to %s: Telegram answers no polls until deleteWebhook is called", host(w.URL))
	}
	return err
}

type getUpdates struct {
	Offset  int64    `json:"offset,omitzero"`
	Limit   int      `json:"limit"`
	Timeout int      `json:"timeout"` // seconds
	Allowed []string `json:"allowed_updates"`
}

// Poll asks for what comes after the cursor, which is the number of the next update
// and confirms all before it.
func (p *Polling) Poll(ctx context.Context, cursor string) (channel.Polled, error) {
	q := getUpdates{Limit: 100, Timeout: int(p.wait.Seconds()), Allowed: []string{"message", "edited_message"}}
	if cursor != "" {
		var err error
		if q.Offset, err = strconv.ParseInt(cursor, 10, 64); err != nil {
			return channel.Polled{}, errors.New("getUpdates: the cursor is no number")
		}
	}
	var updates []json.RawMessage
	if err := p.callFor(ctx, p.wait+callTime, "getUpdates", q, &updates); err != nil {
		var f *failure
		if errors.As(err, &f) && f.Code == http.StatusConflict {
			return channel.Polled{}, fmt.Errorf("another program polls for this bot, or a webhook is set; one of them has to stop: %w", f)
		}
		return channel.Polled{}, err
	}
	out := channel.Polled{Next: cursor}
	for _, body := range updates {
		// Only the number is needed here; what the rest is, Take finds out.
		var u struct {
			ID *int64 `json:"update_id"`
		}
		if err := json.Unmarshal(body, &u); err != nil || u.ID == nil {
			return channel.Polled{}, errors.New("getUpdates: an update without update_id")
		}
		q.Offset = max(q.Offset, *u.ID+1)
		out.Bodies = append(out.Bodies, body)
		out.Next = strconv.FormatInt(q.Offset, 10)
	}
	return out, nil
}
