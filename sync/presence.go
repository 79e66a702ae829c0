package sync

import (
	"context"
	"errors"
	"net/http"
	"sync"

	"otklik/app"
	"otklik/sync/wire"
)

// beside asks who else has an appeal open. It has a token of its own: the other
// clients are busy with what must arrive.
type beside struct {
	mu     sync.Mutex
	client client
	absent bool // the server is of a version without it
}

// Beside implements app.Exchange. A server that does not know the question, or not
// the appeal, gives nobody.
func (e *Engine) Beside(ctx context.Context, appeal string, doing app.Doing) ([]app.Companion, error) {
	b := &e.beside
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.absent {
		return nil, nil
	}
	if _, _, err := b.client.authorise(ctx); err != nil {
		return nil, err
	}
	var reply wire.PresenceReply
	err := b.client.do(ctx, http.MethodPost, wire.PathPresence, wire.Presence{Appeal: appeal, Doing: doing}, decodeInto(&reply))
	if p := (*problem)(nil); errors.As(err, &p) {
		switch {
		case p.Code == wire.CodeBadToken:
			b.client.token = ""
		case p.Code == app.CodeNotFound:
			b.absent = appeal == "" // every version that knows the question knows nowhere
			return nil, nil
		}
	}
	return reply.Others, err
}
