package links

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"otklik/app"
)

// Bounds of one link and of one site.
const (
	longest   = 20 * time.Second       // for an answer, redirects included
	hops      = 8                      // redirects that are followed
	every     = 500 * time.Millisecond // between two requests to one site
	atOnce    = 2                      // requests to it without waiting
	agent     = "Mozilla/5.0 (compatible; Otklik)"
	bodyBytes = 4 << 10 // read, so that the connection serves the next link
)

// Opener opens links. It may be used from any goroutine.
type Opener struct {
	mu    sync.Mutex
	way   http.RoundTripper // nil: not known yet
	sites map[string]*rate.Limiter
	every time.Duration
}

// New makes an opener; until it is told a way it finds nothing out.
func New() *Opener { return &Opener{sites: map[string]*rate.Limiter{}, every: every} }

// Through names the way requests take.
func (o *Opener) Through(way http.RoundTripper) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.way = way
}

// site gives the way, and the pace of a site.
func (o *Opener) site(host string) (http.RoundTripper, *rate.Limiter) {
	o.mu.Lock()
	defer o.mu.Unlock()
	pace := o.sites[host]
	if pace == nil {
		pace = rate.NewLimiter(rate.Every(o.every), atOnce)
		o.sites[host] = pace
	}
	return o.way, pace
}

// Open implements app.LinkOpener.
func (o *Opener) Open(ctx context.Context, link string) (app.LinkCheck, error) {
	unsure := app.LinkCheck{State: app.LinkUnsure}
	from, err := url.Parse(link)
	if err != nil || from.Scheme != "https" && from.Scheme != "http" || from.Host == "" {
		return app.LinkCheck{State: app.LinkNowhere}, ctx.Err()
	}
	way, pace := o.site(strings.ToLower(from.Hostname()))
	if way == nil {
		return unsure, ctx.Err()
	}
	// Most sites tell by the head alone; one that does not is asked as a browser asks.
	for _, method := range []string{http.MethodHead, http.MethodGet} {
		if err := pace.Wait(ctx); err != nil {
			return unsure, err
		}
		check, err := ask(ctx, way, method, from)
		if ctx.Err() != nil {
			return unsure, ctx.Err()
		}
		if err != nil {
			return app.LinkCheck{State: failed(err, link)}, nil
		}
		if check.State == app.LinkOpens || check.State == app.LinkMoved || method == http.MethodGet {
			return check, nil
		}
	}
	return unsure, nil
}

// ask makes one request and follows where it leads.
func ask(ctx context.Context, way http.RoundTripper, method string, from *url.URL) (app.LinkCheck, error) {
	ctx, stop := context.WithTimeout(ctx, longest)
	defer stop()
	r, err := http.NewRequestWithContext(ctx, method, from.String(), nil)
	if err != nil {
		return app.LinkCheck{}, err
	}
	r.Header.Set("User-Agent", agent)
	client := http.Client{Transport: way, CheckRedirect: func(_ *http.Request, via []*http.Request) error {
		if len(via) >= hops {
			return http.ErrUseLastResponse
		}
		return nil
	}}
	reply, err := client.Do(r)
	if err != nil {
		return app.LinkCheck{}, err
	}
	_, _ = io.CopyN(io.Discard, reply.Body, bodyBytes) // what it says does not matter
	_ = reply.Body.Close()
	return judge(reply.StatusCode, from, reply.Request.URL), nil
}

// judge says what an answer means.
func judge(status int, from, to *url.URL) app.LinkCheck {
	check := app.LinkCheck{State: app.LinkUnsure, Code: status}
	switch status {
	case http.StatusNotFound, http.StatusGone:
		check.State = app.LinkGone
	case http.StatusUnauthorized, http.StatusUnavailableForLegalReasons:
		check.State = app.LinkClosed
	}
	if status < 200 || status > 299 {
		return check
	}
	asked, _ := app.AddressOf(from.String())
	reached, ok := app.AddressOf(to.String())
	switch {
	case asked.Key == reached.Key:
		check.State = app.LinkOpens
	case !ok || signsIn(to): // the front page, or a form, in the place of a page
		check.State = app.LinkClosed
	default:
		check.State, check.To = app.LinkMoved, to.String()
	}
	return check
}

// signsIn says whether an address asks people to sign in.
func signsIn(to *url.URL) bool {
	first, _, _ := strings.Cut(strings.Trim(to.Path, "/"), "/")
	switch strings.TrimSuffix(first, ".php") {
	case "login", "auth", "authorize", "signin", "join":
		return true
	}
	return strings.HasPrefix(to.Hostname(), "login.") || strings.HasPrefix(to.Hostname(), "id.")
}

// failed says what no answer means. That one of the great networks is not found says
// something of the network here, not of the page.
func failed(err error, link string) app.LinkState {
	var lookup *net.DNSError
	a, _ := app.AddressOf(link)
	if errors.As(err, &lookup) && lookup.IsNotFound && a.Network == app.SourceFile {
		return app.LinkNoHost
	}
	return app.LinkUnsure
}
