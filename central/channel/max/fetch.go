package max

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/cenkalti/backoff/v5"

	"otklik/central/channel"
)

// videoRef begins the Ref of a film: its token follows, and not a link.
const videoRef = "video:"

// Fetch gets a file. The link of a film is asked for first: of its sizes the one that
// shows enough and is not too large.
func (p *Platform) Fetch(ctx context.Context, e channel.Enclosure, most int64) ([]byte, error) {
	if e.Size > most {
		return nil, backoff.Permanent(errors.New("fetch a file: it is larger than may be attached"))
	}
	token, is := strings.CutPrefix(e.Ref, videoRef)
	if !is {
		return channel.Get(ctx, p.client, e.Ref, most)
	}
	var v struct {
		URLs map[string]string `json:"urls"`
	}
	if err := p.call(ctx, http.MethodGet, "/videos/"+url.PathEscape(token), nil, nil, &v); err != nil {
		var f *failure
		if errors.As(err, &f) && f.Status < 500 && f.Status != http.StatusTooManyRequests {
			return nil, backoff.Permanent(f)
		}
		return nil, err
	}
	for _, size := range []string{"mp4_720", "mp4_480", "mp4_360", "mp4_1080", "mp4_240", "mp4_144"} {
		if at := v.URLs[size]; at != "" {
			return channel.Get(ctx, p.client, at, most)
		}
	}
	return nil, backoff.Permanent(errors.New("fetch a film: MAX names no link"))
}
