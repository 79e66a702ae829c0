package central

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"net/http"
	"strconv"
	"sync"
	"syscall"
	"time"

	"otklik/app"
	"otklik/sync/wire"
)

// Options of a Server.
type Options struct {
	Region    string           // name of the region, for people
	Workspace string           // name of the data, told at enrolment; "" is "main"
	Now       func() time.Time // nil: the system's clock
	Log       *slog.Logger     // nil: nothing is logged
	Frames    string           // folder for frames of snapshots; "": one of its own, removed by Stop
	Meter     Meter            // nil: nothing is measured
	MaxFile   int64            // bytes of an attachment; 0: app.MaxFile
	PerDevice Rate             // of requests with a token
	// Applied is called with every change that is applied, in the transaction that
	// writes it: what it writes there stands or falls with the change. nil: nobody asks.
	Applied func(Tx, app.Change) error
	// PerAddress bounds requests without a valid token, by where they come from.
	PerAddress Rate
}

// Server answers the central API over a storage.
type Server struct {
	storage            Storage
	opts               Options
	secret             []byte // signs tokens
	devices, addresses *limiter

	stopOnce sync.Once
	stopping chan struct{}
	lookout  lookout

	mu      sync.Mutex
	grown   chan struct{} // closed when the feed has grown, then replaced
	lineage []wire.Descent
	tidied  time.Time // when uploads were last looked through

	shots    shots
	presence presence
}

// secretTokens names the secret that signs tokens.
const secretTokens = "tokens"

// New sets a server up over the storage, which stays its caller's to close. An
// empty storage gets its epoch and its secret here.
func New(storage Storage, opts Options) (*Server, error) {
	if opts.Workspace == "" {
		opts.Workspace = "main"
	}
	opts.MaxFile = cmp.Or(opts.MaxFile, app.MaxFile)
	if opts.Now == nil {
		opts.Now = time.Now
	}
	if opts.Log == nil {
		opts.Log = slog.New(slog.DiscardHandler)
	}
	if opts.Meter == nil {
		opts.Meter = unmetered{}
	}
	s := &Server{storage: storage, opts: opts, stopping: make(chan struct{}), grown: make(chan struct{})}
	s.shots.folder = opts.Frames
	s.devices, s.addresses = newLimiter(opts.PerDevice, opts.Now), newLimiter(opts.PerAddress, opts.Now)
	err := storage.Update(context.Background(), func(tx Tx) (err error) {
		if s.lineage, err = tx.Lineage(); err != nil {
			return err
		}
		if len(s.lineage) == 0 {
			s.lineage = []wire.Descent{newEpoch()}
			if err := tx.PutLineage(s.lineage); err != nil {
				return err
			}
		}
		if n := len(s.lineage); n > 1 && s.lineage[n-1].Begun.IsZero() {
			s.lineage[n-1].Begun = s.now()
			if err := tx.PutLineage(s.lineage); err != nil {
				return err
			}
		}
		secret, ok, err := tx.Secret(secretTokens)
		if err != nil {
			return err
		}
		if !ok {
			secret = random(32)
			if err := tx.PutSecret(secretTokens, secret); err != nil {
				return err
			}
		}
		s.secret = secret
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("central: prepare storage: %w", err)
	}
	return s, nil
}

// Stop ends all waiting for changes and removes the frames of snapshots; requests that are being answered go on.
// It is meant for http.Server.RegisterOnShutdown and may be called twice.
func (s *Server) Stop() {
	s.stopOnce.Do(func() {
		close(s.stopping)
		s.shots.remove()
	})
}

// now is the server's time, to the millisecond as everything that travels.
func (s *Server) now() time.Time { return s.opts.Now().UTC().Truncate(time.Millisecond) }

func (s *Server) epoch() string { return s.lineage[len(s.lineage)-1].Epoch }

// Handler gives the API.
func (s *Server) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+wire.PathHealth, func(w http.ResponseWriter, _ *http.Request) {
		write(w, http.StatusOK, wire.TypeJSON, map[string]string{"status": "ok"})
	})
	mux.HandleFunc("GET "+wire.PathMeta, s.open(s.stranger(s.meta)))
	mux.HandleFunc("POST "+wire.PathEnrol, s.open(s.stranger(s.enrol)))
	mux.HandleFunc("POST "+wire.PathToken, s.open(s.stranger(s.token)))
	mux.HandleFunc("POST "+wire.PathOps, s.closed(s.push))
	mux.HandleFunc("GET "+wire.PathChanges, s.closed(s.changes))
	mux.HandleFunc("GET "+wire.PathSnapshot, s.closed(s.snapshot))
	mux.HandleFunc("GET "+wire.PathSnapshot+"/{sha256}", s.closed(s.frame))
	mux.HandleFunc("GET "+wire.PathCounts+"{day}", s.closed(s.counts))
	mux.HandleFunc("GET "+wire.PathAppeals+"{id}", s.closed(s.appeal))
	mux.HandleFunc("POST "+wire.PathPresence, s.closed(s.beside))
	mux.HandleFunc("OPTIONS "+wire.PathFiles, s.open(s.stranger(s.tusOptions)))
	mux.HandleFunc("POST "+wire.PathFiles, s.closed(tus(s.begin)))
	mux.HandleFunc("HEAD "+wire.PathFiles+"/{id}", s.closed(tus(s.progress)))
	mux.HandleFunc("PATCH "+wire.PathFiles+"/{id}", s.closed(tus(s.patch)))
	mux.HandleFunc("GET "+wire.PathBlobs+"{sha256}", s.closed(s.blob))
	mux.HandleFunc("/", s.open(s.stranger(func(http.ResponseWriter, *http.Request) error {
		return fail(http.StatusNotFound, app.CodeNotFound, "no such path or method")
	})))
	return mux
}

// open wraps an endpoint that needs no token.
func (s *Server) open(f func(http.ResponseWriter, *http.Request) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		start := s.opts.Now()
		w.Header().Set(wire.HeaderProto, strconv.Itoa(wire.Proto))
		w.Header().Set(wire.HeaderAccepts, wire.Encodings)
		w.Header().Set(wire.HeaderTime, start.UTC().Format(wire.TimeFormat))
		err := checkProto(r)
		if err == nil {
			err = f(w, r)
		}
		level, code, status := slog.LevelDebug, app.Code(""), http.StatusOK
		if err != nil {
			p := s.refuse(w, r, err)
			level, code, status = slog.LevelInfo, p.Code, p.status
			if p.status >= http.StatusInternalServerError {
				level = slog.LevelError
			}
		}
		took := s.opts.Now().Sub(start)
		s.opts.Meter.Answered(routeOf(r), status, took)
		s.opts.Log.Log(r.Context(), level, "request", "route", routeOf(r), "code", code, "ms", took.Milliseconds())
	}
}

// closed wraps an endpoint that needs a token.
func (s *Server) closed(f func(http.ResponseWriter, *http.Request, Device) error) http.HandlerFunc {
	return s.open(func(w http.ResponseWriter, r *http.Request) error {
		d, err := s.authenticate(r)
		if err != nil {
			// Guessing tokens is bounded like everything strangers do.
			return cmp.Or(s.addresses.take(addressOf(r)), err)
		}
		if err := s.devices.take(d.ID); err != nil {
			return err
		}
		return f(w, r, d)
	})
}

// stranger bounds what is asked without a token.
func (s *Server) stranger(f func(http.ResponseWriter, *http.Request) error) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		if err := s.addresses.take(addressOf(r)); err != nil {
			return err
		}
		return f(w, r)
	}
}

func (s *Server) refuse(w http.ResponseWriter, r *http.Request, err error) *problem {
	var p *problem
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &p):
	case errors.As(err, &large):
		p = fail(http.StatusRequestEntityTooLarge, wire.CodeTooLarge, "the body is too large").
			with(strconv.FormatInt(large.Limit, 10))
	case full(err):
		s.opts.Log.Error("no space left for the data", "route", routeOf(r))
		p = fail(http.StatusInsufficientStorage, wire.CodeFull, "the server has no space left; nothing was stored, try again later")
		p.after = fullAfter
	case r.Context().Err() != nil:
		p = fail(http.StatusServiceUnavailable, wire.CodeStopping, "the request was given up")
	default:
		s.opts.Log.Error("internal", "route", routeOf(r), "err", err.Error())
		p = fail(http.StatusInternalServerError, wire.CodeInternal, "the server failed; try again later")
	}
	if p.after > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(p.after.Seconds()))))
	}
	write(w, p.status, wire.TypeProblem, p.Problem)
	return p
}

// fullAfter is how long a client waits that found the server without space: a
// person has to make some.
const fullAfter = 30 * time.Second

// full says whether there was no space left to write to. A transaction that ends
// so has left nothing behind.
func full(err error) bool { return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) }

func checkProto(r *http.Request) error {
	said := r.Header.Get(wire.HeaderProto)
	if said == "" {
		return nil
	}
	if n, err := strconv.Atoi(said); err != nil || n < wire.ProtoMin || n > wire.Proto {
		return fail(http.StatusUpgradeRequired, wire.CodeProto, "this protocol version is not spoken").
			with(fmt.Sprintf("%d-%d", wire.ProtoMin, wire.Proto))
	}
	return nil
}

func (s *Server) meta(w http.ResponseWriter, r *http.Request) error {
	m := wire.Meta{
		Epoch: s.epoch(), Lineage: s.lineage[:len(s.lineage)-1],
		Proto: wire.Range{Min: wire.ProtoMin, Max: wire.Proto},
		Time:  s.now(), Region: s.opts.Region,
		Limits: wire.Limits{
			Ops: wire.MaxOps, Bytes: wire.MaxBytes, OpBytes: wire.MaxOpBytes, Page: wire.MaxPage,
			File: s.opts.MaxFile, Files: app.MaxFiles, Uploads: wire.MaxUploads,
		},
	}
	err := s.storage.View(r.Context(), func(tx Reader) (err error) {
		if m.Head, err = tx.Head(); err == nil {
			m.Oldest, err = tx.Oldest()
		}
		return err
	})
	if err != nil {
		return err
	}
	write(w, http.StatusOK, wire.TypeJSON, m)
	return nil
}

func (s *Server) appeal(w http.ResponseWriter, r *http.Request, d Device) error {
	id := r.PathValue("id")
	if !validID(id) {
		return fail(http.StatusBadRequest, wire.CodeMalformed, "not an identifier")
	}
	var a *app.Appeal
	err := s.storage.View(r.Context(), func(tx Reader) (err error) {
		a, _, err = scopeOf(d).visible(tx, id)
		return err
	})
	switch {
	case err != nil:
		return err
	case a == nil:
		return fail(http.StatusNotFound, app.CodeNotFound, "no such appeal")
	}
	write(w, http.StatusOK, wire.TypeJSON, a)
	return nil
}
