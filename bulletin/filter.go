package bulletin

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"otklik/app"
	"otklik/assets"
)

// namedValues is how many values of a filter are named; the rest are counted.
const namedValues = 4

// Narrowed says in words what the figures were narrowed to, "" where to nothing.
// Who works on appeals and where a place is are personal data: those are told without
// naming them.
func Narrowed(desk *app.Desk, t *assets.Texts, f app.Filter) (string, error) {
	var out []string
	say := func(key string, values []string) {
		if len(values) > 0 {
			out = append(out, t.T("bulletin.filter."+key, listed(t, values)))
		}
	}
	say("municipalities", f.Municipalities)
	say("executors", f.Executors)
	say("groups", f.Groups)
	say("topics", f.Topics)
	say("sources", named(t, "source", f.Sources))
	say("networks", named(t, "source", f.Networks))
	say("kinds", named(t, "kind", f.Kinds))
	if len(f.Assignees) > 0 {
		out = append(out, t.N("bulletin.filter.assignees", len(f.Assignees)))
	}
	if f.Page != "" {
		name, err := pageName(desk, f.Page)
		if err != nil {
			return "", err
		}
		say("page", []string{name})
	}
	if f.Place != "" {
		out = append(out, t.T("bulletin.filter.place"))
	}
	zone := desk.Region().Location()
	moment := func(at time.Time) string { return at.In(zone).Format("02.01.2006 15:04") }
	between := func(key string, m app.Moments) {
		switch {
		case m.From.IsZero() && m.To.IsZero():
		case m.To.IsZero():
			say(key, []string{t.T("bulletin.filter.from", moment(m.From))})
		case m.From.IsZero():
			say(key, []string{t.T("bulletin.filter.to", moment(m.To))})
		default:
			say(key, []string{moment(m.From) + " – " + moment(m.To)})
		}
	}
	between("began", app.Moments{From: f.Since, To: f.Until})
	between("closed", f.Closed)
	if l := f.Took; l != nil {
		words := t.T("bulletin.filter.from", t.Duration(l.AtLeast))
		if l.Below > 0 {
			words = t.Duration(l.AtLeast) + " – " + t.Duration(l.Below)
		}
		say("took", []string{words})
	}
	if h := f.Hour; h != nil {
		say("hour", []string{fmt.Sprintf("%s, %d:00–%d:00", t.Weekday(h.Weekday), h.Hour, h.Hour+1)})
	}
	if f.Late {
		out = append(out, t.T("bulletin.filter.late"))
	}
	return strings.Join(out, "; "), nil
}

func named[V ~string](t *assets.Texts, family string, values []V) []string {
	out := make([]string, len(values))
	for i, v := range values {
		if v != "" {
			out[i] = assets.Name(t, family, v)
		}
	}
	return out
}

// listed writes the first values of a filter.
func listed(t *assets.Texts, values []string) string {
	words := make([]string, 0, namedValues)
	for _, v := range values[:min(len(values), namedValues)] {
		words = append(words, orNone(t, v))
	}
	if more := len(values) - len(words); more > 0 {
		words = append(words, t.N("bulletin.filter.more", more))
	}
	return strings.Join(words, ", ")
}

// orNone names what has no value.
func orNone(t *assets.Texts, name string) string {
	if name == "" {
		return t.T("bulletin.none")
	}
	return name
}

func pageName(desk *app.Desk, id string) (string, error) {
	pages, err := desk.Pages(app.PageQuery{})
	if err != nil {
		return "", err
	}
	for _, p := range pages {
		if p.ID == id {
			return p.Name, nil
		}
	}
	return "", app.Fail(app.CodeNotFound, id)
}

// filterMark tells the documents of one period and different filters apart in names of
// files, without saying what was filtered.
func filterMark(f app.Filter) string {
	sum := sha256.Sum256(app.Encode(f))
	return hex.EncodeToString(sum[:4])
}
