package e2e

import (
	"bytes"
	"encoding/binary"
	"io"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// withholding stands between a server and PostgreSQL. Told to, it keeps back the word
// that a transaction is committed: the database has it on disk, and whoever waits for
// the commit does not get on. That is a moment a test can kill him in for certain.
type withholding struct {
	address string // for the server
	socket  string // of the database

	mu        sync.Mutex
	with      []byte        // keeps back the commit of the first transaction that has these bytes; nil: of none
	committed chan struct{} // closed when it does
}

func newWithholding(t *testing.T, database string) *withholding {
	t.Helper()
	u, err := url.Parse(database)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	const name = ".s.PGSQL.5432"
	dir, err := os.MkdirTemp("", "otklik-pg-") // t.TempDir: the path of a socket has to be short
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("unix", filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = l.Close()
		_ = os.RemoveAll(dir)
	})
	p := &withholding{socket: filepath.Join(q.Get("host"), name)}
	q.Set("host", dir)
	u.RawQuery = q.Encode()
	p.address = u.String()
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go p.carry(c)
		}
	}()
	return p
}

// next keeps back the commit of the next transaction that writes and has the words in
// it; the channel is closed when the database has committed it.
func (p *withholding) next(words string) <-chan struct{} {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.with, p.committed = []byte(words), make(chan struct{})
	return p.committed
}

// due says whether this transaction is the one, which it is once.
func (p *withholding) due(said []byte) chan struct{} {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.with == nil || !bytes.Contains(said, p.with) || bytes.Contains(said, []byte("read only")) {
		return nil
	}
	p.with = nil
	return p.committed
}

func (p *withholding) carry(client net.Conn) {
	defer client.Close()
	database, err := net.Dial("unix", p.socket)
	if err != nil {
		return
	}
	defer database.Close()
	keeps := make(chan chan struct{}, 1) // told when the next commit of the connection is kept back
	go func() {
		defer client.Close()
		for {
			m, err := message(database, true)
			if err != nil {
				return
			}
			if bytes.HasPrefix(m[1:], []byte("\x00\x00\x00\x0bCOMMIT")) && m[0] == 'C' {
				select {
				case committed := <-keeps:
					close(committed)
					return // and nobody hears of it: the connection is as good as gone
				default:
				}
			}
			if _, err := client.Write(m); err != nil {
				return
			}
		}
	}()
	var said []byte
	for first := true; ; first = false {
		m, err := message(client, !first)
		if err != nil {
			return
		}
		said = append(said, m...)
		if m[0] == 'Q' && strings.HasPrefix(strings.ToLower(string(m[5:])), "commit") {
			if committed := p.due(said); committed != nil {
				keeps <- committed
			}
			said = nil
		}
		if _, err := database.Write(m); err != nil {
			return
		}
	}
}

// message reads one of PostgreSQL's protocol; only the first has no type.
func message(r io.Reader, typed bool) ([]byte, error) {
	head := make([]byte, 4, 64)
	at := 0
	if typed {
		head, at = append(head, 0), 1
	}
	if _, err := io.ReadFull(r, head); err != nil {
		return nil, err
	}
	m := append(head, make([]byte, int(binary.BigEndian.Uint32(head[at:]))-4)...)
	_, err := io.ReadFull(r, m[len(head):])
	return m, err
}
