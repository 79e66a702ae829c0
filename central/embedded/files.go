package embedded

import (
	"encoding/binary"
	"slices"

	"otklik/central"
)

func (r reader) Uploads(device string) ([]central.Upload, error) {
	all, _, err := get[[]central.Upload](r.tx.Bucket(bucketUploads), []byte(device))
	return all, err
}

func (r reader) Uploading() (devices []string, err error) {
	err = r.tx.Bucket(bucketUploads).ForEach(func(k, _ []byte) error {
		devices = append(devices, string(k))
		return nil
	})
	return devices, err
}

func (r reader) Blob(sha256 string) (central.Blob, bool, error) {
	return get[central.Blob](r.tx.Bucket(bucketBlobs), []byte(sha256))
}

func pieceKey(upload string, n int) []byte {
	return binary.BigEndian.AppendUint32([]byte(upload), uint32(n))
}

func (r reader) Piece(upload string, n int) ([]byte, bool, error) {
	v := r.tx.Bucket(bucketPieces).Get(pieceKey(upload, n))
	return slices.Clone(v), v != nil, nil
}

func (w writer) PutUploads(device string, all []central.Upload) error {
	b := w.tx.Bucket(bucketUploads)
	if len(all) == 0 {
		return b.Delete([]byte(device))
	}
	return put(b, []byte(device), all)
}

func (w writer) PutBlob(b central.Blob) error {
	return put(w.tx.Bucket(bucketBlobs), []byte(b.SHA256), b)
}

func (w writer) DropBlob(sha256 string) error { return w.tx.Bucket(bucketBlobs).Delete([]byte(sha256)) }

// PutPiece keeps the piece as it is: what people attach is packed already.
func (w writer) PutPiece(upload string, n int, piece []byte) error {
	b := w.tx.Bucket(bucketPieces)
	b.FillPercent = 0.9 // of one upload they only come after each other
	return b.Put(pieceKey(upload, n), piece)
}

func (w writer) DropPieces(upload string, n int) error {
	for i := range n {
		if err := w.tx.Bucket(bucketPieces).Delete(pieceKey(upload, i)); err != nil {
			return err
		}
	}
	return nil
}
