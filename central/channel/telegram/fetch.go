package telegram

import (
	"context"
	"errors"
	"net/http"

	"github.com/cenkalti/backoff/v5"

	"otklik/central/channel"
)

// Fetch gets a file: first where it is, which holds for an hour, then what it is.
// Telegram gives bots files of up to 20 MB.
func (p *Platform) Fetch(ctx context.Context, e channel.Enclosure, most int64) ([]byte, error) {
	if e.Size > most {
		return nil, backoff.Permanent(errors.New("getFile: the file is larger than may be attached"))
	}
	var f file
	if err := p.call(ctx, "getFile", map[string]string{"file_id": e.Ref}, &f); err != nil {
		var no *failure
		switch {
		case !errors.As(err, &no) || no.Code >= 500:
			return nil, err
		case no.Code == http.StatusTooManyRequests:
			return nil, backoff.RetryAfter(no.Parameters.RetryAfter)
		}
		return nil, backoff.Permanent(err)
	}
	if f.Path == "" {
		return nil, backoff.Permanent(errors.New("getFile: no path: the file is larger than bots are given"))
	}
	return channel.Get(ctx, p.client, p.base+"/file/bot"+p.token+"/"+f.Path, most)
}
