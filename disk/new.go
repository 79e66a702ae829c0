package disk

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// New is a file on its way to a place where none is: what is written to it lies beside
// that place until Keep puts it there whole. Only its owner may read it.
type New struct {
	*os.File
	path string
}

// CreateNew begins one. A file that is there already is fs.ErrExist, at once or when
// it is kept.
func CreateNew(path string) (*New, error) {
	if _, err := os.Lstat(path); err == nil {
		return nil, fs.ErrExist
	}
	part, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*") // of mode 0600
	if err != nil {
		return nil, err
	}
	return &New{part, path}, nil
}

// Keep puts the file in its place, where it is on the disk then; one that cannot be
// put there is taken away. Of several programs that try it, one succeeds.
func (n *New) Keep() (err error) {
	err = errors.Join(n.Sync(), n.Close())
	if err == nil {
		err = place(n.Name(), n.path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(n.Name()))
	}
	SyncFolder(filepath.Dir(n.path))
	return nil
}

// Drop takes the file away.
func (n *New) Drop() error { return errors.Join(n.Close(), os.Remove(n.Name())) }

// place gives the part its name, which nothing may have. Memory sticks know no second
// name of a file: there the name is taken first, empty, and then the part put over it.
func place(part, path string) error {
	err := os.Link(part, path)
	if err == nil {
		return os.Remove(part)
	}
	if errors.Is(err, fs.ErrExist) {
		return err
	}
	taken, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	if err = errors.Join(taken.Close(), os.Rename(part, path)); err != nil {
		return errors.Join(err, os.Remove(path))
	}
	return nil
}
