package store

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"time"

	"otklik/app"
)

// A stored appeal is a header of fixed length and a compressed body. The header
// is readable without the body: lists, counts and figures need nothing else.
// The same bytes stand in the columns.
const (
	headerLen     = 64
	headerVersion = 1
)

// Flags of a header.
const (
	flagOpen      = 1 << iota // still asks something of us
	flagAwaits                // the next step is the first answer
	flagArchive               // closed, rejected, merged
	flagForgotten             // nothing personal is kept
	flagCheck                 // somebody has to come back to it
)

// header is the part of an appeal that lists, counts and figures need. Codes
// are positions in the lists of package app or in a dictionary of this file,
// where 0 stands for "none". Moments are Unix seconds, 0 where not known.
type header struct {
	kind, source, status, outcome, severity, flags uint8

	group, topic, municipality, executor, assignee uint16
	off                                            uint16 // minutes from start to reply may be wrong by; 0: less than one
	page                                           uint32

	start, reply, answerDue, due, closed int64
}

// live says whether the record exists: a create that the server refused leaves
// a number without one.
func (h *header) live() bool { return h.status != 0 }

func (h *header) encode(b []byte) []byte {
	b = append(b, headerVersion, h.kind, h.source, h.status, h.outcome, h.severity, h.flags, 0)
	le := binary.LittleEndian
	for _, v := range []uint16{h.group, h.topic, h.municipality, h.executor, h.assignee, h.off} {
		b = le.AppendUint16(b, v)
	}
	b = le.AppendUint32(b, h.page)
	for _, v := range []int64{h.start, h.reply, h.answerDue, h.due, h.closed} {
		b = le.AppendUint64(b, uint64(v))
	}
	return b
}

func decodeHeader(b []byte) (h header, err error) {
	if len(b) < headerLen {
		return h, fmt.Errorf("record of %d bytes is shorter than its header", len(b))
	}
	switch b[0] {
	case headerVersion:
	case 0: // a number without a record, in the columns
		return h, nil
	default:
		return h, fmt.Errorf("record of version %d", b[0])
	}
	h.kind, h.source, h.status, h.outcome, h.severity, h.flags = b[1], b[2], b[3], b[4], b[5], b[6]
	le := binary.LittleEndian
	h.group, h.topic, h.municipality = le.Uint16(b[8:]), le.Uint16(b[10:]), le.Uint16(b[12:])
	h.executor, h.assignee, h.off = le.Uint16(b[14:]), le.Uint16(b[16:]), le.Uint16(b[18:])
	h.page = le.Uint32(b[20:])
	for i, p := range []*int64{&h.start, &h.reply, &h.answerDue, &h.due, &h.closed} {
		*p = int64(le.Uint64(b[24+8*i:]))
	}
	return h, nil
}

// head computes the part of a header that follows from the appeal alone.
func head(a *app.Appeal, terms app.Terms) header {
	h := header{
		kind: code(app.Kinds, a.Kind), source: code(app.Sources, a.Source), status: code(app.Statuses, a.Status),
		outcome: code(app.Outcomes, a.Outcome), severity: uint8(a.Severity),
	}
	if a.Status.Open() {
		h.flags |= flagOpen
	} else {
		h.flags |= flagArchive
	}
	if a.Forgotten {
		h.flags |= flagForgotten
	}
	if a.Attention() != "" {
		h.flags |= flagCheck
	}
	if a.AwaitsReply() {
		h.flags |= flagAwaits
	}
	if e, ok := a.Start(); ok {
		h.start = unix(e.At)
	}
	if e, ok := a.Reply(); ok {
		h.reply = unix(e.At)
		if off := a.FirstResponseOff(); off >= time.Minute {
			h.off = uint16(min((off+time.Minute-1)/time.Minute, math.MaxUint16))
		}
	}
	h.closed = ended(a)
	h.answerDue = unix(terms.AnswerDue(a))
	h.due = unix(terms.Deadline(a).Due)
	return h
}

// ended gives the moment the appeal ended, 0 where it is open or nobody knows.
func ended(a *app.Appeal) int64 {
	e, _ := a.Ended()
	return unix(e.At)
}

// name enters the codes of words; dict gives them, adding those it has not met.
func (h *header) name(a *app.Appeal, dict func(family, word string) (uint16, error)) error {
	for _, w := range []struct {
		to           *uint16
		family, word string
	}{
		{&h.group, "group", a.Group},
		{&h.topic, "topic", a.Topic},
		{&h.municipality, "municipality", a.Municipality},
		{&h.executor, "executor", a.Executor},
		{&h.assignee, "assignee", a.Assignee},
	} {
		n, err := dict(w.family, w.word)
		if err != nil {
			return err
		}
		*w.to = n
	}
	return nil
}

func unix(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.Unix()
}

func moment(sec int64) time.Time {
	if sec == 0 {
		return time.Time{}
	}
	return time.Unix(sec, 0)
}

// code is the place of the value in the list, counted from 1; 0 for none.
func code[V comparable](list []V, v V) uint8 {
	for i, x := range list {
		if x == v {
			return uint8(i + 1)
		}
	}
	return 0
}

func decode[V any](list []V, c uint8) (v V) {
	if c == 0 || int(c) > len(list) {
		return v
	}
	return list[c-1]
}

func (s *Store) encodeRecord(h header, a *app.Appeal) ([]byte, error) {
	body, err := s.packAppeal(a)
	if err != nil {
		return nil, err
	}
	return join(h, body), nil
}

// packAppeal gives the body of a record.
func (s *Store) packAppeal(a *app.Appeal) ([]byte, error) {
	raw, err := json.Marshal(a)
	if err != nil {
		return nil, err
	}
	return s.learned.Load().Bytes(raw), nil
}

// join puts a record together.
func join(h header, body []byte) []byte {
	return append(h.encode(make([]byte, 0, headerLen+len(body))), body...)
}

func (s *Store) decodeRecord(b []byte) (*app.Appeal, error) {
	a := &app.Appeal{}
	if _, err := s.openRecord(b, a); err != nil {
		return nil, err
	}
	return a, nil
}

// openRecord reads what a wants to know of a body: an appeal, or a part of one.
func (s *Store) openRecord(b []byte, a any) (h header, err error) {
	if h, err = decodeHeader(b); err != nil {
		return h, err
	}
	raw, err := s.learned.Load().Open(b[headerLen:])
	if err == nil {
		err = json.Unmarshal(raw, a)
	}
	if err != nil {
		return h, fmt.Errorf("body of a record: %w", err)
	}
	return h, nil
}
