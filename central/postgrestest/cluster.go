package postgrestest

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// superuser is whom the program is run as where the test is run by root, which
// PostgreSQL refuses to work for; and who may do everything in the database.
const superuser = "postgres"

// patience is how long a server may take to start.
const patience = time.Minute

// Cluster is a running server with its data in a folder of its own. It listens
// on a socket in that folder only.
type Cluster struct {
	folder string
	bin    string
	made   atomic.Int64
}

// Start starts a server that ends with the test. Settings are «name=value» of
// postgresql.conf; «fsync=off» makes tests quicker and measurements lies. Where
// no server is installed the test is skipped.
func Start(t testing.TB, settings ...string) *Cluster {
	t.Helper()
	bin, ok := find()
	if !ok {
		t.Skip("no PostgreSQL server is installed: apt-get install postgresql")
	}
	// Not t.TempDir: the path of a socket has to be short.
	folder, err := os.MkdirTemp("", "otklik-pg-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(folder); err != nil {
			t.Error(err)
		}
	})
	if err := give(folder); err != nil {
		t.Fatal(err)
	}
	c := &Cluster{folder: folder, bin: bin}
	c.run(t, "initdb", "--no-sync", "--auth=trust", "--encoding=UTF8", "--locale=C", "--username="+superuser, "--pgdata="+c.data())
	c.start(t, settings)
	return c
}

func (c *Cluster) data() string { return filepath.Join(c.folder, "data") }

func (c *Cluster) start(t testing.TB, settings []string) {
	t.Helper()
	args := []string{"-D", c.data(), "-k", c.folder, "-c", "listen_addresses="}
	for _, s := range settings {
		args = append(args, "-c", s)
	}
	server := command(filepath.Join(c.bin, "postgres"), args...)
	log, err := os.Create(filepath.Join(c.folder, "log"))
	if err != nil {
		t.Fatal(err)
	}
	server.Stdout, server.Stderr = log, log
	if err := errors.Join(server.Start(), log.Close()); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Wait() }()
	t.Cleanup(func() {
		// SIGINT is a fast stop: whoever is still connected is sent away.
		if err := errors.Join(server.Process.Signal(os.Interrupt), <-ended); err != nil {
			t.Errorf("PostgreSQL ended with %v\n%s", err, c.log())
		}
	})
	for late := time.Now().Add(patience); ; time.Sleep(50 * time.Millisecond) {
		if command(filepath.Join(c.bin, "pg_isready"), "-q", "-h", c.folder).Run() == nil {
			return
		}
		if time.Now().After(late) {
			t.Fatalf("PostgreSQL does not start\n%s", c.log())
		}
	}
}

func (c *Cluster) log() []byte {
	text, _ := os.ReadFile(filepath.Join(c.folder, "log")) // only shown
	return text
}

// Database makes an empty database and gives its address.
func (c *Cluster) Database(t testing.TB) string {
	t.Helper()
	name := "otklik" + strconv.FormatInt(c.made.Add(1), 10)
	c.run(t, "createdb", "-h", c.folder, "-U", superuser, name)
	q := url.Values{"host": {c.folder}, "user": {superuser}}
	return "postgres:///" + name + "?" + q.Encode()
}

func (c *Cluster) run(t testing.TB, program string, args ...string) {
	t.Helper()
	if out, err := command(filepath.Join(c.bin, program), args...).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", program, err, out)
	}
}

// find looks for the programs of the newest server installed.
func find() (folder string, ok bool) {
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/postgres") // the pattern is known to be one
	slices.SortFunc(found, func(a, b string) int { return version(a) - version(b) })
	if n := len(found); n > 0 {
		return filepath.Dir(found[n-1]), true
	}
	path, err := exec.LookPath("postgres")
	return filepath.Dir(path), err == nil
}

func version(path string) int {
	n, _ := strconv.Atoi(strings.Split(path, "/")[4]) // what is no number is the oldest
	return n
}

// give makes the folder the superuser's where the test is run by root.
func give(folder string) error {
	if os.Geteuid() != 0 {
		return nil
	}
	u, err := user.Lookup(superuser)
	if err != nil {
		return err
	}
	uid, err := strconv.Atoi(u.Uid)
	if err != nil {
		return fmt.Errorf("uid of %s: %w", superuser, err)
	}
	gid, err := strconv.Atoi(u.Gid)
	if err != nil {
		return fmt.Errorf("gid of %s: %w", superuser, err)
	}
	return os.Chown(folder, uid, gid)
}

// command runs a program as somebody PostgreSQL works for. On Linux it does not
// outlive the test, however that ends.
func command(program string, args ...string) *exec.Cmd {
	setpriv, err := exec.LookPath("setpriv")
	if err == nil {
		as := []string{"--pdeathsig", "QUIT"}
		if os.Geteuid() == 0 {
			as = append(as, "--reuid", superuser, "--regid", superuser, "--init-groups")
		}
		program, args = setpriv, slices.Concat(as, []string{program}, args)
	}
	c := exec.Command(program, args...)
	c.Dir = os.TempDir() // one that everybody may stand in
	return c
}
