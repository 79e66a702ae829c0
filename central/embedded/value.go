package embedded

import (
	"encoding/binary"
	"encoding/json"
	"fmt"

	bolt "go.etcd.io/bbolt"

	"otklik/central"
	"otklik/pack"
)

// put writes the value as packed JSON.
func put(b *bolt.Bucket, key []byte, v any) error {
	plain, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("encode: %w", err)
	}
	return b.Put(key, pack.Bytes(plain))
}

// A change of the feed is its head and its packed JSON. One without a head begins
// as what is packed does.
const (
	headMark   = 0xFF // in front of a head; nothing that is packed begins with it
	headLength = 1 + 3*8
)

func withHead(r central.Reach, packed []byte) []byte {
	v := append(make([]byte, 0, headLength+len(packed)), headMark)
	for _, t := range []central.Tag{r.Author, r.Before, r.After} {
		v = binary.BigEndian.AppendUint64(v, uint64(t))
	}
	return append(v, packed...)
}

// cutHead gives the head of a change, which is unknown where it has none, and
// what follows it.
func cutHead(v []byte) (r central.Reach, packed []byte) {
	if len(v) < headLength || v[0] != headMark {
		return r, v
	}
	for i, t := range []*central.Tag{&r.Author, &r.Before, &r.After} {
		*t = central.Tag(binary.BigEndian.Uint64(v[1+8*i:]))
	}
	return r, v[headLength:]
}

// get reads what put wrote. What it returns holds nothing of the transaction.
func get[T any](b *bolt.Bucket, key []byte) (v T, ok bool, err error) {
	packed := b.Get(key)
	if packed == nil {
		return v, false, nil
	}
	v, err = open[T](packed)
	return v, err == nil, err
}

func open[T any](packed []byte) (v T, err error) {
	plain, err := pack.Open(packed)
	if err == nil {
		err = json.Unmarshal(plain, &v)
	}
	if err != nil {
		return v, fmt.Errorf("decode a record: %w", err)
	}
	return v, nil
}
