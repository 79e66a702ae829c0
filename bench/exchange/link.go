package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net"
	"os"
	"strings"
	"sync/atomic"
	"time"

	"github.com/Shopify/toxiproxy/v2"
	"github.com/rs/zerolog"
)

// The slow link: so much later in either direction, a round trip takes twice that;
// and no more than so much a second in either.
const (
	linkLatency = 300 // ms
	linkRate    = 64  // KiB a second
)

// slowLink is a way to the address as slow as said, and the end of it.
func slowLink(to string) (address string, stop func(), err error) {
	proxy := toxiproxy.NewProxy(toxiproxy.NewServer(toxiproxy.NewMetricsContainer(nil), zerolog.Nop()), "link", "127.0.0.1:0", to)
	if err := proxy.Start(); err != nil {
		return "", nil, err
	}
	for _, stream := range []string{"upstream", "downstream"} {
		for _, toxic := range []string{
			fmt.Sprintf(`{"type":"latency","stream":%q,"attributes":{"latency":%d}}`, stream, linkLatency),
			fmt.Sprintf(`{"type":"bandwidth","stream":%q,"attributes":{"rate":%d}}`, stream, linkRate),
		} {
			if _, err := proxy.Toxics.AddToxicJson(strings.NewReader(toxic)); err != nil {
				return "", nil, err
			}
		}
	}
	return proxy.Listen, proxy.Stop, nil
}

// counted is a way to an address that counts what goes over it.
type counted struct {
	address               string
	connections, up, down atomic.Int64
}

func count(to string) (*counted, func(), error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, nil, err
	}
	c := &counted{address: l.Addr().String()}
	go func() {
		for {
			near, err := l.Accept()
			if err != nil {
				return
			}
			c.connections.Add(1)
			far, err := net.Dial("tcp", to)
			if err != nil {
				_ = near.Close()
				continue
			}
			go carry(far, near, &c.up)
			go carry(near, far, &c.down)
		}
	}()
	return c, func() { _ = l.Close() }, nil
}

// carry copies until either side ends, and ends the other.
func carry(to, from net.Conn, n *atomic.Int64) {
	buffer := make([]byte, 32<<10)
	for {
		got, err := from.Read(buffer)
		n.Add(int64(got))
		if _, werr := to.Write(buffer[:got]); err != nil || werr != nil {
			_, _ = to.Close(), from.Close()
			return
		}
	}
}

// certificate makes one for this machine, in two files, and gives the authority.
func certificate(folder string) (cert, key string, ca []byte, err error) {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return "", "", nil, err
	}
	of := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "bench"}, NotBefore: time.Now().Add(-time.Hour),
		NotAfter: time.Now().Add(24 * time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, of, of, &private.PublicKey, private)
	if err != nil {
		return "", "", nil, err
	}
	secret, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return "", "", nil, err
	}
	cert, key = folder+"/cert.pem", folder+"/key.pem"
	ca = pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	return cert, key, ca, errors.Join(
		os.WriteFile(cert, ca, 0o600),
		os.WriteFile(key, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret}), 0o600),
	)
}
