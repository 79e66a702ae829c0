package channel

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"sync/atomic"
)

// maxReply bounds what a platform replies, in bytes: a hundred updates with long texts
// are well below.
const maxReply = 16 << 20

// Call sends a request to a platform and reads its reply whole. Its error is ErrNotSent
// where the request surely did not leave, and never shows the address, which holds the
// token on some platforms.
func Call(c *http.Client, q *http.Request) (*http.Response, []byte, error) {
	// No connection, no request: a name that is not found, a refusal, a certificate
	// that does not fit, a time-out before any of that. Where the transport does not
	// tell, nobody knows.
	var asked, connected atomic.Bool
	trace := &httptrace.ClientTrace{
		GetConn: func(string) { asked.Store(true) },
		GotConn: func(httptrace.GotConnInfo) { connected.Store(true) },
	}
	r, err := c.Do(q.WithContext(httptrace.WithClientTrace(q.Context(), trace)))
	if err != nil {
		err = withoutAddress(err)
		if asked.Load() && !connected.Load() {
			return nil, nil, fmt.Errorf("%w: %w", ErrNotSent, err)
		}
		return nil, nil, err
	}
	defer r.Body.Close()
	body, err := io.ReadAll(io.LimitReader(r.Body, maxReply))
	if err != nil {
		return nil, nil, fmt.Errorf("read the reply of the platform: %w", err)
	}
	return r, body, nil
}
