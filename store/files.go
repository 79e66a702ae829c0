package store

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"otklik/app"
	"otklik/disk"
	"otklik/seal"
)

// Attachments lie in a folder beside the database, each under its hash; the
// names people gave them stand in operations and facts alone. They are sealed as
// values are. A file gets its place only when it is whole and on the disk.

// waitingFile is the record of a file that an operation of the outbox names and
// the server does not have as far as this side knows.
type waitingFile struct {
	File  app.File `json:"file"`
	Place string   `json:"place,omitempty"` // path of its upload on the server
}

func fileKey(n uint64, sha256 string) []byte { return append(number(n), sha256...) }

// heldForFiles is the moment that marks an operation which waits for its files,
// long past: what follows about its record then waits for it like for one the
// server asked to hold, until it is judged. Other operations have none.
func heldForFiles(op app.Op) time.Time {
	if op.Kind != app.OpEvent || len(op.Files) == 0 {
		return time.Time{}
	}
	return time.Unix(1, 0).UTC()
}

// awaitFiles keeps the operation from being sent before its files are.
func (t *tx) awaitFiles(op app.Op) error {
	for _, f := range op.Files {
		raw, err := json.Marshal(waitingFile{File: f})
		if err == nil {
			err = t.Bucket(bucketFiles).Put(fileKey(op.N, f.SHA256), raw)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// forgetFiles is told that the operation waits no more.
func (t *tx) forgetFiles(op app.Op) error {
	for _, f := range op.Files {
		if err := t.Bucket(bucketFiles).Delete(fileKey(op.N, f.SHA256)); err != nil {
			return err
		}
	}
	return nil
}

// awaits says whether a file of the operation is not on the server yet.
func awaits(tx reader, op app.Op) bool {
	for _, f := range op.Files {
		if tx.Bucket(bucketFiles).Has(fileKey(op.N, f.SHA256)) {
			return true
		}
	}
	return false
}

// Unsent gives the file that the oldest operation waits for which is not held.
func (s *Store) Unsent(now time.Time) (u app.Unsent, ok bool, err error) {
	err = s.view(func(tx reader) error {
		c := tx.Bucket(bucketFiles).Cursor()
		for k, v := c.First(); k != nil; k, v = c.Next() {
			var e outboxEntry
			if err := json.Unmarshal(tx.Bucket(bucketOutbox).Get(k[:8]), &e); err != nil {
				return err
			}
			if e.isHeld(now) {
				continue
			}
			var w waitingFile
			if err := json.Unmarshal(v, &w); err != nil {
				return err
			}
			u, ok = app.Unsent{Op: e.Op.ID, Kind: e.Op.Kind, File: w.File, Place: w.Place}, true
			return nil
		}
		return nil
	})
	return u, ok, err
}

// Placed remembers where on the server the upload of a file is.
func (s *Store) Placed(sha256, place string) error {
	return s.update(func(t *tx) error {
		return t.eachWaiting(sha256, func(k []byte, w waitingFile) error {
			w.Place = place
			raw, err := json.Marshal(w)
			if err != nil {
				return err
			}
			return t.Bucket(bucketFiles).Put(k, raw)
		})
	})
}

// Uploaded is told that the file need not be sent any more.
func (s *Store) Uploaded(sha256 string) error {
	return s.update(func(t *tx) error {
		t.changed.Exchange = true
		return t.eachWaiting(sha256, func(k []byte, _ waitingFile) error { return t.Bucket(bucketFiles).Delete(k) })
	})
}

func (t *tx) eachWaiting(sha256 string, f func(key []byte, w waitingFile) error) error {
	all := map[string]waitingFile{}
	err := t.Bucket(bucketFiles).ForEach(func(k, v []byte) error {
		if !bytes.HasSuffix(k, []byte(sha256)) {
			return nil
		}
		var w waitingFile
		err := json.Unmarshal(v, &w)
		all[string(k)] = w
		return err
	})
	for k, w := range all {
		if err == nil {
			err = f([]byte(k), w)
		}
	}
	return err
}

// Missing is told that the server lacks files of the operations: it was restored,
// or has waited for the operations too long.
func (s *Store) Missing(ops []string) error {
	return s.update(func(t *tx) error {
		t.changed.Exchange = true
		for _, id := range ops {
			key := t.Bucket(bucketOutboxIDs).Get([]byte(id))
			if key == nil {
				continue
			}
			var e outboxEntry
			if err := json.Unmarshal(t.Bucket(bucketOutbox).Get(key), &e); err != nil {
				return err
			}
			if err := t.awaitFiles(e.Op); err != nil {
				return err
			}
		}
		// What follows waits for them, whatever is in flight.
		return t.mark(ops, func(e *outboxEntry) { e.Held = time.Unix(1, 0).UTC() })
	})
}

// FilesUnsent gives the hashes of the files that are not on the server yet.
func (s *Store) FilesUnsent() (map[string]bool, error) {
	out := map[string]bool{}
	err := s.view(func(tx reader) error {
		return tx.Bucket(bucketFiles).ForEach(func(k, _ []byte) error {
			out[string(k[8:])] = true
			return nil
		})
	})
	return out, err
}

// folder of attachments.
func (s *Store) folder() string { return strings.TrimSuffix(s.path, filepath.Ext(s.path)) + ".files" }

func (s *Store) filePath(sha256 string) string {
	return filepath.Join(s.folder(), sha256[:2], sha256)
}

// KeepFile takes a copy of what a person attaches. Errors: CodeAttachEmpty,
// CodeAttachLarge, CodeAttachType; CodeDiskFull and CodeNoFolder of the folder.
func (s *Store) KeepFile(name string, from io.Reader) (f app.File, err error) {
	head := make([]byte, app.FileHead)
	n, err := io.ReadFull(from, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return f, app.Fail(app.CodeAttachGone, name).Because(err)
	}
	head = head[:n]
	if n == 0 {
		return f, app.Fail(app.CodeAttachEmpty, name)
	}
	if f.Type = app.FileType(head); f.Type == "" {
		return f, app.Fail(app.CodeAttachType, name)
	}
	if err := os.MkdirAll(s.folder(), 0o700); err != nil {
		return f, writeFailed(s.folder(), err)
	}
	part, err := os.CreateTemp(s.folder(), "new-")
	if err != nil {
		return f, writeFailed(s.folder(), err)
	}
	sum := sha256.New()
	source := &reading{from: io.LimitReader(io.MultiReader(bytes.NewReader(head), from), app.MaxFile+1)}
	sealed := s.box.NewFileWriter(part, 0)
	f.Size, err = io.Copy(io.MultiWriter(sealed, sum), source)
	if err == nil {
		err = sealed.End()
	}
	f.SHA256, f.Name = hex.EncodeToString(sum.Sum(nil)), app.FileName(name, f.Type)
	switch {
	case source.err != nil:
		err = app.Fail(app.CodeAttachGone, name).Because(source.err)
	case err == nil && f.Size > app.MaxFile:
		err = app.Fail(app.CodeAttachLarge, name, app.MaxFile>>20)
	}
	if err != nil {
		return f, errors.Join(writeFailed(s.folder(), err), part.Close(), os.Remove(part.Name()))
	}
	return f, s.settle(part, f.SHA256)
}

// reading tells a failure of the source from one of the copy.
type reading struct {
	from io.Reader
	err  error
}

func (r *reading) Read(b []byte) (int, error) {
	n, err := r.from.Read(b)
	if err != nil && err != io.EOF {
		r.err = err
	}
	return n, err
}

// settle gives a whole file its place: first its bytes are on the disk, then its
// name.
func (s *Store) settle(part *os.File, sha256 string) error {
	to := s.filePath(sha256)
	err := errors.Join(s.sync(part), part.Close())
	if err == nil {
		err = os.MkdirAll(filepath.Dir(to), 0o700)
	}
	if err == nil {
		err = os.Rename(part.Name(), to)
	}
	if err != nil {
		return errors.Join(writeFailed(s.folder(), err), os.Remove(part.Name()))
	}
	if !s.o.NoSync {
		disk.SyncFolder(filepath.Dir(to))
	}
	return nil
}

func (s *Store) sync(f *os.File) error {
	if s.o.NoSync {
		return nil
	}
	return f.Sync()
}

// HasFile says whether the whole file is here, as far as its size tells.
func (s *Store) HasFile(f app.File) bool {
	info, err := os.Stat(s.filePath(f.SHA256))
	return err == nil && info.Size() == s.box.SealedLen(f.Size)
}

// opened is an attachment that can be read.
type opened struct {
	*seal.FileReader
	io.Closer
}

// openFile opens an attachment after its hash was checked. Errors: CodeAttachAway
// where it is not here; CodeAttachDamaged where it has changed on the disk, after
// which it is not here any more and can be fetched anew.
func (s *Store) openFile(f app.File) (opened, error) {
	path := s.filePath(f.SHA256)
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return opened{}, app.Fail(app.CodeAttachAway, f.Name)
	}
	if err != nil {
		return opened{}, app.Fail(app.CodeAttachDamaged, f.Name).Because(err)
	}
	if err = s.checkHash(file, f); err != nil {
		err = app.Fail(app.CodeAttachDamaged, f.Name).Because(errors.Join(err, file.Close()))
		_ = os.Remove(path) // one that stays is found out again
		return opened{}, err
	}
	return opened{s.box.NewFileReader(file, f.Size), file}, nil
}

// checkHash asks that the sealed file is the one that its hash names.
func (s *Store) checkHash(file *os.File, f app.File) error {
	info, err := file.Stat()
	if err != nil {
		return err
	}
	if info.Size() != s.box.SealedLen(f.Size) {
		return fmt.Errorf("it has %d bytes", info.Size())
	}
	sum := sha256.New()
	if _, err := io.Copy(sum, s.box.NewFileReader(file, f.Size)); err != nil {
		return err
	}
	if hex.EncodeToString(sum.Sum(nil)) != f.SHA256 {
		return errors.New("its hash is another")
	}
	return nil
}

// CheckFile says whether the attachment is here and as it was taken in. Errors:
// CodeAttachAway, CodeAttachDamaged, after which it is not here any more.
func (s *Store) CheckFile(f app.File) error {
	file, err := s.openFile(f)
	if err != nil {
		return err
	}
	return file.Close()
}

// Chunk reads a part of an attachment on its way to the server, which checks the
// hash of the whole.
func (s *Store) Chunk(f app.File, at int64, n int) ([]byte, error) {
	file, err := os.Open(s.filePath(f.SHA256))
	if err != nil {
		return nil, app.Fail(app.CodeAttachDamaged, f.Name).Because(err)
	}
	b := make([]byte, min(int64(n), f.Size-at))
	_, err = s.box.NewFileReader(file, f.Size).ReadAt(b, at)
	if err = errors.Join(err, file.Close()); err != nil {
		return nil, app.Fail(app.CodeAttachDamaged, f.Name).Because(err)
	}
	return b, nil
}

func (s *Store) partPath(sha256 string) string { return filepath.Join(s.folder(), sha256+".part") }

// Part says how much of a file that is being fetched is here, in whole pieces.
func (s *Store) Part(f app.File) int64 {
	info, err := os.Stat(s.partPath(f.SHA256))
	if err != nil {
		return 0
	}
	return s.box.WholePieces(info.Size())
}

// AddPart adds what comes of a file after so many bytes, which Part has given or
// are none, and gives it its place when it is whole. What arrived before an error
// is kept in whole pieces, except for a whole that is not the file its hash names:
// CodeAttachDamaged.
func (s *Store) AddPart(f app.File, at int64, from io.Reader) error {
	if err := os.MkdirAll(s.folder(), 0o700); err != nil {
		return writeFailed(s.folder(), err)
	}
	part, err := os.OpenFile(s.partPath(f.SHA256), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return writeFailed(s.folder(), err)
	}
	size, sealed := at, s.box.NewFileWriter(part, at)
	if err = part.Truncate(s.box.SealedLen(at)); err == nil {
		if _, err = part.Seek(0, io.SeekEnd); err == nil {
			var n int64
			n, err = io.Copy(sealed, io.LimitReader(from, f.Size-at))
			size += n
		}
	}
	if err == nil && size == f.Size {
		err = sealed.End()
	}
	if err != nil || size < f.Size {
		return errors.Join(writeFailed(s.folder(), err), part.Close())
	}
	if err = s.checkHash(part, f); err != nil {
		err = app.Fail(app.CodeAttachDamaged, f.Name).Because(err)
		return errors.Join(err, part.Close(), os.Remove(part.Name()))
	}
	return s.settle(part, f.SHA256)
}

// shown is the folder of copies for other programs.
func (s *Store) shown() string { return filepath.Join(s.folder(), "shown") }

// ForgetShown removes the copies that were made for other programs: of all that is
// kept they alone can be read by anybody.
func (s *Store) ForgetShown() error { return os.RemoveAll(s.shown()) }

// Shown gives the path of a copy of an attachment for other programs: with an
// ending of its type, by which they know it, and without the name people gave it.
// Errors are those of CheckFile.
func (s *Store) Shown(f app.File) (string, error) {
	path := filepath.Join(s.shown(), f.SHA256+app.FileEnding(f.Type))
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return "", writeFailed(s.folder(), err)
	}
	return path, s.SaveFile(f, path)
}

// ShowSheet keeps a page for the system's browser as long as such copies are kept.
// Its name says nothing of it.
func (s *Store) ShowSheet(page []byte) (string, error) {
	sum := sha256.Sum256(page)
	path := filepath.Join(s.shown(), hex.EncodeToString(sum[:])+".html")
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return "", writeFailed(s.folder(), err)
	}
	if err := os.WriteFile(path, page, 0o600); err != nil {
		return "", writeFailed(path, err)
	}
	return path, nil
}

// SaveFile writes a copy of an attachment where a person wants it. Errors are
// those of CheckFile, CodeDiskFull and CodeNoFolder.
func (s *Store) SaveFile(f app.File, to string) error {
	from, err := s.openFile(f)
	if err != nil {
		return err
	}
	defer from.Close() // only read
	part, err := os.CreateTemp(filepath.Dir(to), ".otklik-")
	if err != nil {
		return writeFailed(to, err)
	}
	_, err = io.Copy(part, from)
	if err = errors.Join(err, part.Close()); err == nil {
		err = os.Rename(part.Name(), to)
	}
	if err != nil {
		return writeFailed(to, errors.Join(err, os.Remove(part.Name())))
	}
	return nil
}
