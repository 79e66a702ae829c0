package central

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"sync"
	"time"

	"github.com/klauspost/compress/zstd"

	"otklik/app"
	"otklik/sync/wire"
)

// Sizes of snapshots.
const (
	frameBytes = 1 << 20 // of rows in a frame, before it is packed, less the last row
	blockDays  = 64      // days in a block of counters
	shotBehind = 10_000  // changes after which a snapshot is made anew
	shotsKept  = 2       // the present one, and the one before for whoever is loading it
)

// shots makes snapshots and keeps their frames as files. Frames are known by
// their hashes, so several servers may share a folder.
type shots struct {
	mu      sync.Mutex // held while a snapshot is being made: two would be the same
	folder  string
	own     bool             // the folder is ours to remove
	scopes  map[string]*shot // by the name of the scope
	encoder *zstd.Encoder
}

// shot is the last snapshot of a scope. Its frames are in a folder of the
// scope's own, so that to find a frame is to be allowed to see it.
type shot struct {
	shot app.Snapshot
	seq  uint64 // the snapshot is of; 0 before the first
	kept [][]app.Frame
}

func (k *shots) remove() {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.own {
		_ = os.RemoveAll(k.folder) // in the system's temporary folder, which is emptied anyway
		k.own, k.scopes, k.folder = false, nil, ""
	}
}

// snapshot answers with the manifest of a snapshot that is not too old.
func (s *Server) snapshot(w http.ResponseWriter, r *http.Request, d Device) error {
	since, err := number(r.URL.Query().Get(wire.ParamSince), 0, 0, math.MaxInt)
	if err != nil {
		return err
	}
	shot, err := s.recentShot(r.Context(), scopeOf(d), uint64(since))
	if err != nil {
		return err
	}
	write(w, http.StatusOK, wire.TypeJSON, shot)
	return nil
}

// recentShot gives the last snapshot of the scope where it is not older than since
// and not far behind, and a new one otherwise.
func (s *Server) recentShot(ctx context.Context, of scope, since uint64) (app.Snapshot, error) {
	k := &s.shots
	k.mu.Lock()
	defer k.mu.Unlock()
	last := k.of(of)
	var shot app.Snapshot
	var head uint64
	began := s.opts.Now()
	err := s.storage.View(ctx, func(tx Reader) error {
		var err, err2 error
		var oldest uint64
		head, err = tx.Head()
		oldest, err2 = tx.Oldest()
		if err := errors.Join(err, err2); err != nil {
			return err
		}
		if last.seq > 0 && last.seq >= since && last.seq+1 >= oldest && head <= last.seq+shotBehind {
			shot = last.shot
			return nil
		}
		if err := k.prepare(of); err != nil {
			return err
		}
		cut := cutter{shots: k, scope: of, shot: app.Snapshot{Next: s.cursor(of, head), Frames: []app.Frame{}}, seen: map[string]bool{}}
		if err := cut.all(tx); err != nil {
			return err
		}
		shot = cut.shot
		k.keep(of, shot, head)
		s.opts.Log.Info("snapshot", "seq", head, "rows", shot.Rows, "frames", len(shot.Frames),
			"bytes", shot.Bytes, "ms", s.opts.Now().Sub(began).Milliseconds())
		return nil
	})
	if err != nil {
		return shot, fmt.Errorf("snapshot: %w", err)
	}
	return shot, nil
}

// of gives what is kept of the scope.
func (k *shots) of(s scope) *shot {
	if k.scopes == nil {
		k.scopes = map[string]*shot{}
	}
	if k.scopes[s.name] == nil {
		k.scopes[s.name] = &shot{}
	}
	return k.scopes[s.name]
}

func (k *shots) prepare(of scope) (err error) {
	if k.encoder == nil {
		if k.encoder, err = zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1), zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithWindowSize(frameBytes)); err != nil {
			return err
		}
	}
	if k.folder == "" {
		k.own = true
		if k.folder, err = os.MkdirTemp("", "otklik-frames-"); err != nil {
			return err
		}
	}
	return os.MkdirAll(filepath.Join(k.folder, of.name), 0o700)
}

// keep remembers the snapshot and removes the frames only older ones have.
func (k *shots) keep(of scope, fresh app.Snapshot, seq uint64) {
	last := k.of(of)
	last.shot, last.seq = fresh, seq
	last.kept = append(last.kept, fresh.Frames)
	if len(last.kept) <= shotsKept {
		return
	}
	used := map[string]bool{}
	for _, frames := range last.kept[1:] {
		for _, f := range frames {
			used[f.SHA256] = true
		}
	}
	for _, f := range last.kept[0] {
		if !used[f.SHA256] {
			_ = os.Remove(k.path(of, f.SHA256)) // a file that stays costs room and nothing else
		}
	}
	last.kept = last.kept[1:]
}

func (k *shots) path(of scope, hash string) string {
	return filepath.Join(k.folder, of.name, hash+".zst")
}

// put writes a frame under its hash; it has its name only when it is whole.
func (k *shots) put(of scope, frame []byte) (hash string, err error) {
	sum := sha256.Sum256(frame)
	hash = hex.EncodeToString(sum[:])
	part, err := os.CreateTemp(k.folder, "part-")
	if err != nil {
		return "", err
	}
	_, err = part.Write(frame)
	if err := errors.Join(err, part.Close()); err != nil {
		return "", errors.Join(err, os.Remove(part.Name()))
	}
	return hash, os.Rename(part.Name(), k.path(of, hash))
}

// cutter fills frames with rows.
type cutter struct {
	shots *shots
	scope scope
	seen  map[string]bool // appeals within a scope that is not the whole region
	shot  app.Snapshot
	lines *bytes.Buffer
	rows  int
	days  []app.Counters
	spare *bytes.Buffer
	under chan error // of the frame that is being packed, nil where none is
}

// all cuts the whole state into frames. One is packed while the next is filled.
func (c *cutter) all(tx Reader) (err error) {
	c.lines, c.spare = &bytes.Buffer{}, &bytes.Buffer{}
	defer func() { err = errors.Join(err, c.packed()) }()
	row := c.row
	if !c.scope.all() {
		row = c.narrow
	}
	if err := tx.Rows(row); err != nil {
		return err
	}
	err = tx.Days(func(d app.Counters) error {
		if c.days = append(c.days, d); len(c.days) < blockDays {
			return nil
		}
		return c.block()
	})
	if err == nil && len(c.days) > 0 {
		err = c.block()
	}
	if err == nil && c.rows > 0 {
		err = c.frame()
	}
	return err
}

// narrow leaves out what is not within the scope. Conflicts come after appeals.
func (c *cutter) narrow(kind app.RowKind, line []byte) error {
	switch kind {
	case app.RowAppeal:
		var a struct{ ID, Municipality string }
		if err := json.Unmarshal(line, &a); err != nil || !c.scope.who.Sees(a.Municipality) {
			return err
		}
		c.seen[a.ID] = true
	case app.RowConflict:
		var k struct{ Appeal string }
		if err := json.Unmarshal(line, &k); err != nil || !c.seen[k.Appeal] {
			return err
		}
	}
	return c.row(kind, line)
}

func (c *cutter) row(kind app.RowKind, line []byte) error {
	for _, part := range [...]string{`{"k":"`, string(kind), `","v":`} {
		c.lines.WriteString(part)
	}
	c.lines.Write(line)
	c.lines.WriteString("}\n")
	c.rows++
	if c.lines.Len() < frameBytes {
		return nil
	}
	return c.frame()
}

func (c *cutter) block() error {
	line, err := json.Marshal(app.NewCountsBlock(c.days))
	if err != nil {
		return err
	}
	c.days = c.days[:0]
	return c.row(app.RowCounts, line)
}

func (c *cutter) frame() error {
	if err := c.packed(); err != nil {
		return err
	}
	lines, rows := c.lines, c.rows
	c.lines, c.spare, c.rows = c.spare, lines, 0
	c.lines.Reset()
	under := make(chan error, 1)
	c.under = under
	go func() {
		packed := c.shots.encoder.EncodeAll(lines.Bytes(), nil)
		hash, err := c.shots.put(c.scope, packed)
		c.shot.Frames = append(c.shot.Frames, app.Frame{SHA256: hash, Bytes: int64(len(packed)), Rows: rows})
		c.shot.Rows += rows
		c.shot.Bytes += int64(len(packed))
		under <- err
	}()
	return nil
}

// packed waits for the frame that is being packed.
func (c *cutter) packed() (err error) {
	if c.under != nil {
		err, c.under = <-c.under, nil
	}
	return err
}

// hash is the only form of a frame's name: nothing else reaches the folder.
var hash = regexp.MustCompile(`^[0-9a-f]{64}$`)

// frame answers with a frame or the part of it that is asked for.
func (s *Server) frame(w http.ResponseWriter, r *http.Request, d Device) error {
	name := r.PathValue("sha256")
	if !hash.MatchString(name) {
		return fail(http.StatusBadRequest, wire.CodeMalformed, "not a hash")
	}
	s.shots.mu.Lock()
	path := s.shots.path(scopeOf(d), name)
	s.shots.mu.Unlock()
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return fail(http.StatusNotFound, app.CodeNotFound, "no such frame; ask for another manifest")
	}
	if err != nil {
		return fmt.Errorf("open a frame: %w", err)
	}
	defer f.Close()
	h := w.Header()
	h.Set("Content-Type", wire.TypeFrame)
	h.Set("Cache-Control", "private, immutable")
	h.Set("ETag", `"`+name+`"`)
	http.ServeContent(w, r, "", time.Time{}, f)
	return nil
}

// counts answers with the counters of one day.
func (s *Server) counts(w http.ResponseWriter, r *http.Request, _ Device) error {
	day, err := app.ParseDay(r.PathValue("day"))
	if err != nil {
		return fail(http.StatusBadRequest, wire.CodeMalformed, "not a day")
	}
	var c app.Counters
	var ok bool
	err = s.storage.View(r.Context(), func(tx Reader) (err error) {
		c, ok, err = tx.Counters(day)
		return err
	})
	switch {
	case err != nil:
		return err
	case !ok:
		return fail(http.StatusNotFound, app.CodeNotFound, "nothing was counted on that day")
	}
	write(w, http.StatusOK, wire.TypeJSON, app.NewCountsBlock([]app.Counters{c}))
	return nil
}
