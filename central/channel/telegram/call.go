package telegram

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"otklik/central/channel"
)

// callTime bounds a call. An answer that took longer is one nobody knows about.
const callTime = 30 * time.Second

// reply is the envelope of everything the Bot API says.
type reply struct {
	OK     bool            `json:"ok"`
	Result json.RawMessage `json:"result"`
	failure
}

// failure is what the Bot API says when it does not do what it was asked for.
type failure struct {
	Code        int    `json:"error_code"`
	Description string `json:"description"`
	Parameters  struct {
		RetryAfter int `json:"retry_after"` // seconds
	} `json:"parameters"`
}

func (f *failure) Error() string { return fmt.Sprintf("Telegram says %d: %s", f.Code, f.Description) }

// call has the Bot API do one thing. Errors: *failure where it says no, ErrNotSent.
func (p *Platform) call(ctx context.Context, method string, params, result any) error {
	return p.callFor(ctx, callTime, method, params, result)
}

func (p *Platform) callFor(ctx context.Context, most time.Duration, method string, params, result any) error {
	ctx, cancel := context.WithTimeout(ctx, most)
	defer cancel()
	body := []byte("{}")
	if params != nil {
		var err error
		if body, err = json.Marshal(params); err != nil {
			return fmt.Errorf("%s: %w", method, err)
		}
	}
	q, err := http.NewRequestWithContext(ctx, http.MethodPost, p.base+"/bot"+p.token+"/"+method, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("%s: %w: the base address or the token cannot be part of an address", method, channel.ErrNotSent)
	}
	q.Header.Set("Content-Type", "application/json")
	r, body, err := channel.Call(p.client, q)
	if err != nil {
		return fmt.Errorf("%s: %w", method, err)
	}
	var said reply
	if err := json.Unmarshal(body, &said); err != nil || !said.OK && said.Code == 0 {
		return fmt.Errorf("%s: status %d and no reply of the Bot API: is it Telegram that answers there?", method, r.StatusCode)
	}
	if !said.OK {
		return fmt.Errorf("%s: %w", method, &said.failure)
	}
	if err := json.Unmarshal(said.Result, result); err != nil {
		return fmt.Errorf("%s: %w", method, err)
	}
	return nil
}
