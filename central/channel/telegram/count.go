package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"otklik/app"
	"otklik/central/channel"
)

// Batch is one: Telegram is asked about one channel at a time.
func (p *Platform) Batch() int { return 1 }

// channelName is what Telegram lets a public channel be called.
var channelName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]{3,31}$`)

// nameOf gives "@name" of a page, "" where its link leads to none: an invitation has
// no name, and the bot cannot follow it.
func nameOf(page app.Page) string {
	link := page.Link
	if !strings.Contains(link, "://") {
		link = "https://" + link
	}
	u, err := url.Parse(link)
	if err != nil {
		return ""
	}
	name := strings.TrimPrefix(strings.Trim(u.Path, "/"), "s/") // t.me/s/name is its preview
	if name, _, _ = strings.Cut(name, "/"); !channelName.MatchString(name) || name == "joinchat" {
		return ""
	}
	return "@" + name
}

// Count asks for the members of each channel, and for the marks the channel bears. A
// channel Telegram does not know is a gap; that Telegram cannot be asked is an error.
func (p *Platform) Count(ctx context.Context, pages []app.Page) (map[string]channel.Counted, error) {
	out := map[string]channel.Counted{}
	for _, page := range pages {
		name := nameOf(page)
		if name == "" {
			continue
		}
		var n uint32
		known, err := p.ask(ctx, "getChatMemberCount", name, &n)
		if err != nil {
			return out, err
		}
		if !known {
			continue
		}
		c := channel.Counted{Subscribers: n}
		var full struct {
			Photo       json.RawMessage `json:"photo"`
			Description string          `json:"description"`
		}
		if known, err = p.ask(ctx, "getChat", name, &full); err != nil {
			return out, err
		}
		if known {
			c.Marks = map[string]bool{app.MarkAvatar: len(full.Photo) > 0, app.MarkDescription: full.Description != ""}
		}
		out[page.ID] = c
	}
	return out, nil
}

// ask asks about a chat; known says whether Telegram tells.
func (p *Platform) ask(ctx context.Context, method, name string, result any) (known bool, err error) {
	err = p.call(ctx, method, map[string]string{"chat_id": name}, result)
	var f *failure
	switch {
	case err == nil:
		return true, nil
	case !errors.As(err, &f), f.Code >= 500, f.Code == http.StatusUnauthorized, f.Code == http.StatusNotFound:
		return false, err
	case f.Code == http.StatusTooManyRequests:
		return false, &channel.Wait{For: max(time.Second, time.Duration(f.Parameters.RetryAfter)*time.Second)}
	}
	return false, nil
}
