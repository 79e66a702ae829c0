package central

import (
	"compress/gzip"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/klauspost/compress/zstd"

	"otklik/sync/wire"
)

// packFrom is the size from which packing an answer is worth its header.
const packFrom = 1 << 10

var encoders = sync.Pool{New: func() any {
	e, _ := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1), zstd.WithLowerEncoderMem(true),
		zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithWindowSize(1<<20)) // the options are known to be valid
	return e
}}

// packing gives a writer of an answer of about so many bytes, packed as the
// client reads it, and sets the headers that say so. What is written has come to
// its end when finish returns.
func packing(w http.ResponseWriter, r *http.Request, size int) (to io.Writer, finish func() error) {
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("Vary", "Accept-Encoding")
	switch {
	case size < packFrom:
	case accepts(r, wire.EncodingZstd):
		h.Set("Content-Encoding", wire.EncodingZstd)
		e := encoders.Get().(*zstd.Encoder)
		e.Reset(w)
		return e, func() error {
			err := e.Close()
			e.Reset(nil) // lets go of the connection
			encoders.Put(e)
			return err
		}
	case accepts(r, wire.EncodingGzip):
		h.Set("Content-Encoding", wire.EncodingGzip)
		zip, _ := gzip.NewWriterLevel(w, gzip.BestSpeed) // the level is known to be one
		return zip, zip.Close
	}
	return w, func() error { return nil }
}

// accepts says whether the client reads the encoding; «gzip;q=0» says it does
// not.
func accepts(r *http.Request, encoding string) bool {
	for _, c := range strings.Split(r.Header.Get("Accept-Encoding"), ",") {
		name, q, _ := strings.Cut(strings.TrimSpace(c), ";")
		if strings.EqualFold(strings.TrimSpace(name), encoding) {
			weight, has := strings.CutPrefix(strings.TrimSpace(q), "q=")
			n, err := strconv.ParseFloat(weight, 64)
			return !has || err == nil && n > 0
		}
	}
	return false
}
