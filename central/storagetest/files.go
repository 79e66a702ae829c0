package storagetest

import (
	"bytes"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"otklik/central"
)

// files: uploads, whole files and the pieces of both, replaced and forgotten.
func files(t *testing.T, open func(*testing.T) central.Storage) {
	s := open(t)
	sha := strings.Repeat("0a", 32)
	one := central.Upload{ID: id(1), SHA256: sha, Type: "image/png", Size: 3 * central.PieceBytes, Offset: 7, State: []byte{0, 255, 1}, Until: moment}
	two := central.Upload{ID: id(2), SHA256: strings.Repeat("0b", 32), Type: "text/plain", Size: 1, Until: moment}
	blob := central.Blob{SHA256: sha, Type: "image/png", Size: 3 * central.PieceBytes, Upload: id(1), Appeals: []string{id(5)}}
	full := bytes.Repeat([]byte{0, 1, 2, 255}, central.PieceBytes/4)
	view(t, s, func(r central.Reader) error {
		absent[central.Blob](t, "blob")(r.Blob(sha))
		absent[[]byte](t, "piece")(r.Piece(id(1), 0))
		all, err := r.Uploads(id(9))
		devices, err2 := r.Uploading()
		if len(all)+len(devices) != 0 {
			t.Errorf("uploads %v of %v", all, devices)
		}
		return errors.Join(err, err2)
	})
	update(t, s, func(tx central.Tx) error {
		err := errors.Join(
			tx.PutUploads(id(9), []central.Upload{one, two}), tx.PutUploads(id(8), []central.Upload{two}),
			tx.PutPiece(id(1), 0, full), tx.PutPiece(id(1), 1, []byte("short")), tx.PutPiece(id(2), 0, []byte("x")),
		)
		same(t, "own piece", []byte("short"))(tx.Piece(id(1), 1))
		all, err2 := tx.Uploads(id(9))
		if len(all) != 2 {
			t.Errorf("own uploads: %+v", all)
		}
		return errors.Join(err, err2)
	})
	update(t, s, func(tx central.Tx) error {
		return errors.Join(tx.PutPiece(id(1), 1, full), tx.PutPiece(id(1), 2, []byte("end")), tx.PutBlob(blob), tx.PutUploads(id(8), nil))
	})
	shut(t, s)

	s = open(t)
	defer shut(t, s)
	view(t, s, func(r central.Reader) error {
		same(t, "blob", blob)(r.Blob(sha))
		for n, want := range [][]byte{full, full, []byte("end")} {
			same(t, "piece", want)(r.Piece(id(1), n))
		}
		absent[[]byte](t, "piece past the end")(r.Piece(id(1), 3))
		all, err := r.Uploads(id(9))
		if err != nil || !reflect.DeepEqual(all, []central.Upload{one, two}) {
			t.Errorf("%+v, %v", all, err)
		}
		devices, err := r.Uploading()
		if !slices.Equal(devices, []string{id(9)}) {
			t.Errorf("uploading: %v", devices)
		}
		return err
	})
	// What fails leaves all as it was.
	stop := errors.New("stop")
	err := s.Update(t.Context(), func(tx central.Tx) error {
		return errors.Join(tx.DropPieces(id(1), 3), tx.DropBlob(sha), tx.PutUploads(id(9), nil), stop)
	})
	if !errors.Is(err, stop) {
		t.Error(err)
	}
	view(t, s, func(r central.Reader) error {
		same(t, "blob", blob)(r.Blob(sha))
		same(t, "piece", full)(r.Piece(id(1), 0))
		return nil
	})
	update(t, s, func(tx central.Tx) error {
		err := errors.Join(tx.DropPieces(id(1), 3), tx.DropBlob(sha), tx.PutUploads(id(9), nil))
		absent[central.Blob](t, "own dropped blob")(tx.Blob(sha))
		absent[[]byte](t, "own dropped piece")(tx.Piece(id(1), 0))
		return err
	})
	view(t, s, func(r central.Reader) error {
		absent[central.Blob](t, "dropped blob")(r.Blob(sha))
		for n := range 3 {
			absent[[]byte](t, "dropped piece")(r.Piece(id(1), n))
		}
		same(t, "piece of another upload", []byte("x"))(r.Piece(id(2), 0))
		return nil
	})
}
