package ui

import (
	"bytes"
	"io"
	"os"
	"time"

	"otklik/app"
)

func (s *fakeStore) KeepFile(name string, from io.Reader) (app.File, error) {
	b, err := io.ReadAll(from)
	f := app.File{SHA256: name, Size: int64(len(b)), Type: app.FileType(b), Name: name}
	if f.Type == "" && err == nil {
		err = app.Fail(app.CodeAttachType, name)
	}
	return f, err
}

func (s *fakeStore) HasFile(f app.File) bool { return s.files[f.SHA256] }

func (s *fakeStore) FilesUnsent() (map[string]bool, error) { return s.unsent, nil }

func (s *fakeStore) Shown(f app.File) (string, error) {
	if !s.files[f.SHA256] {
		return "", app.Fail(app.CodeAttachAway, f.Name)
	}
	return "/nowhere/" + f.SHA256, nil
}

func (s *fakeStore) SaveFile(f app.File, to string) error {
	if _, err := s.Shown(f); err != nil {
		return err
	}
	return os.WriteFile(to, bytes.Repeat([]byte("x"), int(f.Size)), 0o600)
}

func (s *fakeStore) ShowSheet(page []byte) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sheet = page
	return "/nowhere/sheet.html", s.failing
}

func (s *fakeStore) Disclosed(appeal, how string, _ time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.failing != nil {
		return s.failing
	}
	s.disclosed = append(s.disclosed, appeal+" "+how)
	return nil
}

func (x *fakeExchange) Fetch(f app.File) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.fetched = append(x.fetched, f)
}

func (x *fakeExchange) Transfers() map[string]app.Transfer {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.transfers
}
