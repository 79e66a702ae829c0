package central

import (
	"encoding/json"
	"net/http"
	"time"

	"otklik/app"
	"otklik/sync/wire"
)

// problem is an answer that is not a success.
type problem struct {
	status int
	wire.Problem
	after time.Duration // to wait before the next request, 0 where that does not matter
}

func (p *problem) Error() string { return string(p.Code) + ": " + p.Message }

func fail(status int, code app.Code, message string) *problem {
	return &problem{status: status, Problem: wire.Problem{Code: code, Message: message}}
}

func (p *problem) with(detail string) *problem {
	p.Detail = detail
	return p
}

func (p *problem) at(t time.Time) *problem {
	p.Time = t
	return p
}

// write sends the value as JSON. That the other side has gone away is nothing
// the server could do anything about.
func write(w http.ResponseWriter, status int, media string, v any) {
	w.Header().Set("Content-Type", media)
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v)
}
