package store

import (
	"bytes"
	"encoding/binary"
	"os"
	"testing"
)

// TestPagesAreNotBelieved makes pages that would send bbolt around for ever, or for
// more memory than there is.
func TestPagesAreNotBelieved(t *testing.T) {
	w := atWork(t, tiny)
	whole := must[[]byte](t)(os.ReadFile(w.path()))
	if err := soundPages(w.path(), nil); err != nil {
		t.Fatal(err)
	}
	le := binary.LittleEndian
	each := func(b []byte, kind uint16, f func(page []byte)) (n int) {
		for at := 2 << 10; at+1<<10 <= len(b); at += 1 << 10 {
			page := b[at : at+1<<10]
			if le.Uint64(page) == uint64(at>>10) && le.Uint16(page[8:]) == kind {
				f(page)
				n++
			}
		}
		return n
	}
	second := pageHead + elementLen + 8 // number of the second page a branch leads to
	for what, spoil := range map[string]func(b []byte) int{
		"branches lead to themselves": func(b []byte) int {
			return each(b, pageBranch, func(page []byte) { le.PutUint64(page[second:], le.Uint64(page)) })
		},
		"branches lead beyond the end": func(b []byte) int {
			return each(b, pageBranch, func(page []byte) { le.PutUint64(page[second:], 1<<40) })
		},
		"the free pages are too many": func(b []byte) int {
			return each(b, pageFreelist, func(page []byte) {
				le.PutUint16(page[10:], 0xFFFF)
				le.PutUint64(page[pageHead:], 1<<40)
			})
		},
		"pages go on beyond the end": func(b []byte) int {
			return each(b, pageBranch, func(page []byte) { le.PutUint32(page[12:], 1<<30) })
		},
		"keys lie outside": func(b []byte) int {
			return each(b, pageBranch, func(page []byte) { le.PutUint32(page[pageHead:], 1<<30) })
		},
	} {
		b := bytes.Clone(whole)
		if spoil(b) == 0 {
			t.Errorf("%s: there is no such page", what)
		}
		do(t, os.WriteFile(w.path(), b, 0o600))
		if soundPages(w.path(), nil) == nil || soundPages(w.path(), readAtOpening) == nil {
			t.Errorf("%s: unnoticed", what)
		}
	}
	do(t, os.WriteFile(w.path(), whole, 0o600))
	s := must[*Store](t)(OpenWith(w.path(), testBox(t), testTerms(t), tiny))
	do(t, w.kept(s))
	do(t, s.Close())
}
