package simulate

import (
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/cenkalti/backoff/v5"

	"otklik/app"
	"otklik/assets"
	"otklik/central"
	"otklik/store"
	"otklik/sync"
)

// station is a workstation: the real store over a real file, the real desk and
// the real engine, whose turns are taken by hand.
type station struct {
	w      *world
	name   string
	path   string
	line   *line
	ledger *ledger

	disk   *disk // nil while the program is not running
	desk   *app.Desk
	engine *sync.Engine
	device store.Device

	clocks    clocks
	time      *app.Timekeeper // of the program that runs
	turns     int             // set so far; only the last one counts
	fileTurns int             // the same of files
	torn      []byte          // what a crash left of the first pages of the file
	old       []byte          // an older copy of the file
	unchecked bool            // something was written since the last look
	goesOn    bool            // the server has taken its cursor since its scope or its file changed
}

var everyRole = []app.Role{app.RoleOperator, app.RoleCurator, app.RoleCoordinator, app.RoleApprover, app.RoleExecutor}

func newStation(w *world, i int) *station {
	s := &station{w: w, name: fmt.Sprintf("station %d", i+1)}
	s.path = filepath.Join(w.run.Dir, fmt.Sprintf("station%d.db", i+1))
	s.line = &line{w: w, s: s, last: map[string]*reply{}}
	s.clocks = newClocks(w)
	s.ledger = &ledger{s: s, byID: map[string]*entry{}, drafts: map[string]app.Draft{}}
	seed := sha256.Sum256([]byte(w.newID()))
	key := ed25519.NewKeyFromSeed(seed[:])
	who := app.Identity{Name: fmt.Sprintf("Оператор %d", i+1), Roles: everyRole}
	if w.narrow {
		who.Municipalities = w.drawScope()
	}
	device := store.Device{Server: "http://centre", ID: w.newID(), Inc: 1, Key: key, Identity: who}
	w.centre.admit(central.Device{
		ID: device.ID, Name: s.name, Key: key.Public().(ed25519.PublicKey), Identity: who, Enrolled: w.now,
	})
	s.open()
	must(s.disk.SaveDevice(device))
	s.connect()
	s.keepCopy()
	return s
}

// open opens the file; connect readies what works over it.
func (s *station) open() {
	_, terms, err := assets.Region()
	must(err)
	// The program was built long ago.
	s.time = app.NewTimekeeper(s.clocks.now, firstMoment.Add(-year))
	st, err := store.OpenWith(s.path, s.w.box, terms, store.Options{NoSync: true, LockTime: time.Nanosecond, Time: s.time})
	must(err)
	s.disk = &disk{Store: st, s: s}
}

func (s *station) connect() {
	region, terms, err := assets.Region()
	must(err)
	var known bool
	s.device, known, err = s.disk.Device()
	must(err)
	if !known {
		must(app.Fail(app.CodeNotEnrolled))
	}
	s.desk = app.NewDesk(app.Outside{
		Store: s.disk, Region: region, Terms: terms, Me: s.device.Identity, Now: s.time.Now, NewID: s.w.newID,
	})
	s.desk.Subscribe(func(c app.Changed) {
		if c.Outbox && !c.Exchange {
			s.turn(s.w.upTo(time.Second)) // an action wakes the exchange
			s.fileTurn(s.w.upTo(time.Second))
		}
	})
	s.engine = sync.New(sync.Options{
		Store: s.disk, Now: s.time.Now, Time: s.time, Transport: s.line, Pauses: newPauses(s.w), FilePauses: newPauses(s.w),
		Spawn: func(request func()) { request() },
		Device: sync.Enrolled{
			Server: s.device.Server, Device: s.device.ID, Key: s.device.Key, Identity: s.device.Identity,
		},
	})
	s.desk.Connect(s.engine)
}

// pauses are those of the engine, with chance from the run's own source.
type pauses struct {
	w *world
	backoff.ExponentialBackOff
}

func newPauses(w *world) *pauses {
	return &pauses{w, backoff.ExponentialBackOff{
		InitialInterval: 500 * time.Millisecond, MaxInterval: time.Minute, Multiplier: backoff.DefaultMultiplier,
	}}
}

func (p *pauses) NextBackOff() time.Duration {
	return time.Duration(float64(p.ExponentialBackOff.NextBackOff()) * (0.5 + p.w.rand.Float64()))
}

// turn sets the next turn of the exchange, in place of any set before.
func (s *station) turn(d time.Duration) {
	s.turns++
	n := s.turns
	s.w.after(d, s.name+" exchanges", func() {
		if n == s.turns && s.disk != nil {
			s.exchange()
		}
	})
}

// fileTurn sets the next turn of files, in place of any set before.
func (s *station) fileTurn(d time.Duration) {
	s.fileTurns++
	n := s.fileTurns
	s.w.after(d, s.name+" sees to files", func() {
		if n == s.fileTurns && s.disk != nil {
			s.carry()
		}
	})
}

// carry takes a turn of files. Whoever waits for a file that has gone exchanges.
func (s *station) carry() {
	pause := time.Duration(0)
	_, before, err := s.disk.Unsent(s.time.Now())
	must(err)
	if !s.lives(func() { pause = s.engine.StepFiles(context.Background()) }) {
		return
	}
	s.check()
	_, after, err := s.disk.Unsent(s.time.Now())
	must(err)
	if before && !after {
		s.turn(s.w.upTo(time.Second))
	}
	s.fileTurn(min(max(pause, 10*time.Millisecond), s.w.between(3*time.Minute, 12*time.Minute)))
}

// exchange takes a turn of the engine. What would be a wait for news in a
// request is a wait for the next turn.
func (s *station) exchange() {
	pause := time.Duration(0)
	if !s.lives(func() { pause = s.engine.Step(context.Background(), 0) }) {
		return
	}
	s.check()
	state := s.engine.State()
	s.w.note("%s: %s %s, %d wait, %d conflicts, %d of %d",
		s.name, state.Link, state.Reason, state.Pending, state.Conflicts, state.Cursor, state.Head)
	sendable, err := s.disk.Pending(0, 1, 1, s.time.Now())
	must(err)
	if pause == 0 && len(sendable) == 0 && state.Cursor == state.Head {
		pause = s.w.between(3*time.Minute, 12*time.Minute)
	}
	s.turn(max(pause, 10*time.Millisecond))
}

// lives does something that an accident may cut off, and says whether it did
// not.
func (s *station) lives(f func()) (lived bool) {
	defer func() {
		switch v := recover().(type) {
		case nil:
		case crash:
			lived = false
			s.crashed()
		default:
			panic(v)
		}
	}()
	f()
	return true
}

func (s *station) crashed() {
	s.w.note("%s crashes", s.name)
	s.close()
	if s.torn != nil {
		f, err := os.OpenFile(s.path, os.O_RDWR, 0o600)
		must(err)
		_, err = f.WriteAt(s.torn, 0)
		must(err)
		must(f.Close())
		s.torn = nil
	}
	s.w.after(s.w.upTo(5*time.Minute), s.name+" starts", s.start)
}

func (s *station) close() {
	if s.disk != nil {
		must(s.disk.Close())
		s.disk, s.desk, s.engine = nil, nil, nil
	}
}

// start opens what a crash or a restore left behind.
func (s *station) start() {
	if s.disk != nil {
		return
	}
	s.open()
	s.connect()
	s.checkFile()
	s.unchecked = true
	s.check()
	s.turn(s.w.upTo(time.Minute))
	s.fileTurn(s.w.upTo(time.Minute))
}

// adoptFiles copies the attachments of another station, as whoever copies its
// data folder does.
func (s *station) adoptFiles(from *station) {
	folder := func(s *station) string { return strings.TrimSuffix(s.path, ".db") + ".files" }
	must(filepath.WalkDir(folder(from), func(path string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil // it has none
		}
		if err != nil || d.IsDir() {
			return err
		}
		to := folder(s) + strings.TrimPrefix(path, folder(from))
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return errors.Join(os.MkdirAll(filepath.Dir(to), 0o700), os.WriteFile(to, b, 0o600))
	}))
}

// adoptJournal does so with the journal, without which the file would be taken for
// one that lacks what this station did.
func (s *station) adoptJournal(from *station) {
	path := func(s *station) string { return strings.TrimSuffix(s.path, ".db") + ".journal" }
	b, err := os.ReadFile(path(from))
	must(err)
	s.close()
	must(os.WriteFile(path(s), b, 0o600))
}

// keepCopy copies the file, as a person does who is careful.
func (s *station) keepCopy() {
	var err error
	s.old, err = os.ReadFile(s.path)
	must(err)
}

// replace puts another file in the place of the station's own.
func (s *station) replace(file []byte) {
	s.close()
	must(os.WriteFile(s.path, file, 0o600))
	s.open()
	s.connect()
	s.ledger.reread()
	s.goesOn = false
	s.turn(s.w.upTo(time.Minute))
	s.fileTurn(s.w.upTo(time.Minute))
}

func (s *station) heal() {
	s.line.up, s.line.down, s.line.flying = false, false, nil // its clocks stay as wrong as they are
	s.start()
	s.disk.strike = never
	s.w.centre.revoke(s.device.ID, false)
	s.engine.WorkOffline(false)
	s.turn(s.w.upTo(time.Minute))
	s.fileTurn(s.w.upTo(time.Minute))
}
