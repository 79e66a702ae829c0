package max

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"otklik/central/channel"
)

// Again is never: MAX knows no repetitions, two calls are two messages.
func (p *Platform) Again() time.Duration { return 0 }

// Most is what a message of MAX holds.
func (p *Platform) Most() int { return 4000 }

type newMessage struct {
	Text string `json:"text"` // as it is: no format is named
	Link *reply `json:"link,omitempty"`
}

type reply struct {
	Type string `json:"type"`
	Mid  string `json:"mid"`
}

// Send sends a text as a reply to what was written. The ID is the Key the message has.
func (p *Platform) Send(ctx context.Context, a channel.Answer) (string, error) {
	to, err := url.ParseQuery(a.Chat)
	if err != nil || !to.Has("chat_id") && !to.Has("user_id") {
		return "", &channel.Refused{Code: "chat", Reason: channel.ReasonGone}
	}
	q := newMessage{Text: a.Text}
	if a.Thread != "" {
		q.Link = &reply{"reply", a.Thread}
	}
	var sent struct {
		Message message `json:"message"`
	}
	err = p.call(ctx, http.MethodPost, "/messages", to, q, &sent)
	var f *failure
	switch {
	case errors.As(err, &f):
		return "", f.ofAnswer(a.Public)
	case err != nil:
		return "", err
	case sent.Message.Body == nil:
		return "", errors.New("POST /messages: the reply names no message")
	}
	return sent.Message.Body.Mid, nil
}

// ofAnswer says what a failure means for an answer.
func (f *failure) ofAnswer(public bool) error {
	reason := channel.ReasonOther
	switch {
	case f.Status == http.StatusTooManyRequests:
		return f.wait()
	case f.Status >= 500:
		return fmt.Errorf("POST /messages: %w", f) // it may have been sent before that
	case f.Status == http.StatusUnauthorized:
		reason = channel.ReasonAccess
	case f.Status == http.StatusForbidden && public:
		reason = channel.ReasonClosed
	case f.Status == http.StatusForbidden: // chat.denied: the person has stopped the bot
		reason = channel.ReasonBlocked
	case f.Status == http.StatusNotFound, strings.HasSuffix(f.Code, "not.found"):
		reason = channel.ReasonGone
	case strings.Contains(strings.ToLower(f.Message), "text"):
		reason = channel.ReasonText
	}
	code := strconv.Itoa(f.Status)
	if f.Code != "" {
		code += " " + f.Code
	}
	return &channel.Refused{Code: code, Reason: reason}
}
