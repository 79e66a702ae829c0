package store

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"hash/crc32"
	"hash/fnv"
	"io"
	"os"
	"path/filepath"
	"sync"

	"otklik/app"
	"otklik/disk"
	"otklik/pack"
	"otklik/seal"
)

// The journal of this workstation lies beside the database and holds what nobody
// else knows: operations, drafts, choices, who this device is. A transaction that
// changes any of them first stands in the journal, on the disk, and is committed
// then. So what a person was told is kept is in both; a transaction that fails is
// cut off the journal again; and what a crash left in the journal alone is what
// the person asked for and was told nothing of, and is done at the next start.
//
// Every frame has a number, and the database knows the last one it holds. A file
// from an earlier moment, be it a backup or what bbolt falls back to when a write
// was torn, is brought up to date by the frames after that number.

// logged is what one transaction adds to the journal: one frame, so that all of
// it is there or nothing.
type logged struct {
	Ops  []loggedOp `json:"ops,omitempty"`  // that wait in the outbox from now on, as they stand there
	Left []string   `json:"left,omitempty"` // IDs of those that wait no more
	// Withdrawn are IDs of operations a person has taken back: they do not come
	// again, whatever file the journal is read over.
	Withdrawn []string          `json:"withdrawn,omitempty"`
	Drafts    []loggedDraft     `json:"drafts,omitempty"`
	Settings  map[string]string `json:"settings,omitempty"`
	Device    *Device           `json:"device,omitempty"` // without its key
	Top       uint64            `json:"top"`              // the last number the outbox has given out
	File      string            `json:"file"`             // name of the database
}

type loggedOp struct {
	Op   app.Op `json:"op"`
	Made stamp  `json:"made,omitzero"`
}

type loggedDraft struct {
	Appeal string    `json:"appeal"` // ULID
	Draft  app.Draft `json:"draft"`  // empty: forgotten
}

func (e *logged) empty() bool {
	return len(e.Ops)+len(e.Left)+len(e.Withdrawn)+len(e.Drafts)+len(e.Settings) == 0 && e.Device == nil
}

// must says whether the frame has to be on the disk before the transaction is.
// That an operation left the outbox need not: sending it again is harmless.
func (e *logged) must() bool {
	return len(e.Ops)+len(e.Withdrawn)+len(e.Drafts)+len(e.Settings) > 0 || e.Device != nil
}

// A frame is a mark to find it by, the length of its payload, its number, a
// checksum of these and the payload, and the payload.
const (
	frameMark = "\xf1oJ\n"
	frameHead = 4 + 4 + 8 + 4
	frameMost = 1 << 30 // bytes of payload; what claims to be longer is damaged
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

func frameOf(number uint64, payload []byte) []byte {
	b := make([]byte, 0, frameHead+len(payload))
	b = append(b, frameMark...)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(payload)))
	b = binary.LittleEndian.AppendUint64(b, number)
	b = binary.LittleEndian.AppendUint32(b, crc32.Update(crc32.Checksum(b[4:], castagnoli), castagnoli, payload))
	return append(b, payload...)
}

// closeFrame and openFrame are the one place where a payload takes the form in
// which it lies on the disk: packed, and sealed for its number.
func (j *journal) closeFrame(e *logged, n uint64) ([]byte, error) {
	raw, err := json.Marshal(e)
	if err != nil {
		return nil, err
	}
	return j.box.Seal(nil, pack.Bytes(raw), frames, number(n)), nil
}

func (j *journal) openFrame(payload []byte, n uint64) (e logged, err error) {
	raw, err := j.box.Open(nil, payload, frames, number(n))
	if err == nil {
		raw, err = pack.Open(raw)
	}
	if err != nil {
		return e, err
	}
	return e, json.Unmarshal(raw, &e)
}

// frames is the place frames are sealed for; no bucket has its name.
var frames = []byte("frames")

// journal is the open file.
type journal struct {
	box    *seal.Box
	path   string
	noSync bool
	point  func(string) // fail points of tests

	mu   sync.Mutex
	f    *os.File
	size int64
	last uint64 // number of the last frame
	slim int64  // size after it was last shortened
	hole bool   // something in it could not be read
}

func openJournal(path string, box *seal.Box, noSync bool, point func(string)) (*journal, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	j := &journal{path: path, box: box, noSync: noSync, point: point, f: f}
	j.syncFolder()
	return j, nil
}

func (j *journal) close() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.f.Close()
}

// scan calls each with every frame that is whole, in their order, and passes over
// what is not; hole says whether there was any. Then it cuts off what follows the last of them: the end of a write
// that a crash tore.
func (j *journal) scan(each func(number uint64, e *logged) error) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	end, err := j.frames(func(number uint64, payload []byte) error {
		e, err := j.openFrame(payload, number)
		if err != nil {
			return errDamagedFrame
		}
		j.last = number
		return each(number, &e)
	})
	if err != nil {
		return err
	}
	info, err := j.f.Stat()
	if err != nil {
		return err
	}
	if j.size = end; info.Size() > end {
		return j.f.Truncate(end)
	}
	return nil
}

// holed says whether something in the journal could not be read.
func (j *journal) holed() bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.hole
}

// goOn makes the next frame follow the number.
func (j *journal) goOn(after uint64) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.last = max(j.last, after)
}

var errDamagedFrame = errors.New("a frame of the journal is damaged")

// frames finds frames by their marks and gives where the last one ends.
func (j *journal) frames(each func(number uint64, payload []byte) error) (end int64, err error) {
	info, err := j.f.Stat()
	if err != nil {
		return 0, err
	}
	last := uint64(0)
	head := make([]byte, frameHead)
	for at := int64(0); at+frameHead <= info.Size(); {
		if _, err := j.f.ReadAt(head, at); err != nil {
			return end, err
		}
		n := int64(binary.LittleEndian.Uint32(head[4:]))
		number := binary.LittleEndian.Uint64(head[8:])
		good := string(head[:4]) == frameMark && n <= frameMost && at+frameHead+n <= info.Size() && number >= last
		if good {
			payload := make([]byte, n)
			if _, err := j.f.ReadAt(payload, at+frameHead); err != nil {
				return end, err
			}
			sum := crc32.Update(crc32.Checksum(head[4:16], castagnoli), castagnoli, payload)
			if good = sum == binary.LittleEndian.Uint32(head[16:]); good {
				err := each(number, payload)
				if err != nil && !errors.Is(err, errDamagedFrame) {
					return end, err
				}
				if good = err == nil; good {
					last, at = number, at+frameHead+n
					end = at
					continue
				}
			}
		}
		j.hole = true
		if at, err = nextMark(j.f, at+1); err != nil {
			return end, err
		}
	}
	return end, nil
}

// nextMark looks for the next frame from there on; the end of the file where
// there is none.
func nextMark(f io.ReaderAt, from int64) (int64, error) {
	window := make([]byte, 64<<10)
	for {
		n, err := f.ReadAt(window, from)
		if i := bytes.Index(window[:n], []byte(frameMark)); i >= 0 {
			return from + int64(i), nil
		}
		if err == io.EOF {
			return from + int64(n), nil
		}
		if err != nil {
			return 0, err
		}
		from += int64(n - len(frameMark) + 1)
	}
}

// append adds a frame and gives its number, and how to take it back while it is
// the last one.
func (j *journal) append(e *logged) (number uint64, cut func() error, err error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	size, last := j.size, j.last
	cut = func() error {
		j.mu.Lock()
		defer j.mu.Unlock()
		return j.cut(size, last)
	}
	payload, err := j.closeFrame(e, last+1)
	if err != nil {
		return 0, cut, err
	}
	frame := frameOf(last+1, payload)
	j.point("journal write")
	if _, err = j.f.WriteAt(frame, size); err == nil && e.must() {
		j.point("journal sync")
		err = j.sync(j.f)
	}
	if err != nil {
		return 0, cut, errors.Join(err, j.cut(size, last))
	}
	j.size, j.last = size+int64(len(frame)), last+1
	return last + 1, cut, nil
}

func (j *journal) cut(size int64, last uint64) error {
	j.size, j.last = size, last // what is written next replaces it in any case
	j.point("journal cut")
	return errors.Join(j.f.Truncate(size), j.sync(j.f))
}

func (j *journal) sync(f *os.File) error {
	if j.noSync {
		return nil
	}
	return f.Sync()
}

func (j *journal) syncFolder() {
	if !j.noSync {
		disk.SyncFolder(filepath.Dir(j.path))
	}
}

// sumOf is a checksum of a thing in the form in which both files keep it.
func sumOf(v any) uint64 {
	raw, err := json.Marshal(v)
	if err != nil {
		return 0 // what was read as JSON is written as JSON
	}
	h := fnv.New64a()
	h.Write(raw) // never fails
	return h.Sum64()
}

// latest is what of the journal counts: the frame of the last word on everything.
type latest struct {
	ops      map[string]loggedAt // of operations that wait
	taken    map[string]bool     // operations that were withdrawn
	drafts   map[string]loggedAt
	settings map[string]loggedAt
	device   loggedAt
	top      uint64
	file     string
}

// loggedAt is where a thing stands in the journal, and the checksum of it.
type loggedAt struct {
	number uint64
	n      uint64 // number of the operation
	sum    uint64
	gone   bool // a draft that was forgotten
}

func newLatest() *latest {
	return &latest{ops: map[string]loggedAt{}, taken: map[string]bool{}, drafts: map[string]loggedAt{}, settings: map[string]loggedAt{}}
}

func (l *latest) add(number uint64, e *logged) error {
	for _, op := range e.Ops {
		l.ops[op.Op.ID] = loggedAt{number: number, n: op.Op.N, sum: sumOf(op)}
	}
	for _, id := range e.Left {
		delete(l.ops, id)
	}
	for _, id := range e.Withdrawn {
		l.taken[id] = true
	}
	for _, d := range e.Drafts {
		l.drafts[d.Appeal] = loggedAt{number: number, sum: sumOf(d.Draft), gone: d.Draft.Empty()}
	}
	for name, value := range e.Settings {
		l.settings[name] = loggedAt{number: number, sum: sumOf(value)}
	}
	if e.Device != nil {
		l.device = loggedAt{number: number, sum: sumOf(e.Device)}
	}
	l.top, l.file = max(l.top, e.Top), e.File
	return nil
}

// only keeps of a frame what still counts.
func (l *latest) only(number uint64, e *logged) {
	var kept logged
	for _, op := range e.Ops {
		if l.ops[op.Op.ID].number == number {
			kept.Ops = append(kept.Ops, op)
		}
	}
	for _, d := range e.Drafts {
		if at := l.drafts[d.Appeal]; at.number == number && !at.gone {
			kept.Drafts = append(kept.Drafts, d)
		}
	}
	for name, value := range e.Settings {
		if l.settings[name].number == number {
			if kept.Settings == nil {
				kept.Settings = map[string]string{}
			}
			kept.Settings[name] = value
		}
	}
	if l.device.number == number {
		kept.Device = e.Device
	}
	// A backup older than the journal was shortened for may hold them yet.
	kept.Withdrawn, kept.Top, kept.File = e.Withdrawn, e.Top, e.File
	*e = kept
}

// shortenFrom is the size from which the journal is worth shortening, and
// shortenAlone the one at which it is though no backup was made.
const (
	shortenFrom  = 1 << 20
	shortenAlone = 64 << 20
)

// grown says whether the journal is worth shortening.
func (j *journal) grown() bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.size > max(shortenFrom, 2*j.slim)
}

// shorten writes the journal anew. Up to the frame of the number, which a backup
// holds, only what still waits and the last word on everything stays.
func (j *journal) shorten(upTo uint64) (err error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	l := newLatest()
	last := uint64(0)
	if _, err = j.frames(func(number uint64, payload []byte) error {
		e, err := j.openFrame(payload, number)
		if err != nil {
			return errDamagedFrame
		}
		last = number
		return l.add(number, &e)
	}); err != nil {
		return err
	}
	part, err := os.OpenFile(j.path+".new", os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, part.Close(), os.Remove(j.path+".new"))
		}
	}()
	size := int64(0)
	put := func(number uint64, payload []byte) error {
		j.point("shortened journal write")
		n, err := part.Write(frameOf(number, payload))
		size += int64(n)
		return err
	}
	if _, err = j.frames(func(number uint64, payload []byte) error {
		e, err := j.openFrame(payload, number)
		if err != nil {
			return errDamagedFrame
		}
		if number <= upTo {
			// The number of the outbox is told by the last of these.
			if l.only(number, &e); e.empty() && number != min(upTo, last) {
				return nil
			}
			if payload, err = j.closeFrame(&e, number); err != nil {
				return err
			}
		}
		return put(number, payload)
	}); err != nil {
		return err
	}
	j.point("shortened journal sync")
	if err = j.sync(part); err != nil {
		return err
	}
	j.point("shortened journal rename")
	// Windows renames over no open file.
	if err = errors.Join(part.Close(), j.f.Close()); err == nil {
		err = os.Rename(j.path+".new", j.path)
	}
	f, again := os.OpenFile(j.path, os.O_RDWR, 0o600)
	if again != nil {
		return errors.Join(err, again)
	}
	j.f = f
	if err == nil {
		j.size, j.slim, j.hole = size, size, false
	}
	j.syncFolder()
	return err
}
