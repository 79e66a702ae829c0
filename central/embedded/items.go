package embedded

import (
	"bytes"

	"otklik/pack"
)

func itemKey(shelf, id string) []byte { return append(append([]byte(shelf), 0), id...) }

func (r reader) Item(shelf, id string) ([]byte, bool, error) {
	packed := r.tx.Bucket(bucketItems).Get(itemKey(shelf, id))
	if packed == nil {
		return nil, false, nil
	}
	body, err := pack.Open(packed)
	return body, err == nil, err
}

func (r reader) Shelf(shelf, after string, limit int) (ids []string, err error) {
	start, prefix := itemKey(shelf, after), itemKey(shelf, "")
	c := r.tx.Bucket(bucketItems).Cursor()
	k, _ := c.Seek(start)
	if after != "" && bytes.Equal(k, start) {
		k, _ = c.Next()
	}
	for ; len(ids) < limit && bytes.HasPrefix(k, prefix); k, _ = c.Next() {
		ids = append(ids, string(k[len(prefix):]))
	}
	return ids, nil
}

func (w writer) PutItem(shelf, id string, body []byte) error {
	return w.tx.Bucket(bucketItems).Put(itemKey(shelf, id), pack.Bytes(body))
}

func (w writer) DropItem(shelf, id string) error {
	return w.tx.Bucket(bucketItems).Delete(itemKey(shelf, id))
}
