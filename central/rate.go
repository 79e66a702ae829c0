package central

import (
	"net"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"otklik/sync/wire"
)

// Rate bounds requests: so many a second in the long run, and so many at once.
// The zero Rate bounds nothing.
type Rate struct {
	PerSecond float64
	Burst     int
}

// maxBuckets bounds the memory of a limiter: strangers can have any number of
// addresses.
const maxBuckets = 16 << 10

// limiter keeps one bucket for each device or address.
type limiter struct {
	rate Rate
	now  func() time.Time

	mu      sync.Mutex
	buckets map[string]*rate.Limiter
}

func newLimiter(r Rate, now func() time.Time) *limiter {
	return &limiter{rate: r, now: now, buckets: map[string]*rate.Limiter{}}
}

// take counts a request of whoever it is, and refuses it with the time to wait
// when there were too many.
func (l *limiter) take(who string) error {
	if l.rate.PerSecond <= 0 {
		return nil
	}
	now := l.now()
	l.mu.Lock()
	defer l.mu.Unlock()
	bucket := l.buckets[who]
	if bucket == nil {
		l.makeRoom(now)
		bucket = rate.NewLimiter(rate.Limit(l.rate.PerSecond), l.rate.Burst)
		l.buckets[who] = bucket
	}
	r := bucket.ReserveN(now, 1)
	if !r.OK() {
		return tooMany(time.Minute) // a burst of nothing lets nobody through
	}
	if wait := r.DelayFrom(now); wait > 0 {
		r.CancelAt(now)
		return tooMany(wait)
	}
	return nil
}

// makeRoom forgets buckets that are full again, for a new one is just like them;
// when none is, it forgets all rather than grow.
func (l *limiter) makeRoom(now time.Time) {
	if len(l.buckets) < maxBuckets {
		return
	}
	for who, b := range l.buckets {
		if b.TokensAt(now) >= float64(l.rate.Burst) {
			delete(l.buckets, who)
		}
	}
	if len(l.buckets) >= maxBuckets {
		clear(l.buckets)
	}
}

func tooMany(wait time.Duration) error {
	p := fail(http.StatusTooManyRequests, wire.CodeTooMany, "too many requests; wait as Retry-After says")
	p.after = wait
	return p
}

// addressOf gives the network a request comes from: an IPv4 address, or the /64
// that one subscriber of IPv6 has.
func addressOf(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	ip, err := netip.ParseAddr(host)
	if err != nil {
		return host
	}
	ip = ip.Unmap().WithZone("")
	if ip.Is4() {
		return ip.String()
	}
	prefix, err := ip.Prefix(64)
	if err != nil {
		return host
	}
	return prefix.String()
}
