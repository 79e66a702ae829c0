package ok

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"otklik/central/channel"
)

// callTime bounds a call. An answer that took longer is one nobody knows about.
const callTime = 30 * time.Second

// Pauses of our choice: the API names none. A flood is over soon, a limit or a service
// that is down is not.
const (
	pause     = 2 * time.Second
	longPause = time.Minute
)

// Codes of the API that mean something to an answer or a count (apiok.ru/dev/errors).
const (
	codeService       = 2 // not available for a time
	codeActionBlocked = 7 // for a time
	codeFlood         = 8
	codeAddress       = 9 // our address is blocked
	codePermission    = 10
	codeLimit         = 11
	codeParam         = 100
	codeKey           = 101
	codeSession       = 102
	codeSessionKey    = 103
	codeSignature     = 104
	codeUser          = 110
	codeNoMessage     = 140
	lastParam         = 199
)

// failure is what the API says when it does not do what it was asked for, with status
// 200 as well.
type failure struct {
	Status int
	Code   int // of the API; 0: none
}

func (f *failure) Error() string {
	return fmt.Sprintf("odnoklassniki says %d: error %d", f.Status, f.Code)
}

// wait is how long to wait before the same call is made again; nil where that is of no
// use.
func (f *failure) wait() *channel.Wait {
	switch {
	case f.Code == codeFlood, f.Status == http.StatusTooManyRequests:
		return &channel.Wait{For: pause}
	case f.Code == codeService, f.Code == codeActionBlocked, f.Code == codeLimit:
		return &channel.Wait{For: longPause}
	}
	return nil
}

// reason of a refusal; "" where nobody knows what was done.
func (f *failure) reason() channel.Reason {
	switch f.Code {
	case codeAddress, codeKey, codeSession, codeSessionKey, codeSignature:
		return channel.ReasonAccess
	case codePermission, codeUser: // people allow a group to write to them
		return channel.ReasonBlocked
	case codeNoMessage:
		return channel.ReasonGone
	case 0:
		switch {
		case f.Status == http.StatusUnauthorized:
			return channel.ReasonAccess
		case f.Status == http.StatusNotFound:
			return channel.ReasonGone
		case f.Status >= 500:
			return ""
		}
	case 1, 9999: // unknown; a failure of the system
		return ""
	}
	return channel.ReasonOther
}

// graph has the Graph API do one thing. Errors: *failure where it says no, ErrNotSent.
func (p *Platform) graph(ctx context.Context, method, path string, body, result any) error {
	return p.call(ctx, method, "/graph/"+path, url.Values{"access_token": {p.c.Token}}, body, result)
}

func (p *Platform) call(ctx context.Context, method, path string, query url.Values, body, result any) error {
	ctx, cancel := context.WithTimeout(ctx, callTime)
	defer cancel()
	var content io.Reader
	if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			return fmt.Errorf("odnoklassniki: %w", err)
		}
		content = bytes.NewReader(b)
	}
	q, err := http.NewRequestWithContext(ctx, method, p.c.BaseURL+path+"?"+query.Encode(), content)
	if err != nil {
		return fmt.Errorf("odnoklassniki: %w: the base address is none", channel.ErrNotSent)
	}
	if body != nil {
		q.Header.Set("Content-Type", "application/json;charset=utf-8")
	}
	r, said, err := channel.Call(p.c.Client, q)
	if err != nil {
		return fmt.Errorf("odnoklassniki: %w", err)
	}
	var e struct {
		Code int `json:"error_code"`
	}
	_ = json.Unmarshal(said, &e) // a list has none
	if e.Code != 0 || r.StatusCode != http.StatusOK {
		return &failure{Status: r.StatusCode, Code: e.Code}
	}
	if err := json.Unmarshal(said, result); err != nil {
		return errors.New("odnoklassniki: the reply is not of the shape it has to have")
	}
	return nil
}
