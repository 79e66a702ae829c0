package simulate

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"

	"otklik/app"
	"otklik/central"
)

// checkFiles asks that every file a fact names can be read on the server, and
// that what stations have of them is what the hash says.
func (w *world) checkFiles(st state) {
	for _, id := range slices.Sorted(maps.Keys(st.appeals)) {
		for _, e := range st.appeals[id].Events {
			w.checkNamed(id, e.Files)
		}
	}
	for _, op := range slices.Sorted(maps.Keys(st.conflicts)) {
		w.checkNamed(st.conflicts[op].Appeal, st.conflicts[op].Mine.Files)
	}
}

func (w *world) checkNamed(appeal string, files []app.File) {
	for _, f := range files {
		w.attached++
		w.centre.view(func(r central.Reader) error {
			if err := readable(r, appeal, f); err != nil {
				w.violate("files", "%.8s of %s: %v", f.SHA256, appeal, err)
			}
			return nil
		})
		for _, s := range w.stations {
			if !s.disk.HasFile(f) {
				continue
			}
			if err := s.disk.CheckFile(f); err != nil {
				w.violate("files", "%s, %.8s: %v", s.name, f.SHA256, err)
			}
		}
	}
}

// readable says why the server could not send the file, nil where it can.
func readable(r central.Reader, appeal string, f app.File) error {
	b, known, err := r.Blob(f.SHA256)
	switch {
	case err != nil || !known:
		return fmt.Errorf("known %v, %w", known, err)
	case !slices.Contains(b.Appeals, appeal):
		return fmt.Errorf("belongs to %v", b.Appeals)
	}
	sum := sha256.New()
	for n := range int((b.Size + central.PieceBytes - 1) / central.PieceBytes) {
		piece, _, err := r.Piece(b.Upload, n)
		if err != nil {
			return err
		}
		sum.Write(piece)
	}
	if hex.EncodeToString(sum.Sum(nil)) != f.SHA256 || b.Size != f.Size {
		return fmt.Errorf("%d bytes of another hash", b.Size)
	}
	return nil
}
