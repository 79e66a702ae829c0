package conform

import (
	"context"
	"errors"
	"fmt"
	"time"

	"otklik/app"
	"otklik/sync/wire"
)

// errNoDevice is the failure of checks that come to nothing without the one
// that enrols.
var errNoDevice = errors.New("no workstation is enrolled, so this could not be tried")

func (t *trial) station() (*device, error) {
	if t.one == nil || t.one.token == "" {
		return nil, errNoDevice
	}
	return t.one, nil
}

func checkWrongCode(ctx context.Context, t *trial) error {
	q := wire.EnrolRequest{Code: "WRONG-CODE-HERE", PublicKey: make([]byte, 32), DeviceName: "conformance"}
	return t.refuse(ctx, "POST", wire.PathEnrol, "", q, 403, app.CodeEnrolCode)
}

// checkHalfKey must not use the code up: it is needed afterwards.
func checkHalfKey(ctx context.Context, t *trial) error {
	q := wire.EnrolRequest{Code: "WRONG-CODE-HERE", PublicKey: make([]byte, 16), DeviceName: "conformance"}
	return t.refuse(ctx, "POST", wire.PathEnrol, "", q, 400, wire.CodeMalformed)
}

func checkEnrol(ctx context.Context, t *trial) (err error) {
	if len(t.options.Codes) == 0 {
		return errors.New("no enrolment code was given")
	}
	if t.one, err = t.enrol(ctx, t.options.Codes[0]); err != nil {
		return err
	}
	if len(t.options.Codes) > 1 {
		if t.two, err = t.enrol(ctx, t.options.Codes[1]); err != nil {
			return err
		}
	}
	if len(t.options.Codes) > 2 {
		t.narrow, err = t.enrol(ctx, t.options.Codes[2])
	}
	return err
}

func checkCodeOnce(ctx context.Context, t *trial) error {
	if t.one == nil {
		return errNoDevice
	}
	q := wire.EnrolRequest{Code: t.options.Codes[0], PublicKey: make([]byte, 32), DeviceName: "conformance"}
	return t.refuse(ctx, "POST", wire.PathEnrol, "", q, 403, app.CodeEnrolCode)
}

func checkToken(ctx context.Context, t *trial) error {
	if t.one == nil {
		return errNoDevice
	}
	if err := t.one.authenticate(ctx); err != nil {
		return err
	}
	for _, d := range []*device{t.two, t.narrow} {
		if d == nil {
			continue
		}
		if err := d.authenticate(ctx); err != nil {
			return err
		}
	}
	return nil
}

func checkBadSignature(ctx context.Context, t *trial) error {
	if t.one == nil {
		return errNoDevice
	}
	q, err := t.one.request(ctx, 0)
	if err != nil {
		return err
	}
	q.Nonce += "x" // signed was another
	return t.refuse(ctx, "POST", wire.PathToken, "", q, 401, wire.CodeBadSignature)
}

func checkReplay(ctx context.Context, t *trial) error {
	if t.one == nil {
		return errNoDevice
	}
	q, err := t.one.request(ctx, 0)
	if err != nil {
		return err
	}
	if a, err := t.send(ctx, "POST", wire.PathToken, "", q); err != nil || a.status != 200 {
		return fmt.Errorf("the first use of the nonce: %s: %w", a, err)
	}
	return t.refuse(ctx, "POST", wire.PathToken, "", q, 401, wire.CodeReplayed)
}

func checkSkew(ctx context.Context, t *trial) error {
	if t.one == nil {
		return errNoDevice
	}
	for _, off := range []time.Duration{wire.MaxSkew + time.Minute, -wire.MaxSkew - time.Minute} {
		q, err := t.one.request(ctx, off)
		if err != nil {
			return err
		}
		a, err := t.send(ctx, "POST", wire.PathToken, "", q)
		if err != nil {
			return err
		}
		p, err := a.refused(401, wire.CodeClockSkew)
		if err != nil {
			return err
		}
		if p.Time.IsZero() {
			return errors.New("the problem does not tell the server's time")
		}
	}
	return nil
}

func checkUnknownDevice(ctx context.Context, t *trial) error {
	if t.one == nil {
		return errNoDevice
	}
	stranger := *t.one
	stranger.id = app.IDFrom("conformance", t.one.id, "stranger")
	q, err := stranger.request(ctx, 0)
	if err != nil {
		return err
	}
	return t.refuse(ctx, "POST", wire.PathToken, "", q, 401, wire.CodeUnknownDevice)
}

func checkBadToken(ctx context.Context, t *trial) error {
	d, err := t.station()
	if err != nil {
		return err
	}
	other := "A"
	if d.token[:1] == other {
		other = "B"
	}
	for _, bad := range []string{"", "x", d.token[:len(d.token)/2], other + d.token[1:]} {
		for _, e := range [][2]string{{"GET", wire.PathChanges}, {"POST", wire.PathOps}, {"GET", wire.PathAppeals + d.id}} {
			if err := t.refuse(ctx, e[0], e[1], bad, nil, 401, wire.CodeBadToken); err != nil {
				return fmt.Errorf("%s %s with a token of %d characters: %w", e[0], e[1], len(bad), err)
			}
		}
	}
	return nil
}
