package ok

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"otklik/central/channel"
)

// Again is nothing: the platform knows no repetitions, two calls are two messages.
func (p *Platform) Again() time.Duration { return 0 }

// Most is a choice of ours: the documentation names no bound.
func (p *Platform) Most() int { return 4000 }

type answer struct {
	Recipient struct {
		Chat string `json:"chat_id"`
	} `json:"recipient"`
	Message struct {
		Text    string `json:"text"`
		ReplyTo string `json:"reply_to,omitempty"`
	} `json:"message"`
}

// Send sends a text as a reply to what was written. The ID is the Key the message has.
func (p *Platform) Send(ctx context.Context, a channel.Answer) (string, error) {
	var q answer
	q.Recipient.Chat, q.Message.Text, q.Message.ReplyTo = a.Chat, a.Text, a.Thread
	var sent struct {
		Success *bool `json:"success"`
		ID      id    `json:"message_id"`
	}
	err := p.graph(ctx, http.MethodPost, url.PathEscape(a.Chat)+"/messages", q, &sent)
	var f *failure
	switch {
	case errors.As(err, &f):
		if w := f.wait(); w != nil {
			return "", w
		}
		if why := f.reason(); why != "" {
			return "", &channel.Refused{Code: f.code(), Reason: why}
		}
		return "", err
	case err != nil:
		return "", err
	case sent.Success != nil && !*sent.Success:
		return "", &channel.Refused{Code: "success=false", Reason: channel.ReasonOther}
	case sent.ID == "":
		return "", errors.New("odnoklassniki: the reply names no message") // nobody knows what it did
	}
	return string(sent.ID), nil
}

// code as the operator sees it.
func (f *failure) code() string {
	if f.Code != 0 {
		return strconv.Itoa(f.Code)
	}
	return "HTTP " + strconv.Itoa(f.Status)
}
