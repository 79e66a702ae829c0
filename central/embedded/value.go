package embedded

import (
	"encoding/json"
	"fmt"

	bolt "go.etcd.io/bbolt"

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
