package sync

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/http"
	"net/url"
	"sync"
	"time"

	"golang.org/x/net/http/httpproxy"

	"otklik/app"
	"otklik/sync/wire"
)

// ProxyDirect as Network.Proxy goes past every proxy.
const ProxyDirect = "direct"

// Network says how this workstation reaches its server.
type Network struct {
	CA    []byte // certificate authorities in PEM, beside those of the system
	Proxy string // URL; "" is what the environment says, ProxyDirect none at all
	// PlainHTTP lets requests go unencrypted to other machines.
	PlainHTTP bool
	Now       func() time.Time
	// Known is the latest time that is known to have passed: of the build, or
	// told by a server in an earlier run. Certificates are never judged by an
	// earlier one, so a clock that was set back does not break them.
	Known time.Time
}

// Transport carries requests to one server: TLS 1.3 or later, through the
// proxy there is. It may be used from any goroutine.
type Transport struct {
	base      *http.Transport
	plainHTTP bool
	now       func() time.Time

	mu    sync.Mutex
	known time.Time
}

// NewTransport makes a transport. Errors: CodeBadCA when the PEM holds no
// certificate, CodeBadArgument when the proxy is not a URL.
func NewTransport(n Network) (*Transport, error) {
	t := &Transport{plainHTTP: n.PlainHTTP, now: n.Now, known: n.Known}
	roots, err := authorities(n.CA)
	if err != nil {
		return nil, err
	}
	proxy, err := proxyOf(n.Proxy)
	if err != nil {
		return nil, err
	}
	t.base = &http.Transport{
		Proxy:               proxy,
		DialContext:         (&net.Dialer{Timeout: 10 * time.Second, KeepAlive: 15 * time.Second}).DialContext,
		TLSClientConfig:     &tls.Config{MinVersion: tls.VersionTLS13, RootCAs: roots, Time: t.time},
		TLSHandshakeTimeout: 10 * time.Second,
		// The longest a server may keep silent is a long-poll.
		ResponseHeaderTimeout: wire.MaxWait + answerTimeout,
		ExpectContinueTimeout: time.Second,
		IdleConnTimeout:       90 * time.Second,
		ForceAttemptHTTP2:     true,
		// A connection a router has forgotten is found out while a long-poll
		// waits on it.
		HTTP2: &http.HTTP2Config{SendPingTimeout: 15 * time.Second, PingTimeout: 10 * time.Second},
		OnProxyConnectResponse: func(_ context.Context, _ *url.URL, _ *http.Request, answer *http.Response) error {
			if answer.StatusCode == http.StatusOK {
				return nil
			}
			return proxyRefused(answer.Status)
		},
	}
	return t, nil
}

// authorities gives the system's with those of the PEM; nil are the system's.
func authorities(pem []byte) (*x509.CertPool, error) {
	if len(pem) == 0 {
		return nil, nil
	}
	roots, err := x509.SystemCertPool()
	if err != nil {
		roots = x509.NewCertPool() // a system without any leaves those named
	}
	if !roots.AppendCertsFromPEM(pem) {
		return nil, app.Fail(app.CodeBadCA)
	}
	return roots, nil
}

// proxyOf gives what finds the proxy for a request. Addresses of this machine
// are never asked of a proxy, nor those of NO_PROXY.
func proxyOf(setting string) (func(*http.Request) (*url.URL, error), error) {
	if setting == ProxyDirect {
		return nil, nil
	}
	config := httpproxy.FromEnvironment()
	if setting != "" {
		u, err := url.Parse(setting)
		if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" && u.Scheme != "socks5" {
			// The address itself may hold a password and is not repeated.
			return nil, app.Fail(app.CodeBadArgument, "--proxy", "http://HOST:PORT")
		}
		config.HTTPProxy, config.HTTPSProxy = setting, setting
	}
	find := config.ProxyFunc()
	return func(r *http.Request) (*url.URL, error) { return find(r.URL) }, nil
}

// time is what certificates are judged by.
func (t *Transport) time() time.Time {
	now, known := t.now(), t.Known()
	if now.Before(known) {
		return known
	}
	return now
}

// Known is the latest time that is known to have passed.
func (t *Transport) Known() time.Time {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.known
}

// RoundTrip implements http.RoundTripper. It sees redirects, too: an answer
// cannot lead a request off the encrypted way.
func (t *Transport) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Scheme == "http" && !t.plainHTTP && !loopback(r.URL.Hostname()) {
		return nil, app.Fail(app.CodePlainHTTP, r.URL.Host)
	}
	reply, err := t.base.RoundTrip(r)
	if err == nil && reply.TLS != nil {
		// Only a server whose certificate held is believed about the time.
		if told, err := http.ParseTime(reply.Header.Get("Date")); err == nil {
			t.learn(told)
		}
	}
	return reply, err
}

func (t *Transport) learn(told time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if told.After(t.known) {
		t.known = told
	}
}

// Web gives a way to the sites of others, such as they are: through the same proxy and
// trusting the same authorities, but TLS 1.2 will do and so will plain HTTP. Nothing of
// ours may go that way.
func (t *Transport) Web() http.RoundTripper {
	web := t.base.Clone()
	web.TLSClientConfig.MinVersion = tls.VersionTLS12
	return web
}

// Close lets go of idle connections.
func (t *Transport) Close() { t.base.CloseIdleConnections() }

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
