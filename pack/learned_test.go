package pack

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"testing"
)

// records of which each is another and all are alike.
func records(n int) (out [][]byte) {
	r := rand.New(rand.NewPCG(1, 2))
	words := make([]string, 300)
	for i := range words {
		for range 4 + r.IntN(8) {
			words[i] += string(rune('а' + r.IntN(32)))
		}
	}
	for i := range n {
		record := fmt.Sprintf(`{"number":"2026-%06d","text":"`, i)
		for range 40 {
			record += words[r.IntN(len(words))] + " "
		}
		out = append(out, []byte(record+`"}`))
	}
	return out
}

func TestLearnedIsSmallerAndTheSame(t *testing.T) {
	all := records(2000)
	dictionary, err := Learn(all[:1000])
	if err != nil {
		t.Fatal(err)
	}
	l, err := NewLearned(dictionary)
	if err != nil {
		t.Fatal(err)
	}
	usual, learned := 0, 0
	for _, plain := range all[1000:] {
		packed := l.Bytes(plain)
		usual, learned = usual+len(Bytes(plain)), learned+len(packed)
		if got, err := l.Open(packed); err != nil || !bytes.Equal(got, plain) {
			t.Fatalf("%q %v", got, err)
		}
		if got, err := l.Open(Bytes(plain)); err != nil || !bytes.Equal(got, plain) {
			t.Fatalf("packed before it was learned: %q %v", got, err)
		}
		if _, err := Open(packed); err == nil {
			t.Fatal("opens without the dictionary")
		}
	}
	if learned*10 > usual*8 {
		t.Errorf("%d bytes, %d without learning", learned, usual)
	}
	packed := l.Bytes(all[0])
	for bit := range len(packed) * 8 {
		bad := bytes.Clone(packed)
		bad[bit/8] ^= 1 << (bit % 8)
		if got, err := l.Open(bad); err == nil && !bytes.Equal(got, all[0]) {
			t.Fatalf("bit %d: %q", bit, got)
		}
	}
}

// TestTooLittleToLearnFrom is an error and nothing worse.
func TestTooLittleToLearnFrom(t *testing.T) {
	same := [][]byte{}
	for range 1000 {
		same = append(same, []byte("{}"))
	}
	for _, records := range [][][]byte{nil, {nil}, {[]byte("{}")}, same} {
		if d, err := Learn(records); err == nil {
			if _, err := NewLearned(d); err != nil {
				t.Errorf("a dictionary that is none: %v", err)
			}
		}
	}
}
