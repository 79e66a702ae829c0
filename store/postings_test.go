package store

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"testing"

	bolt "go.etcd.io/bbolt"
	"pgregory.net/rapid"

	"otklik/app"
)

func someLows(rt *rapid.T) []uint32 {
	most := rapid.SampledFrom([]int{3, 300, 80_000}).Draw(rt, "most")
	step := rapid.IntRange(1, chunkRecords/most).Draw(rt, "step")
	set := map[uint32]bool{}
	for i, at := 0, 0; i < most && at < chunkRecords; i++ {
		set[uint32(at)] = true
		at += 1 + (i*7919)%step
	}
	for _, low := range rapid.SliceOfN(rapid.Uint32Range(0, chunkRecords-1), 0, 5).Draw(rt, "lows") {
		set[low] = true
	}
	return slices.Sorted(maps.Keys(set))
}

func TestSetsAreReadAsTheyWereWritten(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		lows := someLows(rt)
		raw := encodeSet(make([]byte, 8), lows)
		e, rest, err := nextEntry(raw)
		if err != nil || len(rest) > 0 {
			rt.Fatalf("%v, %d bytes left", err, len(rest))
		}
		if len(e.set) > chunkRecords/8 {
			rt.Fatalf("%d bytes", len(e.set))
		}
		var set bitset
		do(t, decodeSet(e.set, e.dense, &set))
		if got := set.lows(nil); !slices.Equal(got, lows) {
			rt.Fatalf("wrote %v, read %v", lows, got)
		}
	})
}

// TestDamagedPostingsDoNotMislead: bytes that nobody sealed are read as postings or
// refused, whatever they are; nothing panics and nothing is out of its bounds.
func TestDamagedPostingsDoNotMislead(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		block := rapid.SliceOfN(rapid.Byte(), 0, 64).Draw(rt, "block")
		if rapid.Bool().Draw(rt, "nearly sound") {
			block = encodeSet(make([]byte, 8), someLows(rt))
			block[rapid.IntRange(0, len(block)-1).Draw(rt, "at")] ^= 1 << rapid.IntRange(0, 7).Draw(rt, "bit")
		}
		for rest := block; len(rest) > 0; {
			e, left, err := nextEntry(rest)
			if err != nil {
				break
			}
			var set bitset
			if err := decodeSet(e.set, e.dense, &set); err == nil && !e.dense {
				lows := must[[]uint32](t)(decodeLows(e.set, nil))
				if !slices.Equal(lows, set.lows(nil)) {
					rt.Fatalf("%v and %v", lows, set.lows(nil))
				}
			}
			rest = left
		}
		d := delta{rest: block}
		for more, err := d.next(); more && err == nil; more, err = d.next() {
			if !slices.IsSortedFunc(d.lows, func(a, b lowChange) int { return int(a.low()) - int(b.low()) }) {
				rt.Fatalf("%v", d.lows)
			}
		}
	})
}

func TestChangesAreReadAsTheyWereMade(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		type key struct {
			place
			low uint32
		}
		want := map[key]bool{}
		var changes []postingChange
		for range rapid.IntRange(0, 200).Draw(rt, "changes") {
			c := postingChange{
				term(rapid.Uint64Range(0, 3).Draw(rt, "term")) << 61, rapid.Uint32Range(0, 5).Draw(rt, "record") * 120_011,
				rapid.Bool().Draw(rt, "in"),
			}
			changes = append(changes, c)
			want[key{place{c.chunk(), c.term}, c.record % chunkRecords}] = c.in
		}
		raw, n := encodeDelta(changes)
		if n != len(want) {
			rt.Errorf("%d changes, not %d", n, len(want))
		}
		got, d, last := map[key]bool{}, delta{rest: raw}, place{}
		more, err := d.next()
		for ; more; more, err = d.next() {
			if d.place.compare(last) < 0 {
				rt.Errorf("%v after %v", d.place, last)
			}
			for _, c := range d.lows {
				got[key{d.place, c.low()}] = c.in()
			}
			last = d.place
		}
		do(t, err)
		if !maps.Equal(got, want) {
			rt.Errorf("got %v, want %v", got, want)
		}
	})
}

// TestFlippedBitIsTold: a search in damaged words ends in a sentence, all else goes
// on, and indexing anew mends them.
func TestFlippedBitIsTold(t *testing.T) {
	for _, name := range [][]byte{bucketWords, bucketNewWords, bucketForms} {
		t.Run(string(name), func(t *testing.T) {
			small(t)
			s := open(t)
			var ops []app.Op
			for i := range 30 {
				ops = append(ops, create(appeal(i)))
			}
			do(t, s.Perform(ops)) // enough for blocks
			do(t, s.Perform([]app.Op{create(appeal(30))}))
			damaged, good := map[string][]byte{}, map[string][]byte{}
			do(t, s.db.Update(func(tx *bolt.Tx) error {
				b := tx.Bucket(name)
				do(t, b.ForEach(func(k, v []byte) error {
					good[string(k)] = bytes.Clone(v)
					v = bytes.Clone(v)
					v[len(v)/2] ^= 4
					damaged[string(k)] = v
					return nil
				}))
				if len(damaged) == 0 {
					t.Error("nothing to damage")
				}
				for k, v := range damaged {
					do(t, b.Put([]byte(k), v))
				}
				return nil
			}))
			s.recent, s.stems = nil, newStemmer(s.box) // as after a start
			find := func(words string) (app.Found, error) {
				return s.Find(app.Query{Queue: app.QueueOpen, Now: day0, Words: words})
			}
			for range 2 { // no lock was left behind
				if _, err := find("яма на доро"); app.CodeOf(err) != app.CodeDamagedStore {
					t.Errorf("a search gives %v", err)
				}
			}
			s.db.file.Load().hurt.Store(nil) // as if nobody had met it
			// Forms are looked for with every list, which is met as damage again.
			if f, err := find(""); !bytes.Equal(name, bucketForms) && (err != nil || f.Total != 31) {
				t.Errorf("a list of %d", f.Total)
			}
			s.db.file.Load().hurt.Store(nil)
			if r, err := s.Check(); err != nil || len(r.Problems) == 0 {
				t.Error("the check finds nothing")
			}
			s.db.file.Load().hurt.Store(nil)
			if bytes.Equal(name, bucketForms) {
				// They are read with everything, so only a recovery helps; what it would
				// bring back is put there.
				do(t, s.db.Update(func(tx *bolt.Tx) error {
					for k, v := range good {
						do(t, tx.Bucket(name).Put([]byte(k), v))
					}
					return nil
				}))
				return
			}
			do(t, s.Reindex(t.Context(), nil))
			if f := must[app.Found](t)(find("яма на доро")); f.Total != 31 {
				t.Errorf("found %d", f.Total)
			}
		})
	}
}

// TestFormsAreListedOnce, in few values, however many commits brought them.
func TestFormsAreListedOnce(t *testing.T) {
	small(t)
	s := open(t)
	for i := range 3 * formValues {
		a := appeal(i)
		a.Text = fmt.Sprintf("слово%cслово яма", 'а'+rune(i%20))
		do(t, s.Perform([]app.Op{create(a)}))
		if i%50 == 0 {
			s.stems = newStemmer(s.box) // as after a start
		}
	}
	do(t, s.view(func(tx reader) error {
		values, seen := 0, map[string]int{}
		do(t, tx.Bucket(bucketForms).ForEach(func(_, v []byte) error {
			values++
			for form := range bytes.SplitSeq(bytes.TrimSuffix(v, []byte(formEnd)), []byte(formEnd)) {
				seen[string(form)]++
			}
			return nil
		}))
		for form, n := range seen {
			if n > 1 {
				t.Errorf("%s stands %d times", form, n)
			}
		}
		if values > formValues {
			t.Errorf("%d values", values)
		}
		return nil
	}))
}
