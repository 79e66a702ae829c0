package vk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"otklik/central/channel"
)

// version of the API all calls are made in.
const version = "5.199"

// callTime bounds a call.
const callTime = 30 * time.Second

// failure is what the API says when it does not do what it was asked for. What else it
// says holds the token and the text.
type failure struct {
	Code    int    `json:"error_code"`
	Message string `json:"error_msg"`
}

func (f *failure) Error() string { return fmt.Sprintf("VK says %d: %s", f.Code, f.Message) }

// reply is what the API says to a call.
type reply struct {
	Response json.RawMessage `json:"response"`
	Error    *failure        `json:"error"`
	// Failures are of the calls within execute that failed.
	Failures []failure `json:"execute_errors"`
}

// call has the API do one thing. Errors: *failure where it says no, *channel.Wait,
// ErrNotSent.
func (p *Platform) call(ctx context.Context, token, method string, params url.Values, result any) error {
	_, err := p.ask(ctx, token, method, params, result)
	return err
}

func (p *Platform) ask(ctx context.Context, token, method string, params url.Values, result any) (said reply, err error) {
	ctx, cancel := context.WithTimeout(ctx, callTime)
	defer cancel()
	form := url.Values{"v": {version}, "access_token": {token}}
	for k, v := range params {
		form[k] = v
	}
	q, err := http.NewRequestWithContext(ctx, http.MethodPost, p.c.BaseURL+"/"+method, strings.NewReader(form.Encode()))
	if err != nil {
		return said, fmt.Errorf("%s: %w: the base address is none", method, channel.ErrNotSent)
	}
	q.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r, body, err := channel.Call(p.c.Client, q)
	switch {
	case err != nil:
		return said, fmt.Errorf("%s: %w", method, err)
	case r.StatusCode == http.StatusTooManyRequests:
		return said, &channel.Wait{For: pauseOften}
	case r.StatusCode != http.StatusOK:
		return said, fmt.Errorf("%s: status %d and no reply of the API: is it VK that answers there?", method, r.StatusCode)
	}
	if err := json.Unmarshal(body, &said); err != nil || said.Response == nil && said.Error == nil {
		return said, fmt.Errorf("%s: %w", method, errShape)
	}
	if said.Error != nil {
		return said, fmt.Errorf("%s: %w", method, said.Error)
	}
	if err := json.Unmarshal(said.Response, result); err != nil {
		return said, fmt.Errorf("%s: %w", method, errShape)
	}
	return said, nil
}

var errShape = errors.New("the reply is not of the shape it has to have")

// flag is what VK writes as 0 and 1 here and as false and true there.
type flag bool

func (f *flag) UnmarshalJSON(b []byte) error {
	*f = string(b) == "1" || string(b) == "true"
	return nil
}
