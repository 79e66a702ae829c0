package channel

import (
	"context"
	"encoding/binary"
	"time"

	"golang.org/x/time/rate"
)

// random is the number platforms know a repetition by: always the same of one answer,
// never 0, and within the 31 bits that some of them take.
func random(id string) int64 {
	sum := sumOf(id)
	return int64(binary.BigEndian.Uint32(sum[:])>>1) | 1
}

// limits keep a line within what its platform takes. One goroutine a line asks them.
type limits struct {
	all     *rate.Limiter
	perChat time.Duration
	chats   map[string]time.Time // when the last answer went into the conversation
	until   time.Time            // nothing before
}

func newLimits(l *Line) *limits {
	limit := l.Rate
	if limit == 0 {
		limit = rate.Inf
	}
	return &limits{all: rate.NewLimiter(limit, 1), perChat: l.PerChat, chats: map[string]time.Time{}}
}

// shut says whether an answer into the conversation has to come later. The others do
// not wait for it.
func (m *limits) shut(chat string) bool {
	now := time.Now()
	return now.Before(m.until) || now.Before(m.chats[chat].Add(m.perChat))
}

// enter lets an answer into the conversation, when the line may send one more.
func (m *limits) enter(ctx context.Context, chat string) error {
	if err := m.all.Wait(ctx); err != nil {
		return err
	}
	if len(m.chats) > 10_000 {
		clear(m.chats) // a line that speaks to so many is not held up by one
	}
	m.chats[chat] = time.Now()
	return nil
}

// rest keeps the line still for so long.
func (m *limits) rest(pause time.Duration) { m.until = time.Now().Add(pause) }
