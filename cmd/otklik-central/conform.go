package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"otklik/central/conform"
)

// runConform holds a server to the contract: one line a check, and a summary.
func runConform(ctx context.Context, args []string, out io.Writer, now func() time.Time) error {
	f := flags("conform", os.Stderr)
	code := f.String("code", "", "enrolment code for the role operator; two of them, with a comma between, try conflicts, too; a third, of some municipalities only, scopes")
	ca := f.String("ca", "", "PEM file of the server's certificate authority")
	if len(args) == 0 || strings.HasPrefix(args[0], "-") {
		return errors.New("name the server: otklik-central conform URL --code CODE[,CODE[,CODE]]")
	}
	if err := f.Parse(args[1:]); err != nil {
		return err
	}
	if *code == "" {
		return errors.New("--code is missing: enrolment codes work once, so make new ones")
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	if *ca != "" {
		roots, err := rootsOf(*ca)
		if err != nil {
			return err
		}
		transport.TLSClientConfig = &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS13}
	}
	defer transport.CloseIdleConnections()
	options := conform.Options{URL: args[0], Codes: strings.Split(*code, ","), Transport: transport, Now: now}
	total := conform.Run(ctx, options, func(r conform.Result) {
		fmt.Fprintf(out, "%-4s  %s\n", r.Outcome, r.Name)
		if r.Why != "" {
			fmt.Fprintf(out, "      %s\n", r.Why)
		}
	})
	fmt.Fprintf(out, "%d passed, %d failed", total.Passed, total.Failed)
	if total.Skipped > 0 {
		fmt.Fprintf(out, ", %d skipped", total.Skipped)
	}
	fmt.Fprintln(out)
	switch {
	case ctx.Err() != nil:
		return errors.New("stopped before the end")
	case total.Failed > 0:
		return fmt.Errorf("%s does not keep to the contract", args[0])
	}
	return nil
}

func rootsOf(path string) (*x509.CertPool, error) {
	pem, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read the authority: %w", err)
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("%s holds no certificate", path)
	}
	return roots, nil
}
