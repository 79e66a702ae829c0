package open311

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"otklik/app"
	"otklik/central"
)

// loadStep is how many requests are loaded in one transaction.
const loadStep = 100

// row is a request as other servers give it out. What the standard calls a string is a
// number in the answers of some.
type row struct {
	ID          text   `json:"service_request_id"`
	Status      string `json:"status"`
	StatusNotes string `json:"status_notes"`
	Title       string `json:"title"`
	Description string `json:"description"`
	ServiceName string `json:"service_name"`
	Requested   string `json:"requested_datetime"`
	Updated     string `json:"updated_datetime"`
	Expected    string `json:"expected_datetime"`
	Address     string `json:"address"`
	Lat         text   `json:"lat"`
	Long        text   `json:"long"`
	URL         string `json:"url"`

	row                   int  // its place in the file, from 1
	odd                   bool // it could not be read
	at, updated, expected time.Time
}

// text is a string, or a number as it is written; ids exceed what a float holds.
type text string

// UnmarshalJSON reads either; null is empty.
func (t *text) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] != '"' {
		var n *json.Number
		if err := json.Unmarshal(b, &n); err != nil {
			return err
		}
		if n != nil {
			*t = text(*n)
		}
		return nil
	}
	return json.Unmarshal(b, (*string)(t))
}

// Loaded is what became of the requests of a file.
type Loaded struct {
	Added     int       `json:"added"`
	Updated   int       `json:"updated"`
	Unchanged int       `json:"unchanged"`
	Skipped   []Skipped `json:"skipped,omitempty"`
}

// Skipped is a request that was not taken in.
type Skipped struct {
	Row int    `json:"row"` // its place in the file, from 1
	Why string `json:"why"` // nothing of what it says
}

// Load takes in requests that another server gave out as JSON: an array, or an object
// with it under "service_requests". The actor stands for the jurisdiction: under the
// same one, a request that is here already is told apart by its service_request_id, and
// what its source says anew is added to it. What went before an error is kept.
func Load(ctx context.Context, server *central.Server, in io.Reader, who central.Actor) (sum Loaded, err error) {
	var rows []row
	flush := func() error {
		step := sum
		err := server.Act(ctx, who, func(a *central.Acting) (err error) {
			step = sum // it may be begun again
			for _, r := range rows {
				if err = step.row(a, who.ID, r); err != nil {
					return err
				}
			}
			return nil
		})
		rows = rows[:0]
		if err == nil {
			sum = step
		}
		return err
	}
	read := 0
	err = readRows(in, func(r row) error {
		read++
		r.row = read
		if why := r.check(); why != "" {
			sum.skip(r, why)
			return nil
		}
		if rows = append(rows, r); len(rows) == loadStep {
			return flush()
		}
		return nil
	})
	if err == nil {
		err = flush()
	}
	slices.SortFunc(sum.Skipped, func(a, b Skipped) int { return a.Row - b.Row })
	return sum, err
}

// readRows calls f with each request.
func readRows(in io.Reader, f func(row) error) error {
	buffered := bufio.NewReader(in)
	if mark, _ := buffered.Peek(3); bytes.Equal(mark, []byte("\xEF\xBB\xBF")) {
		_, _ = buffered.Discard(3) // they are there
	}
	d := json.NewDecoder(buffered)
	first, err := d.Token()
	for err == nil && first == json.Delim('{') {
		var name json.Token
		if name, err = d.Token(); err != nil {
			break
		}
		if name == "service_requests" {
			first, err = d.Token()
			break
		}
		if name == json.Delim('}') {
			break
		}
		var other json.RawMessage
		err = d.Decode(&other)
	}
	if err != nil || first != json.Delim('[') {
		return errNotRequests
	}
	for d.More() {
		var raw json.RawMessage
		if err := d.Decode(&raw); err != nil || raw[0] != '{' {
			return errNotRequests // the decoder's own words may quote the text
		}
		var r row
		if json.Unmarshal(raw, &r) != nil {
			r = row{odd: true}
		}
		if err := f(r); err != nil {
			return err
		}
	}
	if _, err := d.Token(); err != nil {
		return errNotRequests
	}
	return nil
}

var errNotRequests = errors.New("load requests: this is not a list of requests in JSON")

// check reads the moments of the request, and says why it cannot be taken in, "" where
// it can.
func (r *row) check() string {
	r.at, _ = parseTime(r.Requested)
	if r.updated, _ = parseTime(r.Updated); r.updated.Before(r.at) {
		r.updated = r.at
	}
	r.expected, _ = parseTime(r.Expected)
	switch {
	case r.odd:
		return "a field is of another kind than the standard has"
	case r.ID == "":
		return "no service_request_id"
	case !readable(r.at):
		return "requested_datetime is no moment with its offset"
	case !readable(r.updated) || !r.expected.IsZero() && !readable(r.expected):
		return "updated_datetime or expected_datetime is out of bounds"
	}
	return ""
}

func (r *row) closed() bool { return strings.EqualFold(r.Status, statusClosed) }

func (l *Loaded) skip(r row, why string) { l.Skipped = append(l.Skipped, Skipped{r.row, why}) }

func (l *Loaded) row(a *central.Acting, source string, r row) error {
	id := app.IDFrom("open311", source, string(r.ID))
	status := statusOpen
	if r.closed() {
		status = statusClosed
	}
	old, here, err := a.Appeal(id)
	if err != nil {
		return err
	}
	b, _, err := item[beside](a, shelfBeside, id)
	if err != nil {
		return err
	}
	if !here || old.Undone {
		if here { // it was taken back, and comes again: by an operation that has no verdict yet
			b.Changes++
		}
		b = beside{At: r.at, Lat: coordinate(string(r.Lat), 90), Long: coordinate(string(r.Long), 180), Status: status, Changes: b.Changes}
		return l.add(a, id, r, b)
	}
	now := r.appeal(id)
	if e := r.turn(id, old, b, status); e.Type != "" {
		now.Apply(e)
	}
	m, differs := app.Amended(old, now)
	if !differs && b.Status == status {
		l.Unchanged++
		return nil
	}
	b.Status, b.Changes = status, b.Changes+1
	if err := putItem(a, shelfBeside, id, b); err != nil {
		return err
	}
	if differs {
		op := app.IDFrom("open311", id, "amend", strconv.Itoa(b.Changes))
		v, err := a.Do(app.Op{ID: op, Ent: id, Kind: app.OpAmend, At: a.Now(), Payload: app.Encode(m)})
		if err != nil {
			return err
		}
		if v.Verdict == app.VerdictRejected {
			l.skip(r, "not accepted: "+string(v.Reason))
			return nil
		}
	}
	l.Updated++
	return nil
}

func (l *Loaded) add(a *central.Acting, id string, r row, b beside) error {
	one := r.appeal(id)
	one.Apply(app.Event{ID: app.IDFrom("open311", id, "published"), Type: app.EventPublished, At: r.at.UTC()})
	if b.Status == statusClosed {
		one.Apply(app.Event{ID: app.IDFrom("open311", id, statusClosed, "0"), Type: app.EventClosed, At: r.updated.UTC(), Text: r.StatusNotes})
	}
	op := app.IDFrom("open311", id, "create")
	if b.Changes > 0 {
		op = app.IDFrom("open311", id, "create", strconv.Itoa(b.Changes))
	}
	v, err := a.Do(app.Op{ID: op, Ent: id, Kind: app.OpCreate, At: a.Now(), Payload: app.Encode(one)})
	if err != nil {
		return err
	}
	if v.Verdict == app.VerdictRejected {
		l.skip(r, "not accepted: "+string(v.Reason))
		return nil
	}
	l.Added++
	return show(a, id, b)
}

// turn is the event by which the source has closed or reopened the request, if it has
// and people here have not done so themselves.
func (r *row) turn(id string, old *app.Appeal, b beside, status string) app.Event {
	if b.Status == status {
		return app.Event{}
	}
	e := app.Event{ID: app.IDFrom("open311", id, status, strconv.Itoa(b.Changes+1)), At: r.updated.UTC(), Text: r.StatusNotes}
	switch {
	case status == statusClosed && old.Status.Open():
		e.Type = app.EventClosed
	case status == statusOpen && (old.Status == app.StatusClosed || old.Status == app.StatusAnswered):
		e.Type = app.EventReopened
	}
	return e
}

// appeal is what the request says of itself, without a history.
func (r *row) appeal(id string) *app.Appeal {
	a := &app.Appeal{
		ID: id, Kind: app.KindIncident, Source: app.SourceOpen311, External: string(r.ID), Title: r.Title, Text: r.Description,
		Place: r.Address, Link: pictureLink(r.URL), Topic: r.ServiceName, Status: app.StatusNew,
	}
	if r.Title != "" { // FixMyStreet repeats it
		a.Text = strings.TrimPrefix(a.Text, r.Title+": ")
	}
	if a.Text == "" {
		a.Text = r.ServiceName
	}
	if !r.expected.IsZero() {
		a.Due = r.expected.UTC()
	}
	return a
}
