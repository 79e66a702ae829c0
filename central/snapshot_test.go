package central_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"

	"otklik/app"
	"otklik/central"
	"otklik/sync/wire"
)

// rowsOf takes a snapshot in as a workstation would.
func (s *station) rowsOf(shot app.Snapshot) map[app.RowKind][]json.RawMessage {
	s.t.Helper()
	out := map[app.RowKind][]json.RawMessage{}
	unpack, err := zstd.NewReader(nil)
	if err != nil {
		s.t.Fatal(err)
	}
	defer unpack.Close()
	for _, f := range shot.Frames {
		_, packed := s.send("GET", wire.PathSnapshot+"/"+f.SHA256, s.token, nil)
		if sum := sha256.Sum256(packed); hex.EncodeToString(sum[:]) != f.SHA256 || int64(len(packed)) != f.Bytes {
			s.t.Fatalf("a frame of %d bytes is not the one named", len(packed))
		}
		lines, err := unpack.DecodeAll(packed, nil)
		if err != nil {
			s.t.Fatal(err)
		}
		for d, n := json.NewDecoder(bytes.NewReader(lines)), 0; ; n++ {
			var row app.SnapshotRow
			if err := d.Decode(&row); err == io.EOF {
				if n != f.Rows {
					s.t.Errorf("%d rows in a frame of %d", n, f.Rows)
				}
				break
			} else if err != nil {
				s.t.Fatal(err)
			}
			out[row.Kind] = append(out[row.Kind], row.Value)
		}
	}
	return out
}

func TestSnapshotIsTheState(t *testing.T) {
	o := newOffice(t)
	s := o.station("Оператор 1")
	page := app.Page{ID: s.id26(), Network: app.SourceVK, Name: "Школа № 1"}
	day := app.Counters{Day: app.DayOf(noon), Counts: map[string]uint32{page.ID: 812}}
	a, b := s.create(), s.create()
	s.push(a, b, s.op(app.OpPage, s.id26(), page.ID, 0, page), s.op(app.OpCount, s.id26(), day.Day.String(), 0, day))
	shot := get[app.Snapshot](o, "GET", wire.PathSnapshot, s.token, nil)
	rows := s.rowsOf(shot)
	if shot.Rows != 4 || len(rows[app.RowAppeal]) != 2 || len(rows[app.RowPage]) != 1 || len(rows[app.RowCounts]) != 1 {
		t.Fatalf("%d rows: %v", shot.Rows, rows)
	}
	first, err := app.Decode[app.Appeal](rows[app.RowAppeal][0])
	if want := s.appeal(first.ID); err != nil || string(app.Encode(first)) != string(app.Encode(want)) {
		t.Errorf("%+v, want %+v; %v", first, want, err)
	}
	block, err := app.Decode[app.CountsBlock](rows[app.RowCounts][0])
	if days, err2 := block.Counters(); err != nil || err2 != nil || days[0].Counts[page.ID] != 812 {
		t.Errorf("%v %v %v", days, err, err2)
	}
	// What comes after it follows in the feed.
	s.does(a.Ent, app.Event{Type: app.EventNote, Text: "позвонить"})
	if changes, _ := s.page(shot.Next, 100, 0); len(changes) != 1 || changes[0].Seq != 5 {
		t.Errorf("after the snapshot come %+v", changes)
	}
	if again := get[app.Snapshot](o, "GET", wire.PathSnapshot, s.token, nil); again.Next != shot.Next {
		t.Error("one change later it is made anew")
	}
	one := get[app.CountsBlock](o, "GET", wire.PathCounts+day.Day.String(), s.token, nil)
	if days, err := one.Counters(); err != nil || len(days) != 1 || days[0].Counts[page.ID] != 812 {
		t.Errorf("%v %v", days, err)
	}
	o.problem("GET", wire.PathCounts+"2020-01-01", s.token, nil, 404, app.CodeNotFound)
	o.problem("GET", wire.PathCounts+"yesterday", s.token, nil, 400, wire.CodeMalformed)
}

func TestFrameIsResumedAndGuarded(t *testing.T) {
	o := newOffice(t)
	s := o.station("Оператор 1")
	s.push(s.create())
	f := get[app.Snapshot](o, "GET", wire.PathSnapshot, s.token, nil).Frames[0]
	r, _ := http.NewRequestWithContext(t.Context(), "GET", o.http.URL+wire.PathSnapshot+"/"+f.SHA256, nil)
	r.Header.Set("Authorization", "Bearer "+s.token)
	r.Header.Set("Range", "bytes=10-")
	reply, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer reply.Body.Close()
	rest, err := io.ReadAll(reply.Body)
	if reply.StatusCode != http.StatusPartialContent || int64(len(rest)) != f.Bytes-10 || err != nil {
		t.Errorf("%d, %d bytes, %v", reply.StatusCode, len(rest), err)
	}
	o.problem("GET", wire.PathSnapshot+"/"+f.SHA256, "", nil, 401, wire.CodeBadToken)
	o.problem("GET", wire.PathSnapshot+"/"+strings.Repeat("0", 64), s.token, nil, 404, app.CodeNotFound)
	for _, trick := range []string{"..%2f..%2fcentral.db", "%2e%2e", strings.ToUpper(f.SHA256) + "x"} {
		r, _ := http.NewRequestWithContext(t.Context(), "GET", o.http.URL+wire.PathSnapshot+"/"+trick, nil)
		r.Header.Set("Authorization", "Bearer "+s.token)
		reply, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		if _ = reply.Body.Close(); reply.StatusCode != 400 && reply.StatusCode != 404 {
			t.Errorf("%s: %d", trick, reply.StatusCode)
		}
	}
}

func TestFramesGoWithTheServer(t *testing.T) {
	o := newOffice(t)
	s := o.station("Оператор 1")
	s.push(s.create())
	before, err := os.ReadDir(os.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	get[app.Snapshot](o, "GET", wire.PathSnapshot, s.token, nil)
	o.server.Stop()
	after, err := os.ReadDir(os.TempDir())
	if err != nil || len(after) > len(before)+1 { // others use the folder, too
		t.Errorf("%d entries before, %d after; %v", len(before), len(after), err)
	}
}

// TestCopiedFileIsFound lets two files be the same device.
func TestCopiedFileIsFound(t *testing.T) {
	o := newOffice(t)
	s := o.station("Оператор 1")
	a := s.create()
	s.push(a)
	mine := s.event(a.Ent, 1, app.Event{Type: app.EventClassified, Group: "Дороги", Target: "Разметка"})
	copied := s.event(a.Ent, 1, app.Event{Type: app.EventClassified, Group: "ЖКХ", Target: "Отопление"})
	copied.N = mine.N
	s.push(mine)
	o.problem("POST", wire.PathOps, s.token, wire.Push{Ops: []app.Op{s.create(), copied}}, 409, wire.CodeForked)
	if n := len(s.pull()); n != 2 {
		t.Errorf("%d changes: a refused batch left something behind", n)
	}
	// With an incarnation of its own it is another hand: what it did not see it
	// must not overwrite.
	copied.Inc = 77
	if v := s.push(copied).Verdicts[0]; v.Verdict != app.VerdictConflict {
		t.Errorf("%+v", v)
	}
}

func TestCursorOfAnEarlierEpoch(t *testing.T) {
	o := newOffice(t)
	s := o.station("Оператор 1")
	s.push(s.create(), s.create(), s.create())
	_, before := s.page("", 2, 0)
	_, past := s.page("", 3, 0)
	o.stop()
	o.start()
	err := o.storage.Update(t.Context(), func(tx central.Tx) error {
		l, err := tx.Lineage()
		if err != nil {
			return err
		}
		l[len(l)-1].Upto = 2 // as if the third change had been made after the backup
		return tx.PutLineage(append(l, wire.Descent{Epoch: "NEW"}))
	})
	if err != nil {
		t.Fatal(err)
	}
	o.stop()
	o.start()
	if changes, end := s.page(before.Next, 10, 0); len(changes) != 1 || !strings.HasPrefix(end.Next, "NEW.") {
		t.Errorf("what both epochs share: %d changes, next %s", len(changes), end.Next)
	}
	o.problem("GET", wire.PathChanges+"?after="+past.Next, s.token, nil, 410, wire.CodeCursorExpired)
	o.problem("GET", wire.PathChanges+"?after=OTHER.all.1", s.token, nil, 410, wire.CodeCursorExpired)
}

func TestTrimmedFeedSendsNewcomersToTheSnapshot(t *testing.T) {
	o := newOffice(t)
	s := o.station("Оператор 1")
	s.push(s.create(), s.create())
	o.pass(100 * 24 * time.Hour)
	s.authenticate()
	s.push(s.create())
	dropped, err := o.server.Trim(t.Context(), o.clock().Add(-90*24*time.Hour))
	if err != nil || dropped != 2 {
		t.Fatalf("%d dropped, %v", dropped, err)
	}
	o.problem("GET", wire.PathChanges, s.token, nil, 410, wire.CodeCursorExpired)
	shot := get[app.Snapshot](o, "GET", wire.PathSnapshot, s.token, nil)
	if rows := s.rowsOf(shot); len(rows[app.RowAppeal]) != 3 {
		t.Errorf("%d appeals", len(rows[app.RowAppeal]))
	}
	o.problem("POST", wire.PathOps, s.token, wire.Push{Ops: []app.Op{s.create()}}, 410, wire.CodeCursorExpired)
	reply := get[wire.PushReply](o, "POST", wire.PathOps, s.token, wire.Push{Ops: []app.Op{s.create()}, After: shot.Next})
	if len(reply.Verdicts) != 1 || reply.Verdicts[0].Seq != 4 {
		t.Errorf("%+v: the batch that was told to start anew left something behind", reply.Verdicts)
	}
}
