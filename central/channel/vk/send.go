package vk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"otklik/central/channel"
)

// Again is less than the hour for which VK knows a message by its random_id; a comment it
// knows by its guid. It also forgets after a hundred messages of the conversation, which
// nobody writes in that time.
func (p *Platform) Again() time.Duration { return 50 * time.Minute }

// Most is what a message of VK holds.
func (p *Platform) Most() int { return 9000 }

// Send sends a text to where the citizen wrote.
func (p *Platform) Send(ctx context.Context, a channel.Answer) (string, error) {
	kind, ids := thread(a.Thread)
	random := number(a.Random)
	switch {
	case kind == threadWall && len(ids) == 3:
		var done struct {
			ID json.Number `json:"comment_id"`
		}
		err := p.call(ctx, p.c.Token, "wall.createComment", url.Values{
			"owner_id": {ids[0]}, "post_id": {ids[1]}, "reply_to_comment": {ids[2]},
			"from_group": {number(p.c.Group)}, "message": {a.Text}, "guid": {random},
		}, &done)
		return "wall/" + ids[0] + "/" + done.ID.String(), ofAnswer(err)
	case kind == threadBoard && len(ids) == 3:
		if p.c.UserToken == "" {
			return "", &channel.Refused{Code: needsPerson, Reason: channel.ReasonClosed}
		}
		var id json.Number
		err := p.call(ctx, p.c.UserToken, "board.createComment", url.Values{
			"group_id": {number(p.c.Group)}, "topic_id": {ids[1]},
			"from_group": {"1"}, "message": {a.Text}, "guid": {random},
		}, &id)
		return fmt.Sprintf("board/-%d/%s/%s", p.c.Group, ids[1], id), ofAnswer(err)
	}
	params := url.Values{"peer_id": {a.Chat}, "message": {a.Text}, "random_id": {random}}
	if kind == threadChat && len(ids) == 2 && ids[1] != "0" {
		params.Set("forward", fmt.Sprintf(`{"peer_id":%s,"conversation_message_ids":[%s],"is_reply":1}`, ids[0], ids[1]))
	}
	var id json.Number
	err := p.call(ctx, p.c.Token, "messages.send", params, &id)
	return "message/" + a.Chat + "/id" + id.String(), ofAnswer(err) // its number in the conversation VK does not tell
}

// needsPerson is what VK has no code for.
const needsPerson = "no token of a person, and VK takes nothing else in discussions"

// thread takes a Thread of Read apart.
func thread(s string) (kind string, ids []string) {
	kind, rest, _ := strings.Cut(s, "/")
	ids = strings.Split(rest, "/")
	for _, id := range ids {
		if _, err := strconv.ParseInt(id, 10, 64); err != nil {
			return "", nil
		}
	}
	return kind, ids
}

// Pauses VK asks for without a number.
const (
	pauseOften = time.Second      // too many calls a second
	pauseFlood = time.Minute      // the same thing too often
	pauseQuota = 10 * time.Minute // the quota of the method is used up
)

// reasons of codes that stay what they are however often one asks.
var reasons = map[int]channel.Reason{
	5:   channel.ReasonAccess,  // authorization failed
	27:  channel.ReasonAccess,  // authorization of the community failed
	28:  channel.ReasonAccess,  // authorization of the application failed
	7:   channel.ReasonClosed,  // no permission for this
	15:  channel.ReasonClosed,  // access denied
	203: channel.ReasonClosed,  // access to the community denied
	212: channel.ReasonClosed,  // access to comments denied
	213: channel.ReasonClosed,  // no access to commenting
	18:  channel.ReasonGone,    // the page is deleted or blocked
	113: channel.ReasonGone,    // no such user
	917: channel.ReasonGone,    // no access to the conversation any more
	936: channel.ReasonGone,    // no such contact
	945: channel.ReasonGone,    // the conversation is switched off
	30:  channel.ReasonBlocked, // the profile is private
	900: channel.ReasonBlocked, // on the blacklist
	901: channel.ReasonBlocked, // the citizen has not allowed messages
	902: channel.ReasonBlocked, // privacy settings
	222: channel.ReasonText,    // links are forbidden
	914: channel.ReasonText,    // too long
}

// ofAnswer says what the failure of a call means for the answer. What is an error on
// VK's side (1, 10) goes out again.
func ofAnswer(err error) error {
	var f *failure
	if !errors.As(err, &f) {
		return err
	}
	if w := f.wait(); w != nil {
		return w
	}
	if f.Code == 1 || f.Code == 10 {
		return err
	}
	reason, known := reasons[f.Code]
	if !known {
		reason = channel.ReasonOther
	}
	return &channel.Refused{Code: strconv.Itoa(f.Code), Reason: reason}
}

// wait is what a failure for too many calls asks for, nil of other ones.
func (f *failure) wait() *channel.Wait {
	switch f.Code {
	case 6:
		return &channel.Wait{For: pauseOften}
	case 9:
		return &channel.Wait{For: pauseFlood}
	case 29:
		return &channel.Wait{For: pauseQuota}
	}
	return nil
}
