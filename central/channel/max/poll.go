package max

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"otklik/central/channel"
)

// pollTime is how long a poll waits; MAX allows up to 90 seconds.
const pollTime = 60 * time.Second

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
	all, err := p.subscriptions(ctx)
	if err == nil && len(all) > 0 {
		err = fmt.Errorf("a webhook is subscribed, to %s: MAX answers no polls until it is ended by DELETE /subscriptions", host(all[0].URL))
	}
	return err
}

// Poll asks for what comes after the cursor, which is MAX's marker and confirms all
// before it.
func (p *Polling) Poll(ctx context.Context, cursor string) (channel.Polled, error) {
	q := url.Values{
		"limit":   {"100"},
		"timeout": {strconv.Itoa(int(p.wait.Seconds()))},
		"types":   {strings.Join([]string{typeCreated, typeEdited, typeStarted}, ",")},
	}
	if cursor != "" {
		q.Set("marker", cursor)
	}
	var got struct {
		Updates []json.RawMessage `json:"updates"`
		Marker  *int64            `json:"marker"`
	}
	if err := p.callFor(ctx, p.wait+callTime, http.MethodGet, "/updates", q, nil, &got); err != nil {
		return channel.Polled{}, err
	}
	out := channel.Polled{Next: cursor}
	if got.Marker != nil {
		out.Next = strconv.FormatInt(*got.Marker, 10)
	}
	for _, u := range got.Updates {
		out.Bodies = append(out.Bodies, u)
	}
	return out, nil
}
