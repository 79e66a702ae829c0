package central

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"otklik/app"
	"otklik/sync/wire"
)

// Tag stands for a municipality or a device in the head of a change: the first
// bytes of its SHA-256. Heads are of one length and are compared as numbers, so
// that a change nobody here may see is passed over without being unpacked.
type Tag uint64

// Tags that stand for neither.
const (
	TagUnknown  Tag = iota // written before changes had heads
	TagEveryone            // of the region's own tables
	TagNobody              // of a verdict that changed nothing: only its author needs it
	TagNowhere             // of an appeal that does not exist yet
)

// TagOf gives the tag of a municipality or a device.
func TagOf(name string) Tag {
	sum := sha256.Sum256([]byte(name))
	return Tag(binary.BigEndian.Uint64(sum[:]) | 1<<63) // never one of those above
}

// Reach is the head of a change: who may see it.
type Reach struct {
	Author        Tag // device of the operation
	Before, After Tag // municipality of the appeal, before the change and after it
}

// moves says whether the change takes an appeal from one municipality to another.
func (r Reach) moves() bool { return r.Before != r.After && r.Before != TagNowhere }

// scope is what a device may see.
type scope struct {
	device string
	name   string // in cursors, and of the folder with frames of its snapshots
	who    app.Identity
	author Tag
	tags   []Tag // of its municipalities; none: the whole region is its
}

func scopeOf(d Device) scope {
	s := scope{device: d.ID, name: wire.ScopeAll, who: d.Identity}
	if s.who.Regional() {
		return s
	}
	s.author = TagOf(d.ID)
	names := slices.Compact(slices.Sorted(slices.Values(s.who.Municipalities)))
	for _, m := range names {
		s.tags = append(s.tags, TagOf(m))
	}
	sum := sha256.Sum256([]byte(strings.Join(names, "\n")))
	s.name = hex.EncodeToString(sum[:12]) // also the name of a folder, where case may not count
	return s
}

func (s scope) all() bool { return len(s.tags) == 0 }

func (s scope) holds(t Tag) bool { return t == TagEveryone || slices.Contains(s.tags, t) }

// keeps says whether the device is told of the change at all.
func (s scope) keeps(r Reach) bool {
	return s.holds(r.Before) || s.holds(r.After) || r.Author == s.author
}

// stands fails where the device has been given another scope meanwhile, or none:
// who waits for changes does so for longer than a decision takes.
func (s scope) stands(tx Reader) error {
	d, ok, err := tx.Device(s.device)
	switch {
	case err != nil:
		return err
	case !ok || d.Revoked:
		return fail(http.StatusForbidden, app.CodeRevoked, "the device was revoked")
	case scopeOf(d).name != s.name:
		return expired()
	}
	return nil
}

// gone is what a device receives of a change that leaves nothing for it to see:
// the ID, and as the author of the operation its verdict.
type gone struct {
	Seq     uint64      `json:"seq"`
	Kind    app.OpKind  `json:"kind"`
	Ent     string      `json:"ent"`
	Op      string      `json:"op,omitempty"`
	Dev     string      `json:"dev,omitempty"`
	Inc     uint32      `json:"inc,omitempty"`
	Verdict app.Verdict `json:"verdict,omitempty"`
}

// line gives the change as the device is told of it.
func (s scope) line(tx Reader, e Entry) ([]byte, error) {
	switch before, after := s.holds(e.Reach.Before), s.holds(e.Reach.After); {
	case after && (before || !e.Reach.moves()), e.Reach.After == TagNobody:
		return e.Line, nil
	case after:
		line, ok, err := tx.Entered(e.Seq)
		if err == nil && !ok {
			err = fmt.Errorf("change %d: what it moved is not kept", e.Seq)
		}
		return line, err
	}
	var g gone
	if err := json.Unmarshal(e.Line, &g); err != nil {
		return nil, fmt.Errorf("change %d: %w", e.Seq, err)
	}
	if e.Reach.Author != s.author {
		g = gone{Seq: g.Seq, Ent: g.Ent}
	}
	g.Kind = app.ChangeGone
	return json.Marshal(g)
}

// visible reads an appeal as far as the device may see it. One that is of another
// municipality is not to be told from one that is not there.
func (s scope) visible(tx Reader, id string) (a *app.Appeal, ok bool, err error) {
	a, ok, err = tx.Appeal(id)
	if err != nil || !ok || a.Undone || !s.who.Sees(a.Municipality) {
		return nil, false, err
	}
	return a, true, nil
}

// entered gives the change that a device receives whose scope the appeal enters:
// the appeal whole, as it stands after the change.
func entered(tx Reader, c *app.Change) ([]byte, error) {
	a, ok, err := tx.Appeal(c.Ent)
	if err == nil && !ok {
		err = app.Fail(app.CodeNotFound, c.Ent)
	}
	if err != nil {
		return nil, err
	}
	conflicts, err := tx.Conflicts(c.Ent)
	if err != nil {
		return nil, err
	}
	whole := *c
	whole.Kind, whole.Body = app.ChangeEntered, app.Encode(app.Entered{Appeal: *a, Conflicts: conflicts})
	return json.Marshal(whole)
}

// Restrict gives a device another scope: the municipalities, or with none of them
// the whole region. Its workstation takes a snapshot of what it sees now.
func (s *Server) Restrict(device string, municipalities []string) error {
	return s.change(device, func(d *Device) { d.Identity.Municipalities = municipalities })
}
