package embedded

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	bolt "go.etcd.io/bbolt"

	"otklik/app"
	"otklik/central"
)

// sumSuffix names the file beside a backup that holds its SHA-256, in the form
// of sha256sum.
const sumSuffix = ".sha256"

// Backup is a copy of the data that was written and read back.
type Backup struct {
	Path   string `json:"path"`
	SHA256 string `json:"sha256"`
	Bytes  int64  `json:"bytes"`
	Head   uint64 `json:"head"` // seq of the newest change in it
}

// WriteBackup copies the data as it is at one moment, while the server goes on;
// the pages it changes meanwhile stay in the file until the copy is done. The
// copy is checked page by page before it takes its name, and its SHA-256 stands
// beside it. A file that is there already is never replaced.
func WriteBackup(ctx context.Context, from central.Storage, to string) (Backup, error) {
	s, ok := from.(*storage)
	if !ok {
		return Backup{}, errors.New("this storage is backed up with tools of its own")
	}
	if err := ctx.Err(); err != nil {
		return Backup{}, err
	}
	if _, err := os.Lstat(to); !errors.Is(err, fs.ErrNotExist) {
		return Backup{}, fmt.Errorf("%s is there already: %w", to, fs.ErrExist)
	}
	part := to + ".part"
	sum := sha256.New()
	err := s.db.View(func(tx *bolt.Tx) error {
		return writeFile(part, func(w io.Writer) error {
			_, err := tx.WriteTo(io.MultiWriter(w, sum))
			return err
		})
	})
	if err != nil {
		return Backup{}, fmt.Errorf("write the backup: %w", errors.Join(err, os.Remove(part)))
	}
	b, err := sum256(part)
	if err == nil {
		err = examine(&b)
	}
	if err == nil && b.SHA256 != sumOf(sum) {
		err = errors.New("what was read back differs from what was written")
	}
	if err != nil {
		return Backup{}, fmt.Errorf("verify the backup: %w", errors.Join(err, os.Remove(part)))
	}
	b.Path = to
	// The sum first: a backup under its name always has one.
	line := b.SHA256 + "  " + filepath.Base(to) + "\n"
	err = writeFile(to+sumSuffix, func(w io.Writer) error {
		_, err := io.WriteString(w, line)
		return err
	})
	if err == nil {
		err = os.Rename(part, to)
	}
	return b, err
}

// Verify proves that a backup is whole: its SHA-256 is that beside it, and every
// page of it can be read. Errors: CodeNoFile, CodeDamagedStore.
func Verify(path string) (Backup, error) {
	line, err := os.ReadFile(path + sumSuffix)
	if err != nil {
		return Backup{}, app.Fail(app.CodeNoFile, path+sumSuffix).Because(err)
	}
	b, err := sum256(path)
	if err != nil {
		return b, err
	}
	if said, _, _ := strings.Cut(string(line), " "); said != b.SHA256 {
		return b, app.Fail(app.CodeDamagedStore, path).Because(errors.New("its SHA-256 is not the one beside it"))
	}
	err = examine(&b)
	return b, err
}

// sum256 reads a file that nobody writes.
func sum256(path string) (Backup, error) {
	f, err := os.Open(path)
	if err != nil {
		return Backup{}, app.Fail(app.CodeNoFile, path).Because(err)
	}
	sum := sha256.New()
	n, err := io.Copy(sum, f)
	if err = errors.Join(err, f.Close()); err != nil {
		return Backup{}, app.Fail(app.CodeNoFile, path).Because(err)
	}
	return Backup{Path: path, Bytes: n, SHA256: sumOf(sum)}, nil
}

// examine reads every page of the backup, and its head.
func examine(b *Backup) error {
	db, err := bolt.Open(b.Path, 0o600, &bolt.Options{ReadOnly: true, Timeout: lockTime})
	if err != nil {
		return app.Fail(app.CodeDamagedStore, b.Path).Because(err)
	}
	err = db.View(func(tx *bolt.Tx) error {
		var damage error
		for err := range tx.Check() { // read to its end, or its goroutine stays
			damage = errors.Join(damage, err)
		}
		if damage != nil {
			return damage
		}
		meta, feed := tx.Bucket(bucketMeta), tx.Bucket(bucketFeed)
		if meta == nil || feed == nil {
			return errors.New("it is not the data of a server")
		}
		if v := meta.Get(keyFormat); len(v) != 8 || binary.BigEndian.Uint64(v) > format {
			return errors.New("it is of another version")
		}
		b.Head = feed.Sequence()
		return nil
	})
	if err = errors.Join(err, db.Close()); err != nil {
		return app.Fail(app.CodeDamagedStore, b.Path).Because(err)
	}
	return nil
}

// Restore puts a backup in the place of the data at path, where no server may
// run, sets the present file aside and begins a new epoch. There is a whole file
// at path at every moment. It returns where the present file went, "" where
// there was none.
func Restore(ctx context.Context, backup, path string, now time.Time) (b Backup, aside string, err error) {
	if b, err = Verify(backup); err != nil {
		return b, "", err
	}
	present, err := idle(path)
	if err != nil {
		return b, "", err
	}
	part := path + ".restored"
	if err := os.Remove(part); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return b, "", err
	}
	if err := copyFile(backup, part); err != nil {
		return b, "", fmt.Errorf("copy the backup: %w", err)
	}
	s, err := Open(part)
	if err != nil {
		return b, "", err
	}
	if err := errors.Join(central.BeginEpoch(ctx, s), s.Close()); err != nil {
		return b, "", err
	}
	if present {
		aside = path + ".before-" + now.UTC().Format("20060102T150405Z")
		if err := setAside(path, aside); err != nil {
			return b, "", fmt.Errorf("set the present data aside: %w", err)
		}
	}
	return b, aside, os.Rename(part, path)
}

// idle says whether there is a file, and refuses where a server has it open. A
// damaged one is no hindrance: it is what backups are for.
func idle(path string) (present bool, err error) {
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	s, err := Open(path)
	switch {
	case err == nil:
		return true, s.Close()
	case app.CodeOf(err) == app.CodeLocked:
		return true, err
	}
	return true, nil
}

// setAside gives the file a second name; the first one is replaced afterwards in
// one step. Where the file system knows no second names it is copied.
func setAside(path, aside string) error {
	if err := os.Link(path, aside); err == nil || errors.Is(err, fs.ErrExist) {
		return err
	}
	return copyFile(path, aside)
}

func copyFile(from, to string) error {
	f, err := os.Open(from)
	if err != nil {
		return err
	}
	defer f.Close() // only read
	return writeFile(to, func(w io.Writer) error {
		_, err := io.Copy(w, f)
		return err
	})
}

// writeFile makes a file nobody else may read, and returns when it is on disk.
func writeFile(path string, content func(io.Writer) error) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	w := bufio.NewWriterSize(f, 1<<20)
	if err = content(w); err == nil {
		err = w.Flush()
	}
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

func sumOf(h hash.Hash) string { return hex.EncodeToString(h.Sum(nil)) }
