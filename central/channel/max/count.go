package max

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"path"
	"regexp"
	"strconv"
	"time"

	"otklik/app"
	"otklik/central/channel"
)

// Batch is one: MAX is asked about one channel at a time.
func (p *Platform) Batch() int { return 1 }

// chatName is what MAX finds a chat by: its number or its name. An invitation
// (max.ru/join/…) is neither.
var chatName = regexp.MustCompile(`^/(-?[0-9]+|@?[A-Za-z][A-Za-z0-9_-]*)/?$`)

// Count asks for the members of each channel, for the marks it bears, and for its posts. A
// channel MAX does not show is a gap; that MAX cannot be asked is an error.
func (p *Platform) Count(ctx context.Context, pages []app.Page) (map[string]channel.Counted, error) {
	out := map[string]channel.Counted{}
	for _, page := range pages {
		u, err := url.Parse(page.Link)
		if err != nil || u.Host == "" || !chatName.MatchString(u.Path) {
			continue
		}
		var c struct {
			ID          int64           `json:"chat_id"`
			Type        string          `json:"type"`
			Members     *uint32         `json:"participants_count"`
			Icon        json.RawMessage `json:"icon"`
			Description string          `json:"description"`
		}
		err = p.call(ctx, http.MethodGet, "/chats/"+path.Base(u.Path), nil, nil, &c)
		var f *failure
		switch {
		case err == nil && c.Members != nil && c.Type != "dialog":
			told := channel.Counted{
				Subscribers: *c.Members,
				Marks:       map[string]bool{app.MarkAvatar: len(c.Icon) > 0 && string(c.Icon) != "null", app.MarkDescription: c.Description != ""},
			}
			if c.Type == typeChannel {
				p.posts(ctx, c.ID).Tell(&told)
			}
			out[page.ID] = told
		case err == nil: // a person, or nothing is told
		case !errors.As(err, &f), f.Status >= 500, f.Status == http.StatusUnauthorized:
			return out, err
		case f.Status == http.StatusTooManyRequests:
			return out, f.wait()
		}
	}
	return out, nil
}

// postsAtOnce is what MAX tells at most in one call.
const postsAtOnce = 100

// posts counts the posts of a channel, which MAX tells to a bot that is in it, the latest
// first. Where it does not, they are not known, and the members are all the same.
func (p *Platform) posts(ctx context.Context, chat int64) *channel.Posts {
	posts := channel.PostsUntil(p.now())
	q := url.Values{"chat_id": {strconv.FormatInt(chat, 10)}, "count": {strconv.Itoa(postsAtOnce)}}
	for {
		var told struct {
			Messages []message `json:"messages"`
		}
		if err := p.call(ctx, http.MethodGet, "/messages", q, nil, &told); err != nil {
			return posts
		}
		var part []channel.Post
		for _, m := range told.Messages {
			one := channel.Post{ID: strconv.FormatInt(m.Timestamp, 10), At: time.UnixMilli(m.Timestamp)}
			if m.Body != nil && m.Body.Mid != "" {
				one.ID = m.Body.Mid
			}
			part = append(part, one)
		}
		if !posts.Add(part) {
			return posts
		}
		// Down from the last one, which is told once more: others may be of that moment.
		q.Set("from", strconv.FormatInt(told.Messages[len(told.Messages)-1].Timestamp, 10))
	}
}
