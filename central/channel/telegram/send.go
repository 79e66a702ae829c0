package telegram

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"otklik/central/channel"
)

// Again is never: Telegram knows no repetitions, two calls are two messages.
func (p *Platform) Again() time.Duration { return 0 }

// Most is what a message of Telegram holds.
func (p *Platform) Most() int { return 4096 }

type sendMessage struct {
	Chat  int64      `json:"chat_id"`
	Text  string     `json:"text"` // as it is: with a parse_mode, a lone "_" would be an error
	Reply *replyInto `json:"reply_parameters,omitempty"`
}

type replyInto struct {
	Message int64 `json:"message_id"`
	// Without is for conversations: the answer comes even when the citizen has deleted
	// his message. In public it would be an answer to nobody.
	Without bool `json:"allow_sending_without_reply,omitempty"`
}

// Send sends a text as a reply to what was written. The ID is the Key the message has.
func (p *Platform) Send(ctx context.Context, a channel.Answer) (string, error) {
	chat, err := strconv.ParseInt(a.Chat, 10, 64)
	if err != nil {
		return "", &channel.Refused{Code: "chat_id", Reason: channel.ReasonGone}
	}
	q := sendMessage{Chat: chat, Text: a.Text}
	if a.Thread != "" {
		id, err := strconv.ParseInt(a.Thread, 10, 64)
		if err != nil {
			return "", &channel.Refused{Code: "message_id", Reason: channel.ReasonGone}
		}
		q.Reply = &replyInto{Message: id, Without: !a.Public}
	}
	var sent message
	err = p.call(ctx, "sendMessage", q, &sent)
	var f *failure
	if errors.As(err, &f) {
		return "", f.ofAnswer(a.Public)
	}
	if err != nil {
		return "", err
	}
	return sent.key(), nil
}

// closed, gone and text are what Telegram says with 400, all in one code.
var (
	closed = []string{"rights", "write_forbidden", "topic_closed", "restricted", "not enough"}
	gone   = []string{"not found", "peer_id_invalid", "deactivated", "upgraded to a supergroup", "replied"}
	text   = []string{"too long", "text is empty", "text must be", "can't parse"}
)

// ofAnswer says what a failure means for an answer.
func (f *failure) ofAnswer(public bool) error {
	is := func(words []string) bool {
		for _, w := range words {
			if strings.Contains(strings.ToLower(f.Description), w) {
				return true
			}
		}
		return false
	}
	reason := channel.ReasonOther
	switch {
	case f.Code == http.StatusTooManyRequests:
		return &channel.Wait{For: max(time.Second, time.Duration(f.Parameters.RetryAfter)*time.Second)}
	case f.Code >= 500:
		return fmt.Errorf("sendMessage: %w", f) // it may have been sent before that
	case f.Code == http.StatusUnauthorized, f.Code == http.StatusNotFound:
		reason = channel.ReasonAccess
	case f.Code == http.StatusForbidden && public:
		reason = channel.ReasonClosed
	case f.Code == http.StatusForbidden:
		reason = channel.ReasonBlocked
	case is(closed):
		reason = channel.ReasonClosed
	case is(gone):
		reason = channel.ReasonGone
	case is(text):
		reason = channel.ReasonText
	}
	return &channel.Refused{Code: strconv.Itoa(f.Code), Reason: reason}
}
