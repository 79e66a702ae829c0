package disk

import (
	"errors"
	"os"
	"path/filepath"
)

// WriteWhole puts content into a file that only its owner may read. After a crash
// at any moment there is the old file or the new one, never a part.
func WriteWhole(path string, content []byte) error { return write(path, content, os.Rename) }

// WriteNew is WriteWhole for a file that must not be there yet: fs.ErrExist. Of
// several programs that try it, one succeeds.
func WriteNew(path string, content []byte) error {
	n, err := CreateNew(path)
	if err != nil {
		return err
	}
	if _, err := n.Write(content); err != nil {
		return errors.Join(err, n.Drop())
	}
	return n.Keep()
}

// Publish is WriteWhole for a file that is meant for others: anyone may read it.
func Publish(path string, content []byte) error {
	return write(path, content, func(part, path string) error {
		if err := os.Chmod(part, 0o644); err != nil {
			return err
		}
		return os.Rename(part, path)
	})
}

func write(path string, content []byte, put func(part, path string) error) (err error) {
	part, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*") // of mode 0600
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(part.Name())
		}
	}()
	_, err = part.Write(content)
	if err == nil {
		err = part.Sync()
	}
	if err = errors.Join(err, part.Close()); err != nil {
		return err
	}
	if err = put(part.Name(), path); err != nil {
		return err
	}
	SyncFolder(filepath.Dir(path))
	return nil
}

// SyncFolder sees to it that names given in the folder are on the disk, where the
// system can do that; a rename is whole on all of them.
func SyncFolder(path string) {
	folder, err := os.Open(path)
	if err != nil {
		return
	}
	_ = folder.Sync()
	_ = folder.Close() // only read
}
