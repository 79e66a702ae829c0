package app

import (
	"errors"
	"io"
	"os"
	"path/filepath"
)

// Attach takes a copy of the file a person has chosen, to be named by an event.
// Errors: CodeAttachGone when it cannot be read, CodeAttachEmpty, CodeAttachLarge,
// CodeAttachType, and those of the data folder.
func (d *Desk) Attach(path string) (f File, err error) {
	name := filepath.Base(path)
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return f, Fail(CodeAttachGone, name).Because(err)
	case info.IsDir():
		return f, Fail(CodeAttachType, name)
	case info.Size() > MaxFile:
		return f, Fail(CodeAttachLarge, name, MaxFile>>20)
	}
	from, err := os.Open(path)
	if err != nil {
		return f, Fail(CodeAttachGone, name).Because(err)
	}
	defer func() { err = errors.Join(err, from.Close()) }()
	return d.AttachFrom(name, from)
}

// AttachFrom is Attach for what has no path.
func (d *Desk) AttachFrom(name string, from io.Reader) (File, error) {
	return d.store.KeepFile(name, from)
}

// Attachments gives the files the history of the appeal names, the latest first.
func (d *Desk) Attachments(a *Appeal) ([]Attachment, error) {
	var out []Attachment
	for i := len(a.Events) - 1; i >= 0; i-- {
		for _, f := range a.Events[i].Files {
			out = append(out, Attachment{File: f, Event: a.Events[i].ID})
		}
	}
	if len(out) == 0 {
		return nil, nil
	}
	unsent, err := d.store.FilesUnsent()
	if err != nil {
		return nil, err
	}
	var moving map[string]Transfer
	if d.Exchange() != nil {
		moving = d.Exchange().Transfers()
	}
	for i := range out {
		f := &out[i]
		move, moves := moving[f.SHA256]
		f.Transfer = move
		switch here := d.store.HasFile(f.File); {
		case unsent[f.SHA256] && moves && !move.Fetching:
			f.State = FileSending
		case unsent[f.SHA256]:
			f.State = FileWaiting
		case here:
			f.State, f.Transfer = FileHere, Transfer{}
		case moves && move.Fetching && move.Reason == "":
			f.State = FileFetched
		default:
			f.State = FileServer
		}
	}
	return out, nil
}

// Fetch asks the server for a file that is not here. Without a connection it
// comes when there is one.
func (d *Desk) Fetch(f File) {
	if d.Exchange() != nil && !d.store.HasFile(f) {
		d.Exchange().Fetch(f)
	}
}

// ShowFile gives the path of a copy of the file for other programs. Errors:
// CodeAttachAway when it is not here, CodeAttachDamaged when it has changed on the
// disk; it is asked for anew then.
func (d *Desk) ShowFile(f File) (string, error) {
	path, err := d.store.Shown(f)
	d.again(f, err)
	return path, err
}

// SaveFile writes a copy of the file where a person wants it. Errors are those of
// ShowFile and of the place.
func (d *Desk) SaveFile(f File, to string) error {
	err := d.store.SaveFile(f, to)
	d.again(f, err)
	return err
}

func (d *Desk) again(f File, err error) {
	if c := CodeOf(err); c == CodeAttachAway || c == CodeAttachDamaged {
		d.Fetch(f)
	}
}
