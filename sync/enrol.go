package sync

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"net/http"
	"strings"
	"time"

	"otklik/app"
	"otklik/sync/wire"
)

// Enrolled is what a server and this workstation agreed on.
type Enrolled struct {
	Server   string
	Device   string
	Key      ed25519.PrivateKey
	Identity app.Identity
}

// Enrol makes this workstation known to the server by a code that works once.
func Enrol(ctx context.Context, server, code, name string) (Enrolled, error) {
	return EnrolOver(ctx, nil, server, code, name)
}

// EnrolOver is Enrol over a transport; nil is http.DefaultTransport.
func EnrolOver(ctx context.Context, transport http.RoundTripper, server, code, name string) (Enrolled, error) {
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return Enrolled{}, err
	}
	c := client{http: &http.Client{Transport: transport}, server: strings.TrimRight(server, "/"), now: time.Now}
	ctx, cancel := context.WithTimeout(ctx, answerTimeout)
	defer cancel()
	var reply wire.EnrolReply
	err = c.do(ctx, http.MethodPost, wire.PathEnrol,
		wire.EnrolRequest{Code: code, PublicKey: public, DeviceName: name}, decodeInto(&reply))
	if p := (*problem)(nil); errors.As(err, &p) {
		if p.Code == app.CodeEnrolCode {
			return Enrolled{}, app.Fail(app.CodeEnrolCode).Because(err)
		}
		return Enrolled{}, app.Fail(app.CodeServerAnswer, c.server, p.Code).Because(err)
	}
	return Enrolled{Server: c.server, Device: reply.Device, Key: private, Identity: reply.Identity}, err
}
