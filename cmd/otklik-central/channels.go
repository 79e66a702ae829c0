package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"golang.org/x/time/rate"

	"otklik/app"
	"otklik/central/channel"
	"otklik/central/channel/open311"
	"otklik/central/channel/sheets"
)

// channelsFile is the file of --channels as it is written: how it looks is in
// docs/channels.ru.md.
type channelsFile struct {
	CountAt app.TimeOfDay     `json:"count_at"` // when pages are counted, in the region's zone
	Lines   []json.RawMessage `json:"lines"`
	Sheets  []json.RawMessage `json:"sheets"`
}

// countAt is when pages are counted unless the file says otherwise: at night, when
// nobody else asks the platforms.
const countAt app.TimeOfDay = 3*60 + 10

// lineEntry is one connection to a platform.
type lineEntry struct {
	Name     string                     `json:"name"`
	Platform string                     `json:"platform"`
	Title    string                     `json:"title"`
	BaseURL  string                     `json:"base_url"`
	CA       string                     `json:"ca"` // PEM file of certificates to trust besides the system's
	Poll     bool                       `json:"poll"`
	Greeting string                     `json:"greeting"`
	Accepted string                     `json:"accepted"`
	Rate     float64                    `json:"rate"`       // answers a second
	PerChat  seconds                    `json:"per_chat"`   // between two answers into one conversation
	Counts   float64                    `json:"count_rate"` // calls that count pages a second
	Settings map[string]string          `json:"settings"`
	Secrets  map[string]json.RawMessage `json:"secrets"`
}

// sheetEntry is a folder that exports are dropped into.
type sheetEntry struct {
	Name    string                     `json:"name"`
	Title   string                     `json:"title"`
	Folder  string                     `json:"folder"`
	Secrets map[string]json.RawMessage `json:"secrets"`
}

// seconds is a time as it is written in the file: 1.5.
type seconds float64

func (s seconds) duration() time.Duration { return time.Duration(float64(s) * float64(time.Second)) }

// channelsConfig is what the file says, made ready.
type channelsConfig struct {
	countAt app.TimeOfDay
	lines   []channel.Line
	sheets  []sheets.Inlet
	open311 *open311.Config // nil: not served
}

// problems are all that is wrong with a file, so that one look mends it.
type problems []string

func (p problems) Error() string { return strings.Join(p, "; ") }

// readChannels reads the file. What can be read of a faulty one comes with problems.
func readChannels(path string) (c channelsConfig, err error) {
	raw, err := readBounded(path)
	if err != nil {
		return c, fmt.Errorf("read the file of channels: %w", err)
	}
	f := channelsFile{CountAt: countAt}
	if err := strict(raw, &f); err != nil {
		return c, problems{fmt.Sprintf("%s: %v", path, err)}
	}
	r := &reader{folder: filepath.Dir(path), names: map[string]bool{}}
	c.countAt = f.CountAt
	for i, raw := range f.Lines {
		r.where = fmt.Sprintf("line %d", i+1)
		r.line(raw, &c)
	}
	for i, raw := range f.Sheets {
		r.where = fmt.Sprintf("sheets %d", i+1)
		r.sheet(raw, &c)
	}
	if len(r.wrong) > 0 {
		return c, r.wrong
	}
	return c, nil
}

// reader reads the entries of a file.
type reader struct {
	folder string // of the file: paths in it begin there
	where  string // entry that is being read, for people
	names  map[string]bool
	wrong  problems
}

func (r *reader) say(format string, args ...any) {
	r.wrong = append(r.wrong, r.where+": "+fmt.Sprintf(format, args...))
}

// named checks what every entry has.
func (r *reader) named(name, title string) bool {
	if name == "" || title == "" {
		r.say("name and title are missing: a name of Latin letters for addresses, a title for people")
		return false
	}
	r.where = fmt.Sprintf("channel «%s»", name)
	if !channel.ValidName(name) {
		r.say("the name is not of small Latin letters, digits and hyphens, which addresses are made of")
		return false
	}
	if r.names[name] {
		r.say("the name stands twice in the file: give it another one")
		return false
	}
	r.names[name] = true
	return true
}

func (r *reader) line(raw json.RawMessage, c *channelsConfig) {
	var e lineEntry
	if err := strict(raw, &e); err != nil {
		r.say("%v", err)
		return
	}
	if !r.named(e.Name, e.Title) {
		return
	}
	if e.Platform == platformOpen311 {
		r.open311(e, c)
		return
	}
	p, known := platforms[e.Platform]
	if !known {
		r.say("platform %q is not known: one of %s, %s", e.Platform, strings.Join(slices.Sorted(maps.Keys(platforms)), ", "), platformOpen311)
		return
	}
	before := len(r.wrong)
	k := connection{name: e.Name, title: e.Title, base: r.base(e.BaseURL), poll: e.Poll, secrets: r.secrets(e.Secrets, p.secrets)}
	k.settings = r.settings(e.Settings, p.settings)
	client, err := httpClient(r.path(e.CA))
	if err != nil {
		r.say("%v", err)
	}
	if e.Rate < 0 || e.PerChat < 0 || e.Counts < 0 {
		r.say("rate, per_chat and count_rate are not below 0")
	}
	if len(r.wrong) > before {
		return
	}
	k.client = client
	l := channel.Line{
		Name: e.Name, Title: e.Title, Rate: p.rate, PerChat: p.perChat, Counts: p.counts, Greeting: e.Greeting, Accepted: e.Accepted, Client: client,
	}
	if l.Platform, err = p.open(k); err != nil {
		r.say("%v", err)
		return
	}
	if e.Rate > 0 {
		l.Rate = rate.Limit(e.Rate)
	}
	if e.PerChat > 0 {
		l.PerChat = e.PerChat.duration()
	}
	if e.Counts > 0 {
		l.Counts = rate.Limit(e.Counts)
	}
	c.lines = append(c.lines, l)
}

func (r *reader) sheet(raw json.RawMessage, c *channelsConfig) {
	var e sheetEntry
	if err := strict(raw, &e); err != nil {
		r.say("%v", err)
		return
	}
	if !r.named(e.Name, e.Title) {
		return
	}
	if e.Folder == "" {
		r.say("a folder is missing: name the one that exports are dropped into")
	}
	given := r.secrets(e.Secrets, names{may: []string{"secret"}})
	c.sheets = append(c.sheets, sheets.Inlet{Name: e.Name, Title: e.Title, Folder: r.path(e.Folder), Secret: given["secret"]})
}

// base checks an address that stands in place of the platform's own.
func (r *reader) base(address string) string {
	if address == "" {
		return ""
	}
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil || u.RawQuery != "" {
		r.say("base_url is not an address like https://api.example.org")
	}
	return address
}

// settings checks what a platform has to be told besides.
func (r *reader) settings(given map[string]string, want names) map[string]string {
	r.known("settings", slices.Collect(maps.Keys(given)), want)
	for _, name := range want.need {
		if given[name] == "" {
			r.say("settings.%s is missing", name)
		}
	}
	return given
}

// known says which names a platform has no use for.
func (r *reader) known(key string, given []string, want names) {
	all := slices.Concat(want.need, want.may)
	slices.Sort(given)
	for _, name := range given {
		if !slices.Contains(all, name) {
			r.say("%s.%s is not known: %s", key, name, orNone(all))
		}
	}
}

func orNone(names []string) string {
	if len(names) == 0 {
		return "there are none here"
	}
	return "one of " + strings.Join(names, ", ")
}

// path is a path of the file: one that is not absolute begins where the file stands.
func (r *reader) path(p string) string {
	if p == "" || filepath.IsAbs(p) {
		return p
	}
	return filepath.Join(r.folder, p)
}

// mostConfig bounds the files of a configuration, in bytes.
const mostConfig = 1 << 20

func readBounded(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	raw, err := io.ReadAll(io.LimitReader(f, mostConfig+1))
	if err == nil && len(raw) > mostConfig {
		err = fmt.Errorf("%s is larger than %d bytes", path, mostConfig)
	}
	return bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf")), err
}

// strict reads JSON that has to be just so. Its errors repeat no value: it may be a
// secret that stands where it must not.
func strict(raw []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	err := d.Decode(v)
	var kind *json.UnmarshalTypeError
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &kind):
		return fmt.Errorf("%s is not written as it has to be: see docs/channels.ru.md", kind.Field)
	case errors.As(err, &syntax):
		return fmt.Errorf("this is no JSON, from byte %d on", syntax.Offset)
	case err != nil && strings.Contains(err.Error(), "unknown field"):
		return errors.New(strings.TrimPrefix(err.Error(), "json: ") + ": mind the spelling; a secret stands under secrets")
	case err != nil:
		return errors.New("this is no JSON, or a value is not written as it has to be")
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("something stands after the end")
	}
	return nil
}
