// Command exchange measures the exchange beside PouchDB and express-pouchdb:
// documents pushed and pulled a second, and the time until an edit is seen by
// another client. Server and client are two processes on loopback on either
// side; ours authenticates, judges every operation and indexes every word.
//
//	exchange CENTRAL-BINARY POUCH-FOLDER [DOCUMENTS]
//	exchange slow CENTRAL-BINARY POUCH-FOLDER [DOCUMENTS]
//
// slow measures the same through a slow link of 300 ms and 64 KiB/s either way, and
// what an exchange costs there that brings nothing.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/oklog/ulid/v2"

	"otklik/app"
	"otklik/assets"
	"otklik/seal"
	"otklik/store"
	exchange "otklik/sync"
)

const (
	edits  = 50
	rounds = 5
)

// figures of one side.
type figures struct {
	Push float64 `json:"push"` // documents a second
	Pull float64 `json:"pull"`
	Edit float64 `json:"edit_ms"` // median
	Late float64 `json:"late_ms"` // 95th percentile of the same
}

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if args[0] == "slow" {
		return slow(args[1:])
	}
	n := 20000
	if len(args) > 2 {
		var err error
		if n, err = strconv.Atoi(args[2]); err != nil {
			return err
		}
	}
	// In turn, so that what else the machine does falls on both.
	var ours, peers []figures
	for range rounds {
		o, err := measure(args[0], n)
		if err != nil {
			return err
		}
		p, err := measurePeer(args[1], n)
		if err != nil {
			return err
		}
		ours, peers = append(ours, o), append(peers, p)
	}
	fmt.Printf("%d documents of about 340 bytes, medians of %d runs of each side in turn; edits: median of %d in a run.\n\n", n, rounds, edits)
	fmt.Println("| | otklik | PouchDB 9 / express-pouchdb 4.2 | ratio | ratios of the runs |")
	fmt.Println("|---|---|---|---|---|")
	for _, line := range []struct {
		name string
		of   func(figures) float64
	}{
		{"pushed a second", func(f figures) float64 { return f.Push }},
		{"pulled a second", func(f figures) float64 { return f.Pull }},
		{"an edit is seen after, ms", func(f figures) float64 { return f.Edit }},
	} {
		var o, p, r []float64
		for i := range ours {
			o, p = append(o, line.of(ours[i])), append(p, line.of(peers[i]))
			r = append(r, o[i]/p[i])
		}
		slices.Sort(r)
		fmt.Printf("| %s | %.1f | %.1f | %.2f | %.2f–%.2f |\n", line.name, median(o), median(p), median(o)/median(p), r[0], r[len(r)-1])
	}
	return nil
}

func measurePeer(folder string, n int) (f figures, err error) {
	cmd := exec.Command("node", "peer.js", strconv.Itoa(n), strconv.Itoa(edits))
	cmd.Dir, cmd.Stderr = folder, os.Stderr
	out, err := cmd.Output()
	if err == nil {
		err = json.Unmarshal(out, &f)
	}
	if err != nil {
		return f, fmt.Errorf("peer: %w", err)
	}
	return f, nil
}

func median(all []float64) float64 {
	return slices.Sorted(slices.Values(all))[len(all)/2]
}

func measure(central string, n int) (f figures, err error) {
	folder, err := os.MkdirTemp("", "otklik-exchange-")
	if err != nil {
		return f, err
	}
	defer os.RemoveAll(folder)
	address, stop, err := serve(central, filepath.Join(folder, "central"))
	if err != nil {
		return f, err
	}
	defer stop()
	one, err := open(filepath.Join(folder, "one.db"), address, "CODE-0001", nil)
	if err != nil {
		return f, err
	}
	defer one.store.Close()
	two, err := open(filepath.Join(folder, "two.db"), address, "CODE-0002", nil)
	if err != nil {
		return f, err
	}
	defer two.store.Close()
	if err := one.fill(n); err != nil {
		return f, err
	}
	if f.Push, err = one.rate(n); err != nil {
		return f, err
	}
	if f.Pull, err = two.rate(n); err != nil {
		return f, err
	}
	f.Edit, f.Late, err = latency(one, two, edits, 50*time.Millisecond)
	return f, err
}

// serve starts the server on a free port with two codes; args follow those that
// name data and address.
func serve(central, data string, args ...string) (address string, stop func(), err error) {
	for _, code := range []string{"CODE-0001", "CODE-0002"} {
		cmd := exec.Command(central, append([]string{"serve", "--data", data, "--listen", "127.0.0.1:0", "--enrol-code", code}, args...)...)
		logs, err := cmd.StderrPipe()
		if err != nil {
			return "", nil, err
		}
		if err := cmd.Start(); err != nil {
			return "", nil, err
		}
		stop = func() {
			_ = cmd.Process.Signal(os.Interrupt)
			_ = cmd.Wait()
		}
		lines := bufio.NewScanner(logs)
		for lines.Scan() {
			var l struct{ Msg, Address string }
			if json.Unmarshal(lines.Bytes(), &l) == nil && l.Msg == "listening" {
				address = "http://" + l.Address
				break
			}
		}
		if code == "CODE-0002" {
			go func() {
				for lines.Scan() { // or the server would block on its log
				}
			}()
			return address, stop, nil
		}
		stop()
	}
	return "", nil, fmt.Errorf("unreachable")
}

// station is a workstation without a window.
type station struct {
	store  *store.Store
	desk   *app.Desk
	engine *exchange.Engine
}

// open makes a workstation of the server; a nil way is the usual one.
func open(path, address, code string, way http.RoundTripper) (*station, error) {
	region, terms, err := assets.Region()
	if err != nil {
		return nil, err
	}
	box, err := seal.NewBox(make([]byte, seal.KeyLen))
	if err != nil {
		return nil, err
	}
	s, err := store.Open(path, box, terms)
	if err != nil {
		return nil, err
	}
	device, err := exchange.EnrolOver(context.Background(), way, address, code, "bench")
	if err != nil {
		return nil, err
	}
	err = s.SaveDevice(store.Device{Server: address, ID: device.Device, Inc: 1, Key: device.Key, Identity: device.Identity})
	if err != nil {
		return nil, err
	}
	now := time.Now
	desk := app.NewDesk(app.Outside{
		Store: s, Region: region, Terms: terms, Me: device.Identity, Now: now,
		NewID: func() string { return ulid.Make().String() },
	})
	engine := exchange.New(exchange.Options{Store: s, Device: device, Now: now, Transport: way})
	return &station{s, desk, engine}, nil
}

// fill writes n appeals that wait to be sent.
func (s *station) fill(n int) error {
	text := strings.Repeat("Third day the pit at the crossing is not mended, a wheel was broken yesterday. ", 3)[:180]
	for from := 0; from < n; from += 1000 {
		ops := make([]app.Op, 0, 1000)
		for range min(1000, n-from) {
			id, now := ulid.Make().String(), time.Now().UTC()
			a := app.Appeal{
				ID: id, Kind: app.KindIncident, Source: app.SourceVK, Status: app.StatusNew, Text: text,
				Events: []app.Event{{ID: ulid.Make().String(), Type: app.EventDetected, At: now}},
			}
			ops = append(ops, app.Op{ID: id, Ent: id, Kind: app.OpCreate, At: now, Schema: app.Schema, Payload: app.Encode(a)})
		}
		if err := s.store.Perform(ops); err != nil {
			return err
		}
	}
	return nil
}

// rate exchanges until everything is there and gives documents a second.
func (s *station) rate(n int) (float64, error) {
	began := time.Now()
	state, err := s.engine.Once(context.Background())
	took := time.Since(began)
	if err == nil && (state.Pending > 0 || state.Cursor < uint64(n)) {
		err = fmt.Errorf("not everything was exchanged: %+v", state)
	}
	return float64(n) / took.Seconds(), err
}

// latency is the time from an action on one to its being in the other's store,
// both following the feed: the median of so many and their 95th percentile.
func latency(one, two *station, edits int, pause time.Duration) (median, late float64, err error) {
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	defer running.Wait()
	defer cancel()
	for _, s := range []*station{one, two} {
		running.Go(func() { s.engine.Run(ctx) })
	}
	one.desk.Subscribe(func(c app.Changed) {
		if c.Outbox && !c.Exchange {
			one.engine.Wake()
		}
	})
	arrived := make(chan struct{}, 100)
	two.desk.Subscribe(func(c app.Changed) {
		if c.Appeals {
			arrived <- struct{}{}
		}
	})
	time.Sleep(3 * time.Second)
	times := make([]float64, 0, edits)
	for range edits {
		began := time.Now()
		if _, err := one.desk.Create(app.Appeal{Kind: app.KindIncident, Source: app.SourceVK, Text: "edit"}); err != nil {
			return 0, 0, err
		}
		select {
		case <-arrived:
		case <-time.After(20 * time.Second):
			return 0, 0, fmt.Errorf("an edit never arrived")
		}
		times = append(times, float64(time.Since(began))/float64(time.Millisecond))
		time.Sleep(pause)
	}
	slices.Sort(times)
	return times[len(times)/2], times[len(times)*95/100], nil
}
