package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	exchange "otklik/sync"
)

// Of the measurement on the slow link.
const (
	slowDocuments = 2000
	slowEdits     = 30
	slowPause     = 1500 * time.Millisecond // between edits, so that each is one of its own
	idleExchanges = 10
)

// asking counts requests.
type asking struct {
	http.RoundTripper
	requests atomic.Int64
}

// RoundTrip implements http.RoundTripper.
func (a *asking) RoundTrip(r *http.Request) (*http.Response, error) {
	a.requests.Add(1)
	return a.RoundTripper.RoundTrip(r)
}

// idle is what exchanges without news cost, of each.
type idle struct {
	requests, connections, up, down float64
	ms                              float64
}

func slow(args []string) error {
	n := slowDocuments
	if len(args) > 2 {
		var err error
		if n, err = strconv.Atoi(args[2]); err != nil {
			return err
		}
	}
	ours, none, err := measureSlow(args[0], n)
	if err != nil {
		return err
	}
	peer, err := peerSlow(args[1], n)
	if err != nil {
		return fmt.Errorf("peer: %w", err)
	}
	fmt.Printf("%d ms and %d KiB/s either way, by toxiproxy: a round trip takes %d ms. %d documents of about 340 bytes; %d edits. ", linkLatency, linkRate, 2*linkLatency, n, slowEdits)
	fmt.Println("Ours is encrypted (TLS 1.3, HTTP/2) and authenticates, the peer does neither.")
	fmt.Println()
	fmt.Println("| | otklik | PouchDB 9 / express-pouchdb 4.2 | ratio |")
	fmt.Println("|---|---|---|---|")
	fmt.Printf("| pushed a second | %.0f | %.0f | %.2f |\n", ours.Push, peer.Push, ours.Push/peer.Push)
	fmt.Printf("| pulled a second | %.0f | %.0f | %.2f |\n", ours.Pull, peer.Pull, ours.Pull/peer.Pull)
	fmt.Printf("| an edit is seen after, ms (median) | %.0f | %.0f | %.2f |\n", ours.Edit, peer.Edit, ours.Edit/peer.Edit)
	fmt.Printf("| an edit is seen after, ms (95th percentile) | %.0f | %.0f | %.2f |\n", ours.Late, peer.Late, ours.Late/peer.Late)
	fmt.Println()
	fmt.Printf("An exchange without news: %.1f requests, %.1f new connections, %.0f bytes up and %.0f down, %.0f ms (%.2f round trips), the mean of %d.\n",
		none.requests, none.connections, none.up, none.down, none.ms, none.ms/(2*linkLatency), idleExchanges)
	return nil
}

func measureSlow(central string, n int) (f figures, none idle, err error) {
	folder, err := os.MkdirTemp("", "otklik-slow-")
	if err != nil {
		return f, none, err
	}
	defer os.RemoveAll(folder)
	cert, key, ca, err := certificate(folder)
	if err != nil {
		return f, none, err
	}
	address, stop, err := serve(central, filepath.Join(folder, "central"), "--tls-cert", cert, "--tls-key", key)
	if err != nil {
		return f, none, err
	}
	defer stop()
	var stations [2]*station
	var asked [2]asking
	var wires [2]*counted
	for i := range stations {
		link, cut, err := slowLink(strings.TrimPrefix(address, "http://"))
		if err != nil {
			return f, none, err
		}
		defer cut()
		if wires[i], cut, err = count(link); err != nil {
			return f, none, err
		}
		defer cut()
		way, err := exchange.NewTransport(exchange.Network{CA: ca, Proxy: exchange.ProxyDirect, Now: time.Now})
		if err != nil {
			return f, none, err
		}
		defer way.Close()
		asked[i].RoundTripper = way
		stations[i], err = open(filepath.Join(folder, strconv.Itoa(i)+".db"), "https://"+wires[i].address, "CODE-000"+strconv.Itoa(i+1), &asked[i])
		if err != nil {
			return f, none, err
		}
		defer stations[i].store.Close()
	}
	one, two := stations[0], stations[1]
	if err := one.fill(n); err != nil {
		return f, none, err
	}
	if f.Push, err = one.rate(n); err != nil {
		return f, none, err
	}
	if f.Pull, err = two.rate(n); err != nil {
		return f, none, err
	}
	if none, err = two.idle(&asked[1], wires[1]); err != nil {
		return f, none, err
	}
	f.Edit, f.Late, err = latency(one, two, slowEdits, slowPause)
	return f, none, err
}

// idle makes exchanges that bring nothing and gives what each costs.
func (s *station) idle(asked *asking, wire *counted) (idle, error) {
	requests, connections, up, down := asked.requests.Load(), wire.connections.Load(), wire.up.Load(), wire.down.Load()
	began := time.Now()
	for range idleExchanges {
		if pause := s.engine.Step(context.Background(), 0); pause > 0 {
			return idle{}, fmt.Errorf("an exchange failed: %+v", s.engine.State())
		}
	}
	took := time.Since(began)
	mean := func(after *atomic.Int64, before int64) float64 { return float64(after.Load()-before) / idleExchanges }
	return idle{
		mean(&asked.requests, requests), mean(&wire.connections, connections), mean(&wire.up, up), mean(&wire.down, down),
		took.Seconds() * 1000 / idleExchanges,
	}, nil
}

// peerSlow measures the peer through an equal link.
func peerSlow(folder string, n int) (f figures, err error) {
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return f, err
	}
	server := free.Addr().String()
	if err := free.Close(); err != nil {
		return f, err
	}
	link, cut, err := slowLink(server)
	if err != nil {
		return f, err
	}
	defer cut()
	port := func(address string) string { return address[strings.LastIndexByte(address, ':')+1:] }
	cmd := exec.Command("node", "peer.js", strconv.Itoa(n), strconv.Itoa(slowEdits), port(server), port(link), strconv.Itoa(int(slowPause/time.Millisecond)))
	cmd.Dir, cmd.Stderr = folder, os.Stderr
	out, err := cmd.Output()
	if err == nil {
		err = json.Unmarshal(out, &f)
	}
	return f, err
}
