package main

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"

	"github.com/klauspost/compress/zstd"

	"otklik/app"
)

// A source is a snapshot in a folder, as a server sends it: a manifest and frames
// of rows, NDJSON packed by zstd. Every store is filled from it.

const (
	manifest  = "snapshot.json"
	frameFile = "frames"
	perFrame  = 330   // appeals in a frame: a mebibyte, as from the server
	pageFrame = 2_000 // pages
)

// writer fills a source.
type writer struct {
	folder  string
	out     *bufio.Writer
	shot    app.Snapshot
	encoder *zstd.Encoder
}

// packed is a frame that can be written.
type packed struct {
	frame app.Frame
	bytes []byte
	err   error
}

func (w *writer) pack(kind app.RowKind, values [][]byte) packed {
	var lines bytes.Buffer
	for _, v := range values {
		fmt.Fprintf(&lines, "{\"k\":%q,\"v\":%s}\n", kind, v)
	}
	b := w.encoder.EncodeAll(lines.Bytes(), nil)
	sum := sha256.Sum256(b)
	return packed{frame: app.Frame{SHA256: hex.EncodeToString(sum[:]), Bytes: int64(len(b)), Rows: len(values)}, bytes: b}
}

func (w *writer) write(p packed) error {
	if p.err != nil {
		return p.err
	}
	w.shot.Frames = append(w.shot.Frames, p.frame)
	w.shot.Rows += p.frame.Rows
	w.shot.Bytes += p.frame.Bytes
	_, err := w.out.Write(p.bytes)
	return err
}

// inOrder makes frames on all processors and writes them in their order.
func (w *writer) inOrder(n int, frame func(i int) packed) error {
	under := make(chan chan packed, 2*runtime.GOMAXPROCS(0))
	stop := make(chan struct{})
	defer close(stop)
	go func() {
		defer close(under)
		for i := range n {
			one := make(chan packed, 1)
			select {
			case under <- one:
			case <-stop:
				return
			}
			go func() { one <- frame(i) }()
		}
	}()
	for one := range under {
		if err := w.write(<-one); err != nil {
			return err
		}
	}
	return nil
}

// writeSource writes the world into a folder; seen is told every appeal, on several
// goroutines, counted every day.
func (w *world) writeSource(folder string, seen func(n int, a *app.Appeal), counted func(app.Day, []uint32)) (err error) {
	f, err := os.Create(filepath.Join(folder, frameFile))
	if err != nil {
		return err
	}
	defer f.Close()
	encoder, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest))
	if err != nil {
		return err
	}
	out := &writer{folder: folder, out: bufio.NewWriterSize(f, 1<<20), encoder: encoder, shot: app.Snapshot{Next: "1"}}
	err = out.inOrder((w.pages+pageFrame-1)/pageFrame, func(i int) packed {
		var values [][]byte
		for _, p := range w.page[i*pageFrame : min(w.pages, (i+1)*pageFrame)] {
			values = append(values, app.Encode(p))
		}
		return out.pack(app.RowPage, values)
	})
	if err != nil {
		return err
	}
	err = out.inOrder((w.appeals+perFrame-1)/perFrame, func(i int) packed {
		var values [][]byte
		for n := i * perFrame; n < min(w.appeals, (i+1)*perFrame); n++ {
			a := w.appeal(n)
			seen(n, a)
			values = append(values, app.Encode(a))
		}
		return out.pack(app.RowAppeal, values)
	})
	if err != nil {
		return err
	}
	var days []app.Day
	var counts [][]uint32
	last := w.first + app.Day(w.days) - 1
	err = w.counters(func(day app.Day, column []uint32) error {
		counted(day, column)
		days, counts = append(days, day), append(counts, column)
		if len(days) < blockDays && day < last {
			return nil
		}
		p := out.pack(app.RowCounts, [][]byte{app.Encode(w.block(days, counts))})
		days, counts = nil, nil
		return out.write(p)
	})
	if err != nil {
		return err
	}
	if err := out.out.Flush(); err != nil {
		return err
	}
	return writeJSON(filepath.Join(folder, manifest), out.shot)
}

// reader reads a source frame by frame.
type reader struct {
	file    *os.File
	shot    app.Snapshot
	next    int
	decoder *zstd.Decoder
}

func openSource(folder string) (*reader, error) {
	r := &reader{}
	err := readJSON(filepath.Join(folder, manifest), &r.shot)
	if err != nil {
		return nil, err
	}
	if r.decoder, err = zstd.NewReader(nil, zstd.WithDecoderConcurrency(0)); err != nil {
		return nil, err
	}
	r.file, err = os.Open(filepath.Join(folder, frameFile))
	return r, err
}

// rows of the next frame; io.EOF after the last.
func (r *reader) rows() ([]app.SnapshotRow, error) {
	if r.next == len(r.shot.Frames) {
		return nil, io.EOF
	}
	b := make([]byte, r.shot.Frames[r.next].Bytes)
	r.next++
	if _, err := io.ReadFull(r.file, b); err != nil {
		return nil, err
	}
	plain, err := r.decoder.DecodeAll(b, nil)
	if err != nil {
		return nil, err
	}
	var out []app.SnapshotRow
	for line := range bytes.Lines(plain) {
		var row app.SnapshotRow
		if err := json.Unmarshal(line, &row); err != nil {
			return nil, err
		}
		out = append(out, row)
	}
	return out, nil
}

func writeJSON(path string, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return os.WriteFile(path, b, 0o600)
}

func readJSON(path string, v any) error {
	b, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	return json.Unmarshal(b, v)
}
