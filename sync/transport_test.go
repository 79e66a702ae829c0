package sync_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"otklik/app"
	"otklik/assets"
	"otklik/sync"
)

// authority is a region's own certificate authority.
type authority struct {
	t    *testing.T
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

func newAuthority(t *testing.T) *authority {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	a := &authority{t: t, key: key, cert: &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Region CA"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().AddDate(0, -1, 0), NotAfter: time.Now().AddDate(10, 0, 0), KeyUsage: x509.KeyUsageCertSign,
	}}
	der, err := x509.CreateCertificate(rand.Reader, a.cert, a.cert, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	a.cert.Raw = der
	return a
}

func (a *authority) pem() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.cert.Raw})
}

// issue makes a certificate for central.test and loopback, valid from an hour
// ago.
func (a *authority) issue() tls.Certificate {
	a.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		a.t.Fatal(err)
	}
	c := &x509.Certificate{
		SerialNumber: big.NewInt(2), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().AddDate(0, 3, 0),
		DNSNames: []string{"central.test"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, c, a.cert, key.Public(), a.key)
	if err != nil {
		a.t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

// secure starts an HTTPS server that speaks no TLS later than most.
func (a *authority) secure(most uint16, h http.Handler) *httptest.Server {
	a.t.Helper()
	s := httptest.NewUnstartedServer(h)
	s.TLS = &tls.Config{Certificates: []tls.Certificate{a.issue()}, MaxVersion: most}
	s.Config.ErrorLog = log.New(io.Discard, "", 0) // refused handshakes are the point
	s.StartTLS()
	a.t.Cleanup(s.Close)
	return s
}

func hello(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(w, `{"device":"D","workspace":"main","identity":{"name":"`+r.Proto+`","roles":[]}}`)
}

// reach asks the server for anything at all.
func reach(t *testing.T, address string, n sync.Network) (sync.Enrolled, *sync.Transport, error) {
	t.Helper()
	if n.Now == nil {
		n.Now = time.Now
	}
	transport, err := sync.NewTransport(n)
	if err != nil {
		return sync.Enrolled{}, nil, err
	}
	t.Cleanup(transport.Close)
	got, err := sync.EnrolOver(context.Background(), transport, address, "CODE", "test")
	return got, transport, err
}

// refused asserts the code and that the sentence of it says what to do.
func refused(t *testing.T, err error, code app.Code, hint string) {
	t.Helper()
	if app.CodeOf(err) != code {
		t.Errorf("got %v, want %s", err, code)
		return
	}
	for _, lang := range assets.Languages {
		if s := assets.Load(lang).Sentence(err); !strings.Contains(s, hint) || strings.Contains(s, "%!") {
			t.Errorf("%s: %q does not say %q", lang, s, hint)
		}
	}
}

func TestOwnAuthority(t *testing.T) {
	a := newAuthority(t)
	s := a.secure(0, http.HandlerFunc(hello))
	_, _, err := reach(t, s.URL, sync.Network{})
	refused(t, err, app.CodeUnknownCA, "--ca")
	got, _, err := reach(t, s.URL, sync.Network{CA: a.pem()})
	if err != nil || got.Identity.Name == "" {
		t.Errorf("%+v %v", got, err)
	}
	_, _, err = reach(t, s.URL, sync.Network{CA: newAuthority(t).pem()})
	refused(t, err, app.CodeUnknownCA, "--ca")
	_, _, err = reach(t, s.URL, sync.Network{CA: []byte("not a certificate")})
	refused(t, err, app.CodeBadCA, "--ca")
	_, _, err = reach(t, strings.Replace(s.URL, "127.0.0.1", "localhost", 1), sync.Network{CA: a.pem()})
	refused(t, err, app.CodeCertName, "localhost")
}

func TestOlderTLSIsRefused(t *testing.T) {
	a := newAuthority(t)
	s := a.secure(tls.VersionTLS12, http.HandlerFunc(hello))
	_, _, err := reach(t, s.URL, sync.Network{CA: a.pem()})
	refused(t, err, app.CodeOldTLS, "TLS 1.3")
}

// TestSitesOfOthers are reached as they are, but not without a certificate that holds.
func TestSitesOfOthers(t *testing.T) {
	a := newAuthority(t)
	site := http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})
	old, plain := a.secure(tls.VersionTLS12, site), httptest.NewServer(site)
	defer plain.Close()
	for _, trust := range [][]byte{a.pem(), newAuthority(t).pem()} {
		way, err := sync.NewTransport(sync.Network{CA: trust, Proxy: sync.ProxyDirect, Now: time.Now})
		if err != nil {
			t.Fatal(err)
		}
		defer way.Close()
		for address, want := range map[string]bool{old.URL: bytes.Equal(trust, a.pem()), plain.URL: true} {
			reply, err := (&http.Client{Transport: way.Web()}).Head(address)
			if (err == nil) != want {
				t.Errorf("%s: %v", address, err)
			}
			if err == nil {
				_ = reply.Body.Close()
			}
		}
	}
}

func TestPlainAnswerOnASecureAddress(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(hello))
	defer s.Close()
	_, _, err := reach(t, strings.Replace(s.URL, "http:", "https:", 1), sync.Network{})
	refused(t, err, app.CodeServerAnswer, "HTTP")
}

// TestClockSetBack: a certificate issued an hour ago, on a machine that lives
// in last year.
func TestClockSetBack(t *testing.T) {
	a := newAuthority(t)
	s := a.secure(0, http.HandlerFunc(hello))
	lastYear := func() time.Time { return time.Now().AddDate(-1, 0, 0) }
	_, _, err := reach(t, s.URL, sync.Network{CA: a.pem(), Now: lastYear})
	refused(t, err, app.CodeCertTime, s.URL)
	_, transport, err := reach(t, s.URL, sync.Network{CA: a.pem(), Now: lastYear, Known: time.Now().Add(-time.Minute)})
	if err != nil {
		t.Fatal(err)
	}
	if told := transport.Known(); time.Since(told) > 30*time.Second {
		t.Errorf("the server's time was not learnt: %s", told)
	}
}

func TestPlainHTTPIsForLoopback(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(hello))
	defer s.Close()
	if _, transport, err := reach(t, s.URL, sync.Network{}); err != nil || !transport.Known().IsZero() {
		t.Errorf("%v; an unproven server told the time", err)
	}
	_, _, err := reach(t, "http://central.test", sync.Network{})
	refused(t, err, app.CodePlainHTTP, "https://")
	_, _, err = reach(t, "http://central.test", sync.Network{PlainHTTP: true, Proxy: s.URL})
	if err != nil {
		t.Error(err)
	}
	// Nor may a server lead a request off the encrypted way.
	a := newAuthority(t)
	leads := a.secure(0, http.RedirectHandler("http://central.test/", http.StatusTemporaryRedirect))
	_, _, err = reach(t, leads.URL, sync.Network{CA: a.pem()})
	refused(t, err, app.CodePlainHTTP, "https://")
}

// tunnel is a proxy that leads every CONNECT to one address.
func tunnel(t *testing.T, to string, used *atomic.Int64) *httptest.Server {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodConnect || r.Host != "central.test:443" {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		used.Add(1)
		far, err := net.Dial("tcp", to)
		if err != nil {
			t.Error(err)
			return
		}
		near, said, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		_, _ = io.WriteString(near, "HTTP/1.1 200 OK\r\n\r\n")
		go func() {
			_, _ = io.Copy(far, said) // what was read ahead, too
			_ = far.Close()
		}()
		_, _ = io.Copy(near, far)
		_ = near.Close()
	}))
	t.Cleanup(s.Close)
	return s
}

func TestProxy(t *testing.T) {
	a := newAuthority(t)
	s := a.secure(0, http.HandlerFunc(hello))
	var used atomic.Int64
	proxy := tunnel(t, s.Listener.Addr().String(), &used)
	if _, _, err := reach(t, "https://central.test", sync.Network{CA: a.pem(), Proxy: proxy.URL}); err != nil || used.Load() != 1 {
		t.Errorf("setting: %v, used %d times", err, used.Load())
	}
	t.Setenv("HTTPS_PROXY", proxy.URL)
	if _, _, err := reach(t, "https://central.test", sync.Network{CA: a.pem()}); err != nil || used.Load() != 2 {
		t.Errorf("environment: %v, used %d times", err, used.Load())
	}
	if _, _, err := reach(t, s.URL, sync.Network{CA: a.pem()}); err != nil || used.Load() != 2 {
		t.Errorf("loopback went through the proxy: %v", err)
	}
	if _, _, err := reach(t, "https://central.invalid", sync.Network{CA: a.pem(), Proxy: sync.ProxyDirect}); app.CodeOf(err) != app.CodeNoServer {
		t.Errorf("direct: %v", err)
	}
	_, _, err := reach(t, "https://elsewhere.test", sync.Network{CA: a.pem()})
	refused(t, err, app.CodeProxy, "403")
	proxy.Close()
	_, _, err = reach(t, "https://central.test", sync.Network{CA: a.pem()})
	refused(t, err, app.CodeProxy, "--proxy")
	_, _, err = reach(t, s.URL, sync.Network{Proxy: "user:secret@host"})
	if app.CodeOf(err) != app.CodeBadArgument || strings.Contains(err.Error(), "secret") {
		t.Errorf("got %v", err)
	}
}
