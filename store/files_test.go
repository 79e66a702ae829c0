package store

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"otklik/app"
	"otklik/seal"
)

func picture(size int) []byte {
	return append([]byte("\xFF\xD8\xFF\xE0"), bytes.Repeat([]byte{7}, size-4)...)
}

func keep(t *testing.T, s *Store, b []byte) app.File {
	t.Helper()
	f, err := s.KeepFile("Двор.jpg", bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// lying gives every file of the folder of attachments.
func lying(t *testing.T, s *Store) (names []string) {
	t.Helper()
	err := filepath.WalkDir(s.folder(), func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			names = append(names, filepath.Base(path))
		}
		return err
	})
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	return names
}

func TestAttachmentsThatAreNone(t *testing.T) {
	s := open(t)
	broken := errors.New("the stick was pulled out")
	for _, c := range []struct {
		from io.Reader
		code app.Code
	}{
		{strings.NewReader(""), app.CodeAttachEmpty},
		{strings.NewReader("<html>"), app.CodeAttachType},
		{io.MultiReader(bytes.NewReader(picture(1000)), io.LimitReader(zeros{}, app.MaxFile)), app.CodeAttachLarge},
		{iotest.ErrReader(broken), app.CodeAttachGone},
		{io.MultiReader(bytes.NewReader(picture(10000)), iotest.ErrReader(broken)), app.CodeAttachGone},
	} {
		if _, err := s.KeepFile("Двор.jpg", c.from); app.CodeOf(err) != c.code {
			t.Errorf("%v, want %s", err, c.code)
		}
	}
	if left := lying(t, s); len(left) != 0 {
		t.Errorf("left: %v", left)
	}
}

type zeros struct{}

func (zeros) Read(b []byte) (int, error) { clear(b); return len(b), nil }

func TestOperationWaitsForItsFiles(t *testing.T) {
	s := open(t)
	a, other := appeal(1), appeal(2)
	b := picture(5000)
	f := keep(t, s, b)
	if names := lying(t, s); len(names) != 1 || names[0] != f.SHA256 {
		t.Errorf("what a person called it is in the folder: %v", names)
	}
	absent := f
	absent.SHA256 = strings.Repeat("0", 64)
	perform := func(ops ...app.Op) {
		t.Helper()
		if err := s.Perform(ops); err != nil {
			t.Fatal(err)
		}
	}
	perform(create(a), create(other))
	with := event(a, app.Event{Type: app.EventNote})
	with.Files = []app.File{absent}
	if err := s.Perform([]app.Op{with}); app.CodeOf(err) != app.CodeAttachGone {
		t.Errorf("named without its bytes: %v", err)
	}
	with.Files = []app.File{f}
	perform(with, event(a, app.Event{Type: app.EventNote, Text: "после"}), event(other, app.Event{Type: app.EventNote, Text: "мимо"}))
	if got, err := s.Appeal(a.ID); err != nil || len(got.Events[1].Files)+len(got.Events[2].Files) != 1 {
		t.Errorf("%+v %v", got, err)
	}
	sendable := func() int {
		t.Helper()
		ops, err := s.Pending(0, 100, 1<<20, day0)
		if err != nil {
			t.Fatal(err)
		}
		return len(ops)
	}
	if n := sendable(); n != 3 { // two creations and the note that has no file
		t.Errorf("%d operations can be sent", n)
	}
	u, ok, err := s.Unsent(day0)
	if !ok || err != nil || u.File != f || u.Op != with.ID || u.Place != "" {
		t.Errorf("%+v %v %v", u, ok, err)
	}
	err = errors.Join(s.Placed(f.SHA256, "/v1/files/X"), s.Hold([]string{with.ID}, day0.Add(5)))
	if u, ok, _ := s.Unsent(day0.Add(10)); !ok || u.Place != "/v1/files/X" || err != nil {
		t.Errorf("%+v %v", u, err)
	}
	if _, ok, _ := s.Unsent(day0); ok {
		t.Error("the file of a held operation is sent")
	}
	if chunk, err := s.Chunk(f, 4990, 100); err != nil || !bytes.Equal(chunk, b[4990:]) {
		t.Errorf("%d bytes, %v", len(chunk), err)
	}
	if err := errors.Join(s.Uploaded(f.SHA256), s.Hold([]string{with.ID}, day0)); err != nil || sendable() != 5 {
		t.Errorf("%d operations can be sent, %v", sendable(), err)
	}
	if err := s.Missing([]string{with.ID, "unknown"}); err != nil || sendable() != 3 {
		t.Errorf("%d operations can be sent, %v", sendable(), err)
	}
	if err := s.Refuse(with.ID, app.CodeAttachType, day0); err != nil {
		t.Fatal(err)
	}
	if _, ok, _ := s.Unsent(day0.Add(10)); ok || sendable() != 4 {
		t.Errorf("the file of a refused operation is sent, %d operations can be", sendable())
	}
}

// TestHalfAFileIsNone: what is being fetched counts when it is whole and its hash
// fits, whatever was left by a crash.
func TestHalfAFileIsNone(t *testing.T) {
	s := open(t)
	b := picture(5 * seal.Piece)
	const three, four = 3 * seal.Piece, 4 * seal.Piece
	f := keep(t, open(t), b)
	part := func(at int64, b []byte) error { return s.AddPart(f, at, bytes.NewReader(b)) }
	if err := part(0, b[:three+5]); err != nil || s.Part(f) != three || s.HasFile(f) {
		t.Errorf("%v, %d bytes", err, s.Part(f))
	}
	if err := s.AddPart(f, three, io.MultiReader(bytes.NewReader(b[three:four+100]), iotest.ErrReader(io.ErrUnexpectedEOF))); err == nil || s.Part(f) != four {
		t.Errorf("%v, %d bytes", err, s.Part(f))
	}
	wrong := bytes.Clone(b[four:])
	wrong[3]++
	if err := part(four, wrong); app.CodeOf(err) != app.CodeAttachDamaged || s.Part(f) != 0 || s.HasFile(f) {
		t.Errorf("%v, %d bytes", err, s.Part(f))
	}
	if _, err := s.Shown(f); app.CodeOf(err) != app.CodeAttachAway {
		t.Error(err)
	}
	if err := errors.Join(part(0, b[:1]), part(0, b)); err != nil || !s.HasFile(f) {
		t.Error(err)
	}
	to := filepath.Join(t.TempDir(), "Двор.jpg")
	if err := s.SaveFile(f, to); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(to); err != nil || !bytes.Equal(got, b) {
		t.Errorf("%d bytes, %v", len(got), err)
	}
	if path, err := s.Shown(f); err != nil || filepath.Base(path) != f.SHA256+".jpg" {
		t.Errorf("%s %v", path, err)
	}
	if err := os.Truncate(s.filePath(f.SHA256), int64(len(b))-1); err != nil {
		t.Fatal(err)
	}
	if s.HasFile(f) {
		t.Error("a shortened file is called whole")
	}
	if err := s.SaveFile(f, to); app.CodeOf(err) != app.CodeAttachDamaged {
		t.Error(err)
	}
	if _, err := s.Shown(f); app.CodeOf(err) != app.CodeAttachAway {
		t.Error(err)
	}
}
