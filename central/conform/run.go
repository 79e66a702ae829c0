package conform

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"otklik/sync/wire"
)

// Options of a run.
type Options struct {
	URL string // address of the server, without a path
	// Codes are enrolment codes for the role operator. With a second one the
	// checks run that need two workstations, with a third, for some municipalities
	// only, the one of scopes.
	Codes []string
	// Transport carries the requests; nil is http.DefaultTransport.
	Transport http.RoundTripper
	Now       func() time.Time
}

// Outcome of a check.
type Outcome string

// Outcomes.
const (
	Passed  Outcome = "ok"
	Failed  Outcome = "FAIL"
	Skipped Outcome = "skip" // something it needs was not given
)

// Result of one check.
type Result struct {
	Name    string
	Outcome Outcome
	Why     string // of a failure: what was expected and what came
}

// Total counts results.
type Total struct{ Passed, Failed, Skipped int }

// errSkipped is what a check returns that cannot be made here.
var errSkipped = errors.New("needs another enrolment code")

// trial is the state of a run: what one check leaves for the next.
type trial struct {
	options Options
	client  *http.Client
	meta    wire.Meta
	one     *device // nil before it is enrolled
	two     *device // nil where there is no second code
	narrow  *device // nil where there is no third code
}

// checkTime bounds one check; the longest waits for a long-poll.
const checkTime = 2 * time.Minute

// Run makes all checks in their order and reports each when it is done.
func Run(ctx context.Context, o Options, report func(Result)) Total {
	t := &trial{options: o, client: &http.Client{Transport: o.Transport}}
	t.options.URL = strings.TrimRight(o.URL, "/")
	var total Total
	for _, c := range checks {
		if ctx.Err() != nil {
			break
		}
		r := t.make(ctx, c)
		switch r.Outcome {
		case Passed:
			total.Passed++
		case Failed:
			total.Failed++
		case Skipped:
			total.Skipped++
		}
		report(r)
	}
	return total
}

func (t *trial) make(ctx context.Context, c check) Result {
	ctx, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	err := c.make(ctx, t)
	switch {
	case err == nil:
		return Result{Name: c.name, Outcome: Passed}
	case errors.Is(err, errSkipped):
		return Result{Name: c.name, Outcome: Skipped, Why: err.Error()}
	}
	return Result{Name: c.name, Outcome: Failed, Why: err.Error()}
}
