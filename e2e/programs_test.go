package e2e

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"otklik/app"
	"otklik/sync/wire"
)

// bin is where the programs under test are.
var bin string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "otklik-e2e")
	if err == nil {
		bin = dir
		err = errors.Join(ownPlaces(dir), build())
	}
	code := 1
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
	} else {
		code = m.Run()
	}
	_ = os.RemoveAll(dir)
	os.Exit(code)
}

// ownPlaces keeps the programs under test out of the keyring and the settings of
// whoever runs the tests.
func ownPlaces(dir string) error {
	return errors.Join(
		os.Setenv("DBUS_SESSION_BUS_ADDRESS", ""), os.Setenv("XDG_RUNTIME_DIR", ""),
		os.Setenv("XDG_CONFIG_HOME", filepath.Join(dir, "config")),
	)
}

func build() error {
	for name, pkg := range map[string]string{"otklik": "..", "otklik-central": "../cmd/otklik-central"} {
		out, err := exec.Command("go", "build", "-o", filepath.Join(bin, name), pkg).CombinedOutput()
		if err != nil {
			return fmt.Errorf("building %s: %w\n%s", name, err, out)
		}
	}
	return nil
}

// otklik runs a command without a window to its end.
func otklik(t testing.TB, args ...string) []byte {
	t.Helper()
	out, err := tryOtklik(args...)
	if err != nil {
		t.Fatalf("otklik %v: %v", args, err)
	}
	return out
}

func tryOtklik(args ...string) ([]byte, error) {
	cmd := exec.Command(filepath.Join(bin, "otklik"), args...)
	cmd.Env = append(os.Environ(), "DISPLAY=", "WAYLAND_DISPLAY=")
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		return stdout.Bytes(), fmt.Errorf("%w: %s", err, stderr.String())
	}
	return stdout.Bytes(), nil
}

// TestFailureIsOneLine asks it of the worst locale, about which the toolkit
// would complain before the program begins.
func TestFailureIsOneLine(t *testing.T) {
	for _, locale := range []string{"", "C", "POSIX", "C.UTF-8", "ru_RU.UTF-8"} {
		t.Setenv("LC_ALL", "")
		t.Setenv("LC_MESSAGES", "")
		t.Setenv("LANG", locale)
		_, err := tryOtklik("check", "--data", filepath.Join(t.TempDir(), "nowhere"))
		if err == nil || strings.Count(err.Error(), "\n") != 1 {
			t.Errorf("LANG=%q: %v", locale, err)
		}
	}
}

func printed[T any](t testing.TB, out []byte) (v T) {
	t.Helper()
	if err := json.Unmarshal(out, &v); err != nil {
		t.Fatalf("%v in %s", err, out)
	}
	return v
}

type checkReport struct {
	Appeals  int      `json:"appeals"`
	Pending  int      `json:"pending"`
	Refused  int      `json:"refused"`
	Problems []string `json:"problems"`
}

// check proves the store sound.
func check(t testing.TB, data string) checkReport {
	t.Helper()
	r := printed[checkReport](t, otklik(t, "check", "--json", "--data", data))
	for _, p := range r.Problems {
		t.Error(p)
	}
	return r
}

// central is the server under test; it may be killed and started again on the
// same data and address.
type central struct {
	t        testing.TB
	data     string
	postgres string // URL of a database instead
	address  string
	cmd      *exec.Cmd
	args     []string // of serve, beside those that name data and address
}

func newCentral(t testing.TB) *central {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c := &central{t: t, data: t.TempDir(), address: l.Addr().String()}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.kill)
	return c
}

func (c *central) url() string { return "http://" + c.address }

// code gives a one-time code.
func (c *central) code(name string) string {
	c.t.Helper()
	out, err := exec.Command(filepath.Join(bin, "otklik-central"), "enrol", "--data", c.data, "--postgres", c.postgres, "--name", name,
		"--roles", "operator,curator,coordinator,approver").Output()
	if err != nil {
		c.t.Fatalf("enrol: %v", err)
	}
	return strings.TrimSpace(string(out))
}

func (c *central) start() {
	c.t.Helper()
	c.cmd = exec.Command(filepath.Join(bin, "otklik-central"), append([]string{"serve", "--data", c.data, "--postgres", c.postgres, "--listen", c.address}, c.args...)...)
	if err := c.cmd.Start(); err != nil {
		c.t.Fatal(err)
	}
	eventually(c.t, 20*time.Second, "the server answers", func() bool {
		resp, err := http.Get(c.url() + wire.PathHealth)
		if err != nil {
			return false
		}
		_ = resp.Body.Close()
		return resp.StatusCode == http.StatusOK
	})
}

// sound proves the server's file: a backup is checked page by page.
func (c *central) sound() {
	c.t.Helper()
	c.backup(filepath.Join(c.t.TempDir(), "sound.db"))
}

func (c *central) backup(to string) {
	c.t.Helper()
	if out, err := exec.Command(filepath.Join(bin, "otklik-central"), "backup", "--data", c.data, "--to", to).CombinedOutput(); err != nil {
		c.t.Fatalf("backup: %v: %s", err, out)
	}
}

// kill is kill -9.
func (c *central) kill() {
	if c.cmd == nil {
		return
	}
	_ = c.cmd.Process.Signal(syscall.SIGKILL)
	_ = c.cmd.Wait() // killed, and says so
	c.cmd = nil
}

func eventually(t testing.TB, limit time.Duration, what string, f func() bool) {
	t.Helper()
	for end := time.Now().Add(limit); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if f() {
			return
		}
	}
	t.Fatalf("in %v it did not come true that %s", limit, what)
}

// observer is another device, speaking the published contract by itself.
type observer struct {
	t     testing.TB
	url   string
	token string
}

func observe(t testing.TB, url, code string) *observer {
	t.Helper()
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	o := &observer{t: t, url: url}
	enrolled := post[wire.EnrolReply](o, wire.PathEnrol, wire.EnrolRequest{Code: code, PublicKey: public, DeviceName: "observer"})
	nonce := make([]byte, 16)
	if _, err := rand.Read(nonce); err != nil {
		t.Fatal(err)
	}
	r := wire.TokenRequest{Device: enrolled.Device, At: time.Now().UTC().Format(time.RFC3339), Nonce: hex.EncodeToString(nonce)}
	r.Signature = ed25519.Sign(private, r.Message())
	o.token = post[wire.TokenReply](o, wire.PathToken, r).Token
	return o
}

func post[T any](o *observer, path string, body any) (reply T) {
	o.t.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		o.t.Fatal(err)
	}
	resp, err := http.Post(o.url+path, wire.TypeJSON, bytes.NewReader(raw))
	if err != nil {
		o.t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode == http.StatusOK {
		err = json.Unmarshal(text, &reply)
	}
	if err != nil || resp.StatusCode != http.StatusOK {
		o.t.Fatalf("%s: %d %s %v", path, resp.StatusCode, text, err)
	}
	return reply
}

// appeal gives what the server holds.
func (o *observer) appeal(id string) (app.Appeal, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, o.url+wire.PathAppeals+id, nil)
	if err != nil {
		return app.Appeal{}, err
	}
	req.Header.Set("Authorization", "Bearer "+o.token)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return app.Appeal{}, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return app.Appeal{}, errors.New(resp.Status)
	}
	var a app.Appeal
	return a, json.NewDecoder(resp.Body).Decode(&a)
}

// ids lists the appeals of the server by following the feed from its start.
func (o *observer) ids() map[string]int {
	o.t.Helper()
	out, cursor := map[string]int{}, ""
	for {
		req, err := http.NewRequest(http.MethodGet, o.url+wire.PathChanges+"?limit=1000&after="+cursor, nil)
		if err != nil {
			o.t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer "+o.token)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			o.t.Fatal(err)
		}
		lines := json.NewDecoder(resp.Body)
		got := 0
		for {
			var line struct {
				app.Change
				wire.End
			}
			if err := lines.Decode(&line); err != nil {
				o.t.Fatal(err)
			}
			if line.Next != "" {
				cursor = line.Next
				break
			}
			got++
			if line.Kind == app.OpCreate && line.Verdict == app.VerdictApplied {
				out[line.Change.Ent]++
			}
		}
		_ = resp.Body.Close()
		if got == 0 {
			return out
		}
	}
}

// table writes a table of appeals, numbered from first, that the import knows.
func table(t testing.TB, first, rows int) string {
	t.Helper()
	var b strings.Builder
	b.WriteString("id,text,category,theme,executor\n")
	for i := first; i < first+rows; i++ {
		fmt.Fprintf(&b, "%d,\"Яма у дома %d, улица Ленина. Прошу заделать.\",Дороги,Ямы и выбоины,УЖКХ\n", i, i)
	}
	name := filepath.Join(t.TempDir(), "appeals.csv")
	if err := os.WriteFile(name, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// rounds is how often an accident is repeated.
func rounds(t testing.TB) int {
	t.Helper()
	s := os.Getenv("OTKLIK_KILLS")
	if s == "" {
		return 5
	}
	n, err := strconv.Atoi(s)
	if err != nil {
		t.Fatal(err)
	}
	return n
}
