package postgres

import (
	"encoding/binary"

	"otklik/central"
)

func (r reader) Uploads(device string) ([]central.Upload, error) {
	all, _, err := get[[]central.Upload](r, tableUploads, device)
	return all, err
}

func (r reader) Uploading() ([]string, error) { return r.ids(tableUploads) }

func (r reader) Blob(sha256 string) (central.Blob, bool, error) {
	return get[central.Blob](r, tableBlobs, sha256)
}

func pieceID(upload string, n int) string {
	return string(binary.BigEndian.AppendUint32([]byte(upload), uint32(n)))
}

func (r reader) Piece(upload string, n int) ([]byte, bool, error) {
	return r.load(tablePieces, pieceID(upload, n))
}

func (w writer) PutUploads(device string, all []central.Upload) error {
	if len(all) == 0 {
		w.written[key{tableUploads, device}] = nil
		return nil
	}
	return w.put(tableUploads, device, all)
}

func (w writer) PutBlob(b central.Blob) error { return w.put(tableBlobs, b.SHA256, b) }

func (w writer) DropBlob(sha256 string) error {
	w.written[key{tableBlobs, sha256}] = nil
	return nil
}

func (w writer) PutPiece(upload string, n int, piece []byte) error {
	w.written[key{tablePieces, pieceID(upload, n)}] = piece
	return nil
}

func (w writer) DropPieces(upload string, n int) error {
	for i := range n {
		w.written[key{tablePieces, pieceID(upload, i)}] = nil
	}
	return nil
}
