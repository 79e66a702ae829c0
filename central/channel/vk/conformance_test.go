package vk

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"otklik/central/channel"
	"otklik/central/channel/channeltest"
)

// VK passes what every channel has to, in private and under posts.
func TestEveryChannel(t *testing.T) {
	private := channeltest.Spec{
		New: newLine,
		Message: func(n int, at time.Time, text string) []byte {
			return conform(typeMessage, n, messageOf(n, at, fmt.Sprintf(`"text":%q`, text)))
		},
		Chat: func(n int) string { return number(citizen(n)) },
		Picture: func(n int, at time.Time, base string) []byte {
			return conform(typeMessage, n, messageOf(n, at, `"text":"","attachments":[{"type":"photo","photo":{"id":1,"owner_id":2,"sizes":[{"type":"x","url":"`+base+`/photo.jpg","width":9,"height":9}]}}]`))
		},
		Empty: conform(typeMessage, 4, messageOf(4, time.Now(), `"text":"","attachments":[{"type":"sticker","sticker":{"sticker_id":1}}]`)),
		Sent: func(r *http.Request, body []byte) (channeltest.Sent, bool) {
			q, _ := url.ParseQuery(string(body))
			return channeltest.Sent{Chat: q.Get("peer_id"), Text: q.Get("message"), Number: q.Get("random_id")}, r.URL.Path == "/method/messages.send"
		},
		Say: func(w http.ResponseWriter, how channeltest.Outcome) {
			_, _ = io.WriteString(w, map[channeltest.Outcome]string{
				channeltest.Accepts: `{"response":7}`,
				channeltest.Waits:   refusal(6, "Too many requests per second"),
				channeltest.Refuses: refusal(901, "Can't send messages for users without permission"),
			}[how])
		},
		Busy: pauseOften, Refusal: channel.ReasonBlocked,
	}
	public := private
	public.Message = func(n int, at time.Time, text string) []byte {
		return conform(typeWall, n, commentOf(n, at, fmt.Sprintf(`"text":%q`, text)))
	}
	public.Chat = func(n int) string { return fmt.Sprintf("%d under wall-%d_6", n, int64(ours)) }
	public.Picture = nil
	public.Empty = conform(typeWall, 4, commentOf(4, time.Now(), `"text":""`))
	public.Sent = func(r *http.Request, body []byte) (channeltest.Sent, bool) {
		q, _ := url.ParseQuery(string(body))
		return channeltest.Sent{
			Chat: fmt.Sprintf("%s under wall%s_%s", q.Get("reply_to_comment"), q.Get("owner_id"), q.Get("post_id")), Text: q.Get("message"), Number: q.Get("guid"),
		}, r.URL.Path == "/method/wall.createComment"
	}
	public.Say = func(w http.ResponseWriter, how channeltest.Outcome) {
		_, _ = io.WriteString(w, map[channeltest.Outcome]string{
			channeltest.Accepts: `{"response":{"comment_id":7,"parents_stack":[]}}`,
			channeltest.Waits:   refusal(6, "Too many requests per second"),
			channeltest.Refuses: refusal(213, "Access to status replies denied"),
		}[how])
	}
	public.Refusal = channel.ReasonClosed
	for what, spec := range map[string]channeltest.Spec{"in private": private, "under a post": public} {
		spec.Unknown = conform("moonshot", 3, `{"user_id":1}`)
		spec.Reply = "ok"
		spec.Forged = map[string]func([]byte) channeltest.Post{
			"another secret":    replaced(secret, secret+"x"),
			"no secret":         replaced(`"secret":"`+secret+`",`, ""),
			"another community": replaced(fmt.Sprintf(`"group_id":%d`, int64(ours)), fmt.Sprintf(`"group_id":%d`, int64(ours)-1)),
		}
		spec.Other = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(picture) })
		t.Run(what, func(t *testing.T) { channeltest.Run(t, spec) })
	}
}

func newLine(base string) channel.Line {
	return channel.Line{Platform: New(Config{BaseURL: base + "/method", Group: ours, Token: token, Secret: secret, Confirmation: "8fe3a1c2"})}
}

// citizen is who wrote message n; above 2⁵³ neighbours are one as floating numbers.
func citizen(n int) int64 { return 1<<53 + 1 + 2*int64(n) }

func conform(kind string, n int, object string) []byte {
	return fmt.Appendf(nil, `{"group_id":%d,"type":%q,"event_id":"e%d","v":"5.199","secret":%q,"object":%s}`, int64(ours), kind, n, secret, object)
}

func messageOf(n int, at time.Time, rest string) string {
	return fmt.Sprintf(`{"message":{"id":%d,"conversation_message_id":%d,"date":%d,"from_id":%d,"peer_id":%[4]d,"out":0,%s},"client_info":{}}`, n, n, at.Unix(), citizen(n), rest)
}

func commentOf(n int, at time.Time, rest string) string {
	return fmt.Sprintf(`{"id":%d,"date":%d,"from_id":%d,"post_owner_id":-%d,"post_id":6,%s}`, n, at.Unix(), citizen(n), int64(ours), rest)
}

func replaced(old, fresh string) func([]byte) channeltest.Post {
	return func(body []byte) channeltest.Post {
		return channeltest.Post{Body: []byte(strings.Replace(string(body), old, fresh, 1))}
	}
}
