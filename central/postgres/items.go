package postgres

import "otklik/pack"

func itemID(shelf, id string) string { return shelf + "\x00" + id }

func (r reader) Item(shelf, id string) ([]byte, bool, error) {
	packed, ok, err := r.load(tableItems, itemID(shelf, id))
	if !ok {
		return nil, false, err
	}
	body, err := pack.Open(packed)
	return body, err == nil, err
}

func (r reader) Shelf(shelf, after string, limit int) ([]string, error) {
	ids, err := r.between(tableItems, itemID(shelf, after), shelf+"\x01", limit)
	for i, id := range ids {
		ids[i] = id[len(shelf)+1:]
	}
	return ids, err
}

func (w writer) PutItem(shelf, id string, body []byte) error {
	w.written[key{tableItems, itemID(shelf, id)}] = pack.Bytes(body)
	return nil
}

func (w writer) DropItem(shelf, id string) error {
	w.written[key{tableItems, itemID(shelf, id)}] = nil
	return nil
}
