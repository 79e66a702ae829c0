package store

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"os"
	"path/filepath"
	"testing"

	"otklik/app"
)

func TestForgottenKeyIsNowhereInTheFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "otklik.db")
	s := must[*Store](t)(Open(path, testTerms(t)))
	_, key, err := ed25519.GenerateKey(nil)
	do(t, err)
	before := Device{Server: "https://central.test", ID: "D1", Inc: 3, Key: key, Identity: app.Identity{Name: "Оператор 2"}}
	// Written over and over, among other things, so that old pages hold it, too.
	for i := range 20 {
		do(t, s.SaveDevice(before))
		do(t, s.Perform([]app.Op{create(appeal(i + 1))}))
	}
	text := []byte(base64.StdEncoding.EncodeToString(key))
	if raw := must[[]byte](t)(os.ReadFile(path)); !bytes.Contains(raw, text) {
		t.Fatal("the file does not hold the key to begin with")
	}
	for range 2 { // repeating changes nothing
		do(t, s.ForgetKey())
		if raw := must[[]byte](t)(os.ReadFile(path)); bytes.Contains(raw, text) {
			t.Error("the key is still in the file")
		}
	}
	do(t, s.Close())
	s = must[*Store](t)(Open(path, testTerms(t)))
	defer func() { do(t, s.Close()) }()
	got, ok, err := s.Device()
	do(t, err)
	if !ok || got.Key != nil || got.ID != before.ID || got.Inc != before.Inc || got.Identity.Name != before.Identity.Name {
		t.Errorf("%+v", got)
	}
	if r := must[Report](t)(s.Check()); len(r.Problems) > 0 || r.Pending != 20 {
		t.Errorf("%+v", r)
	}
}

// TestBlotAcrossWindows: the file is read in pieces, and what is sought may lie
// on the seam of two.
func TestBlotAcrossWindows(t *testing.T) {
	text := []byte("a secret that must go")
	for _, at := range []int{0, 1<<20 - len(text), 1<<20 - 1, 1<<20 - len(text)/2, 1 << 20, 2<<20 - 5, 5<<19 - len(text)} {
		raw := bytes.Repeat([]byte{7}, 5<<19)
		copy(raw[at:], text)
		path := filepath.Join(t.TempDir(), "file")
		do(t, os.WriteFile(path, raw, 0o600))
		do(t, (&Store{path: path}).blot(text))
		got := must[[]byte](t)(os.ReadFile(path))
		copy(raw[at:], bytes.Repeat([]byte("A"), len(text)))
		if !bytes.Equal(got, raw) {
			t.Errorf("at %d: the file is not what it was with the text blotted out", at)
		}
	}
}
