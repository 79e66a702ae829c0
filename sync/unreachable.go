package sync

import (
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"strings"

	"otklik/app"
)

// proxyRefused is what a proxy answered instead of letting a request through.
type proxyRefused string

func (p proxyRefused) Error() string { return "proxy: " + string(p) }

// unreachable tells apart why a server gave no answer, where a person can do
// something about it; anything else is a link that is down.
func unreachable(server string, err error) error {
	var (
		known     *app.Error
		authority x509.UnknownAuthorityError
		name      x509.HostnameError
		invalid   x509.CertificateInvalidError
		refused   proxyRefused
		op        *net.OpError
	)
	code := app.CodeNoServer
	switch {
	case errors.As(err, &known):
		return known
	case errors.As(err, &authority):
		code = app.CodeUnknownCA
	case errors.As(err, &name):
		code = app.CodeCertName
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		code = app.CodeCertTime
	case errors.As(err, &invalid):
		code = app.CodeUnknownCA
	case errors.Is(err, http.ErrSchemeMismatch):
		return app.Fail(app.CodeServerAnswer, server, "HTTP").Because(err)
	case errors.As(err, &refused):
		return app.Fail(app.CodeProxy, string(refused)).Because(err)
	case errors.As(err, &op) && op.Op == "proxyconnect":
		return app.Fail(app.CodeProxy, "—").Because(err)
	case oldTLS(err):
		code = app.CodeOldTLS
	}
	return app.Fail(code, server).Because(err)
}

// oldTLS says whether the server speaks no TLS as new as is asked for. The
// alert has no exported type outside QUIC, so its text has to do.
func oldTLS(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && op.Op == "remote error" && strings.Contains(err.Error(), "protocol version")
}
