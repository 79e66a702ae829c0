package embedded

import (
	"encoding/json"
	"fmt"

	"github.com/klauspost/compress/zstd"
	bolt "go.etcd.io/bbolt"
)

// One encoder and one decoder serve all goroutines: EncodeAll and DecodeAll
// keep no state between calls.
var (
	encoder, _ = zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithWindowSize(128<<10))
	decoder, _ = zstd.NewReader(nil, zstd.WithDecoderMaxMemory(64<<20))
)

func pack(plain []byte) []byte { return encoder.EncodeAll(plain, make([]byte, 0, len(plain)/2+32)) }

func unpack(packed []byte) ([]byte, error) { return decoder.DecodeAll(packed, nil) }

// put writes the value as packed JSON.
func put(b *bolt.Bucket, key []byte, v any) error {
	plain, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("encode: %w", err)
	}
	return b.Put(key, pack(plain))
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
	plain, err := unpack(packed)
	if err == nil {
		err = json.Unmarshal(plain, &v)
	}
	if err != nil {
		return v, fmt.Errorf("decode a record: %w", err)
	}
	return v, nil
}
