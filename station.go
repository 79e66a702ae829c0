package main

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"path/filepath"
	"reflect"
	"sync"
	"sync/atomic"
	"time"

	"github.com/oklog/ulid/v2"

	"otklik/app"
	"otklik/assets"
	"otklik/clock"
	"otklik/keys"
	"otklik/links"
	"otklik/seal"
	"otklik/store"
	exchange "otklik/sync"
	"otklik/topics"
)

// serverDemo stands for the central API this program starts in its own process.
const serverDemo = "demo"

// station is an opened workstation: the store, the desk over it and, once
// connected, the exchange.
type station struct {
	in    *invocation
	store *store.Store
	desk  *app.Desk
	link  *link
	demo  *demoServer // nil with a real server
	way   *exchange.Transport
	links *links.Opener
	keys  keys.Keeper
	vault *seal.Vault
	wiped atomic.Bool // nothing that is kept can be read any more
	time  *app.Timekeeper
	// adviser finds topics and learns what appeals look like.
	adviser *topics.Adviser

	enrolled chan struct{} // of one slot: enrolled again after being revoked, or after working alone
	damaged  chan struct{} // of one slot: the database was found damaged
	work     sync.WaitGroup
	cancel   context.CancelFunc
}

// openStation opens the data folder, asking for a passphrase where one was set.
func openStation(in *invocation) (*station, error) {
	keeper := keys.Open(in.data)
	vault, err := in.openVault(keeper)
	if err != nil {
		return nil, err
	}
	crash, err := watchCrashes(in.data)
	if err != nil {
		return nil, err
	}
	if crash != "" {
		fmt.Fprintf(in.errOut, "%s. %s\n", in.text.T("crash.title"), in.text.T("crash.file", crash))
	}
	passphrase, err := in.passphrase(vault)
	if err != nil {
		return nil, err
	}
	return in.open(keeper, vault, passphrase)
}

// open opens the data folder with the passphrase of its vault.
func (in *invocation) open(keeper keys.Keeper, vault *seal.Vault, passphrase string) (*station, error) {
	region, terms, err := assets.Region()
	if err != nil {
		return nil, err
	}
	box, err := vault.Open(passphrase)
	if err != nil {
		return nil, err
	}
	clocks := app.NewTimekeeper(clock.Now, builtAt())
	damaged := make(chan struct{}, 1)
	s, err := store.OpenWith(in.dbPath(), box, terms, store.Options{Time: clocks, Damaged: func() {
		select {
		case damaged <- struct{}{}:
		default: // it is told already
		}
	}})
	if err != nil {
		return nil, err
	}
	_ = s.ForgetShown() // what a crash left; the end of the program tries again
	device, _, err := s.Device()
	if err != nil {
		return nil, err
	}
	adviser, opener := &topics.Adviser{}, links.New()
	desk := app.NewDesk(app.Outside{
		Adviser: adviser, Opener: opener,
		Store: s, Region: region, Terms: terms, Me: device.Identity,
		Now:   func() time.Time { return clocks.Now().In(region.Location()) },
		NewID: func() string { return ulid.Make().String() },
	})
	if device.Revoked {
		desk.Lock()
	}
	st := &station{
		in: in, store: s, desk: desk, time: clocks, link: &link{}, keys: keeper, vault: vault, adviser: adviser, links: opener,
		enrolled: make(chan struct{}, 1), damaged: damaged,
	}
	st.tellRecovery()
	return st, nil
}

// index indexes the words of appeals where that is to be done; it may be stopped.
func (st *station) index(ctx context.Context) error {
	if !st.store.NeedsReindex() {
		return nil
	}
	return st.store.Reindex(ctx, nil)
}

// reckon reckons due moments anew whenever other tables of the region are in force,
// and goes on with what was stopped before.
func (st *station) reckon(ctx context.Context) {
	other := make(chan struct{}, 1)
	defer st.desk.Subscribe(func(c app.Changed) {
		if c.Tables {
			select {
			case other <- struct{}{}:
			default: // it is told already
			}
		}
	})()
	for ctx.Err() == nil {
		again := time.Minute
		if err := st.store.Reckon(ctx); err == nil {
			again = 24 * time.Hour
		} // a full disk is told by whatever is written next
		select {
		case <-ctx.Done():
		case <-other:
		case <-time.After(again):
		}
	}
}

// connect makes this workstation known to its server where it is not yet, and
// readies the exchange.
func (st *station) connect(ctx context.Context) (*exchange.Engine, error) {
	device, known, err := st.store.Device()
	if err != nil {
		return nil, err
	}
	server := st.in.server
	switch {
	case known && device.Server == serverLocal && st.in.server != "":
		known = false // so far it has worked alone
	case server == "" && known:
		server = device.Server
	case server == "":
		server = serverDemo
	case known && device.Server != server:
		return nil, app.Fail(app.CodeBadArgument, "--server "+server, device.Server)
	}
	way, err := st.network()
	if err != nil {
		return nil, err
	}
	if server == serverLocal {
		return nil, app.Fail(app.CodeNotEnrolled)
	}
	address, code := server, st.in.code
	st.link.name(server)
	if server == serverDemo {
		st.link.name(st.in.text.T("demo.server"))
		if st.demo, err = startDemo(ctx, filepath.Join(st.in.data, "demo"), st.desk); err != nil {
			return nil, err
		}
		address = st.demo.address
	}
	enrolled := exchange.Enrolled{Server: address, Device: device.ID, Identity: device.Identity}
	if device.Revoked {
		if code == "" {
			return nil, app.Fail(app.CodeRevoked)
		}
		known = false
	}
	if known {
		enrolled.Key, err = st.key(device)
		if again := code != "" || st.demo != nil; app.CodeOf(err) == app.CodeNoKey && again {
			known = false
		} else if err != nil {
			return nil, err
		}
	}
	if !known {
		if st.demo != nil {
			if code, err = st.demo.code(st.in.text.T("demo.operator")); err != nil {
				return nil, err
			}
		}
		if code == "" {
			return nil, app.Fail(app.CodeNotEnrolled)
		}
		if enrolled, err = st.enrol(ctx, server, address, code); err != nil {
			return nil, err
		}
		st.in.code = "" // works once
	}
	engine := exchange.New(exchange.Options{
		Store: st.store, Device: enrolled, Now: st.desk.Now, Time: st.time, Transport: way,
		Changed: func() { st.desk.Tell(app.Changed{Exchange: true}) },
		Met:     st.met,
		Revoked: st.revoked,
	})
	return engine, nil
}

// enrol makes this workstation a new device of the server. What waits in the
// outbox goes out in its name; the identifiers of operations make it safe to
// send again what the server may have had from the device before.
func (st *station) enrol(ctx context.Context, server, address, code string) (exchange.Enrolled, error) {
	enrolled, err := exchange.EnrolOver(ctx, st.way, address, code, "otklik")
	if err != nil {
		return enrolled, err
	}
	if err := st.keys.Put(enrolled.Device, enrolled.Key); err != nil {
		return enrolled, err
	}
	device := store.Device{Server: server, ID: enrolled.Device, Inc: 1, Identity: enrolled.Identity}
	if err := st.store.SaveDevice(device); err != nil {
		return enrolled, err
	}
	st.desk.SetMe(device.Identity)
	st.desk.Unlock()
	return enrolled, nil
}

// revoked shuts appeals away, now and after the next start.
func (st *station) revoked() {
	st.desk.Lock()
	device, known, err := st.store.Device()
	if err != nil || !known || device.Revoked {
		return
	}
	device.Revoked = true
	_ = st.store.SaveDevice(device) // on a full disk the next exchange says it again
}

// key gives what this workstation proves itself with. One found in the database,
// where earlier versions kept it, moves out of it.
func (st *station) key(d store.Device) (ed25519.PrivateKey, error) {
	if len(d.Key) > 0 {
		if err := st.keys.Put(d.ID, d.Key); err != nil {
			return nil, err
		}
		key := d.Key
		d.Key = nil
		return key, st.store.SaveDevice(d)
	}
	key, err := st.keys.Get(d.ID)
	if errors.Is(err, keys.ErrAbsent) || err == nil && len(key) != ed25519.PrivateKeySize {
		return nil, app.Fail(app.CodeNoKey).Because(err)
	}
	return key, err
}

// met keeps what the server says about who works here.
func (st *station) met(who app.Identity) {
	device, known, err := st.store.Device()
	if err != nil || !known || reflect.DeepEqual(device.Identity, who) {
		return
	}
	device.Identity = who
	if st.store.SaveDevice(device) == nil {
		st.desk.SetMe(who)
	}
}

// start connects and exchanges in the background until close. The window does
// not wait for it.
func (st *station) start(ctx context.Context) {
	ctx, st.cancel = context.WithCancel(ctx)
	// An action asks for an exchange; what the exchange itself writes does not.
	st.desk.Subscribe(func(c app.Changed) {
		if c.Outbox && !c.Exchange {
			st.link.Wake()
		}
	})
	st.work.Go(func() { st.forget(ctx) })
	st.work.Go(func() { st.escalate(ctx) })
	st.work.Go(func() { st.publish(ctx) })
	st.work.Go(func() {
		_ = st.index(ctx) // a full disk is told by whatever is written next; the next start goes on
	})
	st.work.Go(func() { st.reckon(ctx) })
	st.work.Go(func() { st.store.Tend(ctx, backupLook) })
	st.work.Go(func() { st.adviser.Follow(ctx, st.desk) })
	st.work.Add(1)
	go func() {
		defer st.work.Done()
		for ctx.Err() == nil {
			if st.place() == serverLocal {
				select {
				case <-ctx.Done():
				case <-st.enrolled:
				case <-st.damaged:
					st.mend(ctx)
				}
				continue
			}
			engine, err := st.connect(ctx)
			if err == nil {
				st.link.set(engine)
				if st.exchange(ctx, engine) {
					st.mend(ctx)
					continue
				}
				if ctx.Err() != nil {
					return // the program ends
				}
				err = app.Fail(app.CodeRevoked)
			}
			st.link.failed(err)
			st.desk.Tell(app.Changed{Exchange: true})
			again := time.After(5 * time.Second)
			if app.CodeOf(err) == app.CodeRevoked {
				again = nil // nothing but a new code helps
			}
			select {
			case <-ctx.Done():
			case <-st.enrolled:
			case <-again:
			case <-st.damaged:
				st.mend(ctx)
			}
		}
	}()
}

// forget drops, once a day, what this workstation has kept for long enough.
func (st *station) forget(ctx context.Context) {
	wait := time.Minute // which belongs to the person
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
		wait = 24 * time.Hour
		if _, err := st.desk.ForgetOld(ctx); err != nil {
			wait = time.Hour // the disk is full, or the like
		}
	}
}

// escalateLook is how often the program looks which terms have passed a threshold.
const escalateLook = time.Minute

// escalate marks terms that have passed a threshold.
func (st *station) escalate(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(escalateLook):
		}
		// What cannot be marked now (the appeals are locked, the disk is full) is
		// marked at one of the next looks.
		_, _ = st.desk.Escalate(ctx)
	}
}

// backupLook is how often the keeper of backups looks whether one is due.
const backupLook = 30 * time.Second

// mend makes the database whole again after damage was met, while no exchange is
// at work. What stands in the way is tried again.
func (st *station) mend(ctx context.Context) {
	for ctx.Err() == nil {
		err := st.store.Recover(ctx)
		if err == nil {
			return
		}
		st.link.failed(err)
		st.desk.Tell(app.Changed{Exchange: true})
		select {
		case <-ctx.Done():
		case <-time.After(5 * time.Second):
		}
	}
}

// exchange runs the engine until the context ends, the device is revoked or the
// database is found damaged.
func (st *station) exchange(ctx context.Context, engine *exchange.Engine) (damaged bool) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var watch sync.WaitGroup
	watch.Go(func() {
		select {
		case <-ctx.Done():
		case <-st.damaged:
			damaged = true
			stop()
		}
	})
	defer st.desk.Subscribe(func(app.Changed) {
		if st.desk.Locked() {
			stop()
		}
	})()
	engine.Run(ctx)
	stop()
	watch.Wait()
	return damaged
}

// close ends the exchange, then the server where it is ours, then the store.
func (st *station) close() error {
	if st.cancel != nil {
		st.cancel()
	}
	st.work.Wait()
	if st.demo != nil {
		st.demo.close()
	}
	err := st.keepKnownTime()
	if st.way != nil {
		st.way.Close()
	}
	err = first(err, st.store.ForgetShown(), st.store.Close())
	if st.wiped.Load() {
		return removeData(st.in.data)
	}
	return err
}
