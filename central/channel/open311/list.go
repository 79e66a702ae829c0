package open311

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"otklik/app"
	"otklik/central"
)

// Bounds of a list.
const (
	window  = 90 * 24 * time.Hour
	maxRows = 1000
)

// view answers from one state of the storage.
type view struct {
	*Endpoint
	tx       central.Reader
	services services
	region   *app.Region
	changed  time.Time // when the tables of the region were last
}

// request answers with one.
func (v view) request(number string) (answer, error) {
	r, ok, err := v.byNumber(number)
	if err == nil && !ok {
		err = wrong(http.StatusNotFound, "обращения с таким номером нет (service_request_id)")
	}
	return listed([]request{r}), err
}

func (v view) byNumber(number string) (r request, ok bool, err error) {
	id, ok, err := v.tx.Item(shelfNumber, number)
	if err != nil || !ok {
		return r, false, err
	}
	r, ok, err = v.public(string(id))
	return r, ok && r.ID == number, err // one that came again has another number
}

// filter is what a list is asked for.
type filter struct {
	codes, statuses []string // nil: any
	start, end      time.Time
	page, size      int
}

// requests answers with a list, the latest first. Numbers go before all other
// arguments.
func (v view) requests(query url.Values) (answer, error) {
	if ids := listOf(query, "service_request_id"); ids != nil {
		var all []request
		for _, number := range ids[:min(len(ids), maxRows)] {
			r, ok, err := v.byNumber(number)
			if err != nil {
				return answer{}, err
			}
			if ok {
				all = append(all, r)
			}
		}
		return listed(all), nil
	}
	f, err := v.filter(query)
	if err != nil {
		return answer{}, err
	}
	all, err := v.list(f)
	return listed(all), err
}

// list goes through the requests of the window.
func (v view) list(f filter) (all []request, err error) {
	after, last := latest(f.end), latest(f.start)
	skip := (f.page - 1) * f.size
	for {
		ids, err := v.tx.Shelf(shelfLatest, after, maxRows)
		if err != nil || len(ids) == 0 {
			return all, err
		}
		for _, id := range ids {
			after = id
			moment, appeal, _ := strings.Cut(id, "/")
			if moment+"/" > last {
				return all, nil
			}
			r, ok, err := v.public(appeal)
			if err != nil {
				return nil, err
			}
			if !ok || f.codes != nil && !slices.Contains(f.codes, r.ServiceCode) || f.statuses != nil && !slices.Contains(f.statuses, r.Status) {
				continue
			}
			if skip > 0 {
				skip--
				continue
			}
			if all = append(all, r); len(all) == f.size {
				return all, nil
			}
		}
	}
}

// filter reads the arguments of a list: the window is never longer than the standard's.
func (v view) filter(query url.Values) (f filter, err error) {
	f = filter{codes: listOf(query, "service_code"), statuses: listOf(query, "status"), page: 1, size: maxRows}
	for _, c := range f.codes {
		if _, known := v.services.of[c]; !known {
			return f, errNoService
		}
	}
	for _, s := range f.statuses {
		if s != statusOpen && s != statusClosed {
			return f, wrong(http.StatusBadRequest, "status бывает open или closed")
		}
	}
	if f.start, err = moment(query, "start_date"); err != nil {
		return f, err
	}
	if f.end, err = moment(query, "end_date"); err != nil {
		return f, err
	}
	switch {
	case f.end.IsZero() && f.start.IsZero():
		f.end = v.Now()
	case f.end.IsZero():
		f.end = f.start.Add(window)
	}
	if earliest := f.end.Add(-window); f.start.Before(earliest) {
		f.start = earliest
	}
	if f.page, err = number(query, "page", 1, 1_000_000); err != nil {
		return f, err
	}
	f.size, err = number(query, "page_size", maxRows, maxRows)
	return f, err
}

// listOf gives the values of an argument, which may stand more than once and has
// commas between values; nil where there are none.
func listOf(query url.Values, name string) (all []string) {
	for part := range strings.SplitSeq(strings.Join(query[name], ","), ",") {
		if part = strings.TrimSpace(part); part != "" {
			all = append(all, part)
		}
	}
	return all
}

// Years the numbers of which fit the order of the shelf.
const firstYear, lastYear = 1980, 2200

// readable says whether a moment is one that is kept.
func readable(t time.Time) bool { return t.Year() >= firstYear && t.Year() <= lastYear }

// parseTime reads a moment as the standard has it, W3C's date and time: seconds may be
// missing, the offset may not.
func parseTime(text string) (time.Time, error) {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t, err = time.Parse("2006-01-02T15:04Z07:00", text)
	}
	return t, err
}

func moment(query url.Values, name string) (time.Time, error) {
	text := query.Get(name)
	if text == "" {
		return time.Time{}, nil
	}
	// A plus that was not escaped has come as a space.
	t, err := parseTime(strings.ReplaceAll(text, " ", "+"))
	if err != nil || !readable(t) {
		return t, wrong(http.StatusBadRequest, name+" — время со сдвигом: 2026-01-31T08:15:30+03:00")
	}
	return t, nil
}

func number(query url.Values, name string, usual, most int) (int, error) {
	text := query.Get(name)
	if text == "" {
		return usual, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > most {
		return 0, wrong(http.StatusBadRequest, name+" — число от 1 до "+strconv.Itoa(most))
	}
	return n, nil
}
