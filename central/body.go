package central

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"sync"

	"github.com/klauspost/compress/zstd"

	"otklik/sync/wire"
)

// A zstd frame names the memory it wants before its first byte of content. Those
// who are not known yet get no more than their small bodies can need.
const (
	windowAccess = 128 << 10
	windowPush   = 8 << 20 // what RFC 8878 asks every decoder to take
)

var accessDecoders, pushDecoders = decodersOf(windowAccess), decodersOf(windowPush)

// decodersOf gives decoders that work on the goroutine of their caller.
func decodersOf(window uint64) *sync.Pool {
	return &sync.Pool{New: func() any {
		d, _ := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true),
			zstd.WithDecoderMaxWindow(window), zstd.WithDecoderMaxMemory(windowPush)) // the options are known to be valid
		return d
	}}
}

// body gives the whole body of a request: at most limit bytes as sent, and at
// most limit bytes unpacked.
func body(w http.ResponseWriter, r *http.Request, limit int64) ([]byte, error) {
	sent := http.MaxBytesReader(w, r.Body, limit)
	switch r.Header.Get("Content-Encoding") {
	case "", "identity":
		b, err := io.ReadAll(sent)
		return b, unreadable(err)
	case wire.EncodingZstd:
		pool := pushDecoders
		if limit <= maxAccessBody {
			pool = accessDecoders
		}
		d := pool.Get().(*zstd.Decoder)
		defer func() {
			_ = d.Reset(nil) // lets go of the request
			pool.Put(d)
		}()
		if err := d.Reset(sent); err != nil {
			return nil, unreadable(err)
		}
		return unpacked(d, limit)
	case wire.EncodingGzip:
		zip, err := gzip.NewReader(sent)
		if err != nil {
			return nil, unreadable(err)
		}
		return unpacked(zip, limit)
	}
	return nil, fail(http.StatusUnsupportedMediaType, wire.CodeEncoding, "this Content-Encoding is not read").
		with(wire.Encodings)
}

func unpacked(from io.Reader, limit int64) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(from, limit+1))
	if int64(len(b)) > limit {
		return nil, &http.MaxBytesError{Limit: limit}
	}
	return b, unreadable(err)
}

// unreadable tells a body that is too large from one that is cut off or packed
// wrongly.
func unreadable(err error) error {
	var large *http.MaxBytesError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &large):
		return large
	case errors.Is(err, zstd.ErrWindowSizeExceeded), errors.Is(err, zstd.ErrDecoderSizeExceeded):
		return fail(http.StatusRequestEntityTooLarge, wire.CodeTooLarge, "unpacking the body takes too much memory")
	}
	return fail(http.StatusBadRequest, wire.CodeMalformed, "the body was cut off or is not packed as it says")
}

// read decodes the body of a request: one JSON value and nothing after it.
func read(w http.ResponseWriter, r *http.Request, limit int64, into any) error {
	b, err := body(w, r, limit)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(bytes.TrimSpace(b), into); err != nil {
		return fail(http.StatusBadRequest, wire.CodeMalformed, "the body is not the JSON this path takes")
	}
	return nil
}
