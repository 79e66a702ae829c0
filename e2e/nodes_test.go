package e2e

import (
	"io"
	"math/rand/v2"
	"net"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"otklik/central/postgrestest"
)

// balancer hands connections to whichever of its servers answers, in turn, and
// knows nothing of what goes over them.
type balancer struct {
	l    net.Listener
	to   []string
	next atomic.Uint32
	open sync.WaitGroup
}

func newBalancer(t testing.TB, to ...string) *balancer {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	b := &balancer{l: l, to: to}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			b.open.Go(func() { b.carry(c) })
		}
	}()
	t.Cleanup(func() { _ = l.Close() })
	return b
}

func (b *balancer) carry(c net.Conn) {
	defer c.Close()
	for range b.to {
		up, err := net.Dial("tcp", b.to[int(b.next.Add(1))%len(b.to)])
		if err != nil {
			continue
		}
		defer up.Close()
		ended := make(chan struct{}, 2)
		for _, way := range [][2]net.Conn{{c, up}, {up, c}} {
			go func() {
				_, _ = io.Copy(way[0], way[1]) // whichever way it ends, the other ends with it
				ended <- struct{}{}
			}()
		}
		<-ended
		return
	}
}

// TestOneOfTwoNodesIsKilled: two servers over one PostgreSQL, of which one is
// killed in turn, under writers and a live reader behind a balancer. Nothing
// acknowledged is lost, nothing is there twice, the feed is dense throughout.
func TestOneOfTwoNodesIsKilled(t *testing.T) {
	// The disk is asked to sync: a killed server must have committed what it
	// acknowledged.
	database := postgrestest.Start(t).Database(t)
	nodes := [2]*central{}
	for i := range nodes {
		nodes[i] = newCentral(t)
		nodes[i].data, nodes[i].postgres = "", database
		nodes[i].args = []string{"--rate-device", "0", "--rate-address", "0"}
	}
	var devices []*device
	b := newBalancer(t, nodes[0].address, nodes[1].address)
	for _, n := range nodes {
		n.start()
	}
	for range 9 {
		out, err := exec.Command(filepath.Join(bin, "otklik-central"), "enrol", "--postgres", database, "--name", "Оператор 2").Output()
		if err != nil {
			t.Fatal(err)
		}
		devices = append(devices, newDevice(t, "http://"+b.l.Addr().String(), strings.TrimSpace(string(out))))
	}
	l := startLoad(t, devices, 5, 0)
	for round := range 2 * rounds(t) {
		time.Sleep(100*time.Millisecond + rand.N(400*time.Millisecond))
		nodes[round%2].kill()
		time.Sleep(rand.N(300 * time.Millisecond))
		nodes[round%2].start()
	}
	l.end(l.issued)
	t.Logf("%d nodes killed, one at a time", 2*rounds(t))
}
