package conform

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/klauspost/compress/zstd"

	"otklik/app"
	"otklik/sync/wire"
)

func checkMeta(ctx context.Context, t *trial) error {
	a, err := t.send(ctx, "GET", wire.PathMeta, "", nil)
	if err != nil {
		return err
	}
	if err := a.into(&t.meta); err != nil {
		return err
	}
	m := t.meta
	switch {
	case m.Epoch == "" || m.Lineage == nil || m.Time.IsZero():
		return fmt.Errorf("epoch, lineage or time is missing: %s", a.body)
	case m.Proto.Min > wire.Proto || m.Proto.Max < wire.Proto:
		return fmt.Errorf("protocol %d is not among %d to %d", wire.Proto, m.Proto.Min, m.Proto.Max)
	case m.Limits.Ops < 1 || m.Limits.Bytes < 1 || m.Limits.OpBytes < m.Limits.Bytes || m.Limits.Page < 1:
		return fmt.Errorf("limits %+v", m.Limits)
	}
	return nil
}

func checkProto(ctx context.Context, t *trial) error {
	a, err := t.send(ctx, "GET", wire.PathMeta, "", nil)
	if err != nil {
		return err
	}
	if n, err := strconv.Atoi(a.header.Get(wire.HeaderProto)); err != nil || n < wire.Proto {
		return fmt.Errorf("%s: %q", wire.HeaderProto, a.header.Get(wire.HeaderProto))
	}
	for _, said := range []string{"999999", "0", "new"} {
		if a, err = t.send(ctx, "GET", wire.PathMeta, "", nil, wire.HeaderProto, said); err != nil {
			return err
		}
		if _, err := a.refused(http.StatusUpgradeRequired, wire.CodeProto); err != nil {
			return fmt.Errorf("version %s: %w", said, err)
		}
	}
	return nil
}

func checkUnknownPath(ctx context.Context, t *trial) error {
	for _, e := range [][2]string{{"GET", "/v1/nothing"}, {"GET", "/index.html"}} {
		if err := t.refuse(ctx, e[0], e[1], "", nil, 404, app.CodeNotFound); err != nil {
			return fmt.Errorf("%s %s: %w", e[0], e[1], err)
		}
	}
	return nil
}

func checkMalformed(ctx context.Context, t *trial) error {
	d, err := t.station()
	if err != nil {
		return err
	}
	for _, path := range []string{wire.PathEnrol, wire.PathToken, wire.PathOps} {
		for _, body := range []string{"", "{", "[]", "<html>", "{} {}"} {
			if err := t.refuse(ctx, "POST", path, d.token, []byte(body), 400, wire.CodeMalformed); err != nil {
				return fmt.Errorf("%s with %q: %w", path, body, err)
			}
		}
	}
	return nil
}

func checkEncodings(ctx context.Context, t *trial) error {
	d, err := t.station()
	if err != nil {
		return err
	}
	a, err := t.send(ctx, "GET", wire.PathMeta, "", nil)
	if err != nil {
		return err
	}
	plain := app.Encode(wire.Push{Ops: []app.Op{}})
	for _, name := range strings.Split(a.header.Get(wire.HeaderAccepts), ",") {
		name = strings.TrimSpace(name)
		var packed bytes.Buffer
		switch name {
		case wire.EncodingGzip:
			w := gzip.NewWriter(&packed)
			_, err = w.Write(plain)
			err = errors.Join(err, w.Close())
		case wire.EncodingZstd:
			w, fails := zstd.NewWriter(&packed)
			if fails != nil {
				return fails
			}
			_, err = w.Write(plain)
			err = errors.Join(err, w.Close())
		default:
			continue
		}
		if err != nil {
			return err
		}
		a, err := t.send(ctx, "POST", wire.PathOps, d.token, packed.Bytes(), "Content-Encoding", name)
		if err != nil {
			return err
		}
		if err := a.into(&wire.PushReply{}); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

func checkTooMany(ctx context.Context, t *trial) error {
	d, err := t.station()
	if err != nil {
		return err
	}
	// Small ones, so that it is their number that is too large.
	body := `{"after":"","ops":[` + strings.Repeat("0,", t.meta.Limits.Ops) + `0]}`
	return t.refuse(ctx, "POST", wire.PathOps, d.token, []byte(body), 413, wire.CodeTooLarge)
}

func checkTooLarge(ctx context.Context, t *trial) error {
	d, err := t.station()
	if err != nil {
		return err
	}
	two := `{"after":"","ops":[0,0]` + strings.Repeat(" ", t.meta.Limits.Bytes) + "}"
	if err := t.refuse(ctx, "POST", wire.PathOps, d.token, []byte(two), 413, wire.CodeTooLarge); err != nil {
		return fmt.Errorf("two operations in %d bytes: %w", len(two), err)
	}
	huge := bytes.Repeat([]byte(" "), t.meta.Limits.OpBytes+1)
	if err := t.refuse(ctx, "POST", wire.PathOps, d.token, huge, 413, wire.CodeTooLarge); err != nil {
		return fmt.Errorf("%d bytes: %w", len(huge), err)
	}
	return nil
}

func checkRanges(ctx context.Context, t *trial) error {
	d, err := t.station()
	if err != nil {
		return err
	}
	for _, q := range []string{
		"limit=0", "limit=x", fmt.Sprintf("limit=%d", t.meta.Limits.Page+1), "wait=-1", "wait=x", "wait=26",
	} {
		if err := t.refuse(ctx, "GET", wire.PathChanges+"?"+q, d.token, nil, 400, wire.CodeMalformed); err != nil {
			return fmt.Errorf("%s: %w", q, err)
		}
	}
	return nil
}
