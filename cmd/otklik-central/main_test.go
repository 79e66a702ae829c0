package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"otklik/app"
	"otklik/central"
	"otklik/sync/wire"
)

var moment = time.Date(2026, 7, 15, 9, 0, 0, 0, time.UTC)

func clock() time.Time { return moment }

func TestEnrolPrintsACode(t *testing.T) {
	var out bytes.Buffer
	args := []string{"enrol", "--data", t.TempDir(), "--name", "Оператор 2", "--roles", "operator, curator"}
	if err := run(t.Context(), args, &out, io.Discard, clock); err != nil {
		t.Fatal(err)
	}
	if !regexp.MustCompile(`^([0-9A-Z]{4}-){2}[0-9A-Z]{4}\n$`).MatchString(out.String()) {
		t.Errorf("printed %q", out.String())
	}
}

func TestFailuresAreOneClearLine(t *testing.T) {
	t.Setenv(envPostgres, "")
	folder := t.TempDir()
	storage, _, err := open(t.Context(), place{data: folder}, optionsFor(io.Discard))
	if err != nil {
		t.Fatal(err)
	}
	defer storage.Close()
	for say, args := range map[string][]string{
		"say what to do":      nil,
		"is not known":        {"dance"},
		"--data is missing":   {"enrol", "--name", "Оператор 2"},
		"name one of":         {"serve", "--data", folder, "--postgres", "postgres://"},
		"connect to the":      {"revoke", "--postgres", "postgres:///absent?host=" + folder},
		"a name is missing":   {"enrol", "--data", folder},
		"is not a role":       {"enrol", "--data", folder, "--name", "Оператор 2", "--roles", "king"},
		"another process has": {"serve", "--data", folder},
		"make the data":       {"serve", "--data", filepath.Join(folder, fileName, "below")},
	} {
		err := run(t.Context(), args, io.Discard, io.Discard, clock)
		if err == nil || !strings.Contains(sentence(err), say) || strings.Contains(sentence(err), "\n") {
			t.Errorf("%v: %v", args, err)
		}
	}
}

// logged passes every line of the log on.
type logged chan string

func (l logged) Write(b []byte) (int, error) {
	l <- string(b)
	return len(b), nil
}

// running is a server a test has started.
type running struct {
	address string // of the API
	metrics string // of the metrics, "" where none were asked for
	log     logged // what it has said since
	stop    func() error
}

// start serves the data folder until stop.
func start(t *testing.T, data string, args ...string) *running {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	log, ended := make(logged, 1000), make(chan error, 1)
	args = append([]string{"serve", "--data", data, "--listen", "127.0.0.1:0"}, args...)
	go func() { ended <- run(ctx, args, io.Discard, log, clock) }()
	r := &running{log: log}
	r.stop = sync.OnceValue(func() error {
		cancel()
		return <-ended
	})
	t.Cleanup(func() {
		if err := r.stop(); err != nil {
			t.Errorf("stopped with %v", err)
		}
	})
	for r.address == "" {
		select {
		case l := <-log:
			var line struct{ Msg, Address string }
			if err := json.Unmarshal([]byte(l), &line); err != nil {
				t.Fatalf("%q: %v", l, err)
			}
			switch line.Msg {
			case "metrics":
				r.metrics = line.Address
			case "listening":
				r.address = line.Address
			}
		case err := <-ended:
			t.Fatal(err)
		}
	}
	return r
}

func TestServeAnswersAndStops(t *testing.T) {
	r := start(t, t.TempDir(), "--enrol-code", "ABCD-EFGH", "--enrol-name", "Оператор 2", "--metrics", "127.0.0.1:0")
	body := app.Encode(wire.EnrolRequest{Code: "abcdefgh", PublicKey: make([]byte, 32), DeviceName: "АРМ"})
	reply, err := http.Post("http://"+r.address+wire.PathEnrol, wire.TypeJSON, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer reply.Body.Close()
	var enrolled wire.EnrolReply
	if err := json.NewDecoder(reply.Body).Decode(&enrolled); err != nil || enrolled.Identity.Name != "Оператор 2" {
		t.Errorf("%d %+v %v", reply.StatusCode, enrolled, err)
	}
	told, err := http.Get("http://" + r.metrics + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer told.Body.Close()
	text, err := io.ReadAll(told.Body)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`otklik_requests_total{code="200",route="POST /v1/enrol"} 1`, "otklik_feed_head 0", "otklik_waiting 0",
		`otklik_request_seconds_count{route="POST /v1/enrol"} 1`,
	} {
		if !bytes.Contains(text, []byte(want)) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}

// TestServeSpeaksTLS13 also refuses half of a certificate.
func TestServeSpeaksTLS13(t *testing.T) {
	cert, key := certificate(t)
	r := start(t, t.TempDir(), "--tls-cert", cert, "--tls-key", key)
	for most, want := range map[uint16]bool{0: true, tls.VersionTLS12: false} {
		c := http.Client{Transport: &http.Transport{
			TLSClientConfig: &tls.Config{InsecureSkipVerify: true, MaxVersion: most}, ForceAttemptHTTP2: true,
		}}
		reply, err := c.Get("https://" + r.address + wire.PathMeta)
		if (err == nil) != want {
			t.Errorf("up to %x: %v", most, err)
		}
		if err == nil {
			reply.Body.Close()
			if reply.ProtoMajor != 2 {
				t.Errorf("spoken: %s", reply.Proto)
			}
		}
		c.CloseIdleConnections()
	}
	err := run(t.Context(), []string{"serve", "--data", t.TempDir(), "--tls-cert", cert}, io.Discard, io.Discard, clock)
	if err == nil || !strings.Contains(err.Error(), "go together") {
		t.Errorf("half of a certificate: %v", err)
	}
}

// certificate writes a certificate for loopback and its key.
func certificate(t *testing.T) (cert, key string) {
	t.Helper()
	s := httptest.NewUnstartedServer(nil)
	s.StartTLS()
	defer s.Close()
	pair := s.TLS.Certificates[0]
	der, err := x509.MarshalPKCS8PrivateKey(pair.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	cert, key = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	for path, block := range map[string]*pem.Block{
		cert: {Type: "CERTIFICATE", Bytes: pair.Certificate[0]}, key: {Type: "PRIVATE KEY", Bytes: der},
	} {
		if err := os.WriteFile(path, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return cert, key
}

func TestSampleIsWrittenOnce(t *testing.T) {
	storage, _, err := open(t.Context(), place{data: t.TempDir()}, optionsFor(io.Discard))
	if err != nil {
		t.Fatal(err)
	}
	defer storage.Close()
	var log bytes.Buffer
	for range 2 {
		if err := seed(t.Context(), storage, moment, slog.New(slog.NewJSONHandler(&log, nil))); err != nil {
			t.Fatal(err)
		}
	}
	if n := strings.Count(log.String(), "sample content"); n != 1 {
		t.Errorf("written %d times", n)
	}
}

func optionsFor(logs io.Writer) central.Options {
	return central.Options{Log: slog.New(slog.NewJSONHandler(logs, nil)), Now: clock}
}
