package max

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"otklik/central/channel"
)

// callTime bounds a call. An answer that took longer is one nobody knows about.
const callTime = 30 * time.Second

// failure is what the bot API says when it does not do what it was asked for.
type failure struct {
	Status  int           `json:"-"`
	Retry   time.Duration `json:"-"` // 0: not told
	Code    string        `json:"code"`
	Message string        `json:"message"` // may name a conversation, so that it is never shown
}

func (f *failure) Error() string { return fmt.Sprintf("MAX says %d: %s", f.Status, f.Code) }

// wait is what a failure for too many requests asks for.
func (f *failure) wait() *channel.Wait { return &channel.Wait{For: max(time.Second, f.Retry)} }

// call has the bot API do one thing. Errors: *failure where it says no, ErrNotSent.
func (p *Platform) call(ctx context.Context, method, path string, query url.Values, body, result any) error {
	return p.callFor(ctx, callTime, method, path, query, body, result)
}

func (p *Platform) callFor(ctx context.Context, most time.Duration, method, path string, query url.Values, body, result any) error {
	ctx, cancel := context.WithTimeout(ctx, most)
	defer cancel()
	what, _, _ := strings.Cut(path[1:], "/") // what follows names a person's film or chat
	name := method + " /" + what
	var content io.Reader
	if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		content = bytes.NewReader(b)
	}
	address := p.base + path
	if len(query) > 0 {
		address += "?" + query.Encode()
	}
	q, err := http.NewRequestWithContext(ctx, method, address, content)
	if err != nil {
		return fmt.Errorf("%s: %w: the base address is none", name, channel.ErrNotSent)
	}
	q.Header.Set("Authorization", p.token)
	if body != nil {
		q.Header.Set("Content-Type", "application/json")
	}
	r, said, err := channel.Call(p.client, q)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if r.StatusCode != http.StatusOK {
		f := failure{Status: r.StatusCode}
		if err := json.Unmarshal(said, &f); err != nil || f.Code == "" {
			return fmt.Errorf("%s: status %d and no reply of the bot API: is it MAX that answers there?", name, r.StatusCode)
		}
		if seconds, err := strconv.Atoi(r.Header.Get("Retry-After")); err == nil {
			f.Retry = time.Duration(seconds) * time.Second
		}
		return fmt.Errorf("%s: %w", name, &f)
	}
	if err := json.Unmarshal(said, result); err != nil {
		return fmt.Errorf("%s: %w", name, errors.New("the reply is not of the shape it has to have"))
	}
	return nil
}
