package max

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"path"
	"regexp"

	"otklik/app"
	"otklik/central/channel"
)

// Batch is one: MAX is asked about one channel at a time.
func (p *Platform) Batch() int { return 1 }

// chatName is what MAX finds a chat by: its number or its name. An invitation
// (max.ru/join/…) is neither.
var chatName = regexp.MustCompile(`^/(-?[0-9]+|@?[A-Za-z][A-Za-z0-9_-]*)/?$`)

// Count asks for the members of each channel, and for the marks it bears. A channel MAX
// does not show is a gap; that MAX cannot be asked is an error.
func (p *Platform) Count(ctx context.Context, pages []app.Page) (map[string]channel.Counted, error) {
	out := map[string]channel.Counted{}
	for _, page := range pages {
		u, err := url.Parse(page.Link)
		if err != nil || u.Host == "" || !chatName.MatchString(u.Path) {
			continue
		}
		var c struct {
			Type        string          `json:"type"`
			Members     *uint32         `json:"participants_count"`
			Icon        json.RawMessage `json:"icon"`
			Description string          `json:"description"`
		}
		err = p.call(ctx, http.MethodGet, "/chats/"+path.Base(u.Path), nil, nil, &c)
		var f *failure
		switch {
		case err == nil && c.Members != nil && c.Type != "dialog":
			out[page.ID] = channel.Counted{
				Subscribers: *c.Members,
				Marks:       map[string]bool{app.MarkAvatar: len(c.Icon) > 0 && string(c.Icon) != "null", app.MarkDescription: c.Description != ""},
			}
		case err == nil: // a person, or nothing is told
		case !errors.As(err, &f), f.Status >= 500, f.Status == http.StatusUnauthorized:
			return out, err
		case f.Status == http.StatusTooManyRequests:
			return out, f.wait()
		}
	}
	return out, nil
}
