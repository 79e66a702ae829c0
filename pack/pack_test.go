package pack

import (
	"bytes"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"
	"pgregory.net/rapid"
)

func TestWhatIsPackedComesBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		plain := rapid.SliceOf(rapid.Byte()).Draw(t, "plain")
		if rapid.Bool().Draw(t, "like a record") {
			from := rapid.IntRange(0, len(dictionary1)-1).Draw(t, "from")
			plain = append(plain, dictionary1[from:min(from+3000, len(dictionary1))]...)
		}
		got, err := Open(Bytes(plain))
		if err != nil || !bytes.Equal(got, plain) {
			t.Fatalf("%d bytes come back as %d: %v", len(plain), len(got), err)
		}
	})
}

func TestDamageIsNoticed(t *testing.T) {
	packed := Bytes([]byte(strings.Repeat("Третий день не чинят яму. ", 20)))
	for i := range packed {
		for bit := range 8 {
			torn := bytes.Clone(packed)
			torn[i] ^= 1 << bit
			if _, err := Open(torn); err == nil {
				t.Fatalf("nobody notices bit %d of byte %d", bit, i)
			}
		}
		if _, err := Open(packed[:i]); err == nil {
			t.Fatalf("nobody notices that all after %d bytes is missing", i)
		}
	}
}

func TestRecordsOfOldFilesAreRead(t *testing.T) {
	w, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	got, err := Open(w.EncodeAll([]byte("old"), nil))
	if err != nil || string(got) != "old" {
		t.Fatalf("%q: %v", got, err)
	}
}

func FuzzOpen(f *testing.F) {
	f.Add(Bytes([]byte("text")))
	f.Fuzz(func(t *testing.T, packed []byte) {
		if plain, err := Open(packed); err == nil && len(plain) > Largest {
			t.Fatal("larger than a record may be")
		}
	})
}
