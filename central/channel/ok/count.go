package ok

import (
	"cmp"
	"context"
	"crypto/md5"
	"encoding/hex"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/time/rate"

	"otklik/app"
	"otklik/central/channel"
)

// Application is what groups are counted as: the token of a group only writes.
type Application struct{ Key, Token, Secret string }

// Counting is a group that counts as well.
type Counting struct {
	*Platform
	a     Application
	names *rate.Limiter // of calls that ask what a name stands for
}

var _ channel.Counter = (*Counting)(nil)

// CountsASecond is a choice of ours: the documentation names no limit.
const CountsASecond = 3

// NewCounting makes one.
func NewCounting(c Config, a Application) *Counting {
	return &Counting{New(c), a, rate.NewLimiter(CountsASecond, 1)}
}

// Batch is half of what other methods of the API take at most: the name of each group may
// have to be asked for in the time of one count.
func (c *Counting) Batch() int { return 50 }

// rest has the REST API do one thing as the application.
func (c *Counting) rest(ctx context.Context, method string, q url.Values, result any) error {
	q.Set("application_key", c.a.Key)
	q.Set("format", "json")
	q.Set("method", method)
	q.Set("sig", c.a.sign(q))
	q.Set("access_token", c.a.Token)
	return c.call(ctx, http.MethodGet, "/fb.do", q, nil, result)
}

// sign gives the signature of a call: over the parameters in their order, without the
// token, and over the secret of the session.
func (a Application) sign(q url.Values) string {
	var b strings.Builder
	for _, k := range slices.Sorted(maps.Keys(q)) {
		if k != "access_token" && k != "sig" {
			b.WriteString(k + "=" + q.Get(k))
		}
	}
	return sum(b.String() + sum(a.Token+a.Secret))
}

func sum(s string) string {
	h := md5.Sum([]byte(s)) // the platform's choice
	return hex.EncodeToString(h[:])
}

// byNumber is an address of a group by its number.
var byNumber = regexp.MustCompile(`^/group/?([0-9]+)(?:/|$)`)

var number = regexp.MustCompile(`^[1-9][0-9]*$`)

// byName is an address of a group by the name it has chosen.
var byName = regexp.MustCompile(`^/[A-Za-z0-9._-]+/?$`)

// uid of a page's group; "" where only its name is known.
func uid(p app.Page) string {
	if number.MatchString(p.External) {
		return p.External
	}
	u, err := url.Parse(p.Link)
	if err != nil {
		return ""
	}
	if m := byNumber.FindStringSubmatch(u.Path); m != nil {
		return m[1]
	}
	return ""
}

// named asks for the number of the group that a link by its name leads to, which is all
// that other calls take. "" where it leads to none. Errors: of one that no other link
// would fare better after.
func (c *Counting) named(ctx context.Context, link string) (string, error) {
	if u, err := url.Parse(link); err != nil || u.Host == "" || !byName.MatchString(u.Path) {
		return "", nil
	}
	if err := c.names.Wait(ctx); err != nil {
		return "", err
	}
	var found struct {
		Type   string `json:"type"`
		Object id     `json:"objectId"`
		Text   id     `json:"objectIdStr"`
	}
	err := c.rest(ctx, "url.getInfo", url.Values{"url": {link}}, &found)
	var f *failure
	switch {
	case errors.As(err, &f) && f.ofOne():
		return "", nil
	case err != nil || !strings.EqualFold(found.Type, "group"):
		return "", err
	}
	return string(cmp.Or(found.Text, found.Object)), nil
}

// ofOne says whether what the API takes amiss is what it was asked for, and not who asks.
func (f *failure) ofOne() bool {
	return f.Code >= codeParam && f.Code <= lastParam && f.reason() != channel.ReasonAccess
}

type group struct {
	UID         id              `json:"uid"`
	Members     id              `json:"members_count"`
	Description *string         `json:"description"`
	Photo       json.RawMessage `json:"main_photo"`
}

// groups are a bare array or one in an object.
type groups []group

func (g *groups) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '[' {
		return json.Unmarshal(b, (*[]group)(g))
	}
	var o struct {
		Groups []group `json:"groups"`
	}
	err := json.Unmarshal(b, &o)
	*g = o.Groups
	return err
}

// Count asks for the members of all groups at once. A group that is not shown is a gap;
// that the platform cannot be asked is an error. How many posts a group has, it tells its
// administrators alone.
func (c *Counting) Count(ctx context.Context, pages []app.Page) (map[string]channel.Counted, error) {
	asked := map[string][]string{} // pages by the numbers of their groups
	learnt := map[string]string{}  // numbers by pages that were known by name
	var refused error              // to tell what further names stand for
	for _, page := range pages {
		n := uid(page)
		if n == "" && refused == nil {
			n, refused = c.named(ctx, page.Link)
			learnt[page.ID] = n
		}
		if n != "" {
			asked[n] = append(asked[n], page.ID)
		}
	}
	out := map[string]channel.Counted{}
	err := c.count(ctx, slices.Sorted(maps.Keys(asked)), asked, out)
	for page, told := range out {
		told.External = learnt[page]
		out[page] = told
	}
	return out, err
}

// count asks for the groups. Where one of them is taken amiss none is told: the halves
// are asked for then, until that one stands alone.
func (c *Counting) count(ctx context.Context, uids []string, asked map[string][]string, out map[string]channel.Counted) error {
	if len(uids) == 0 {
		return nil
	}
	var found groups
	err := c.rest(ctx, "group.getInfo", url.Values{
		"fields": {"uid,members_count,description,main_photo"}, "uids": {strings.Join(uids, ",")},
	}, &found)
	var f *failure
	switch {
	case errors.As(err, &f) && f.ofOne():
		if len(uids) == 1 {
			return nil
		}
		half := len(uids) / 2
		if err := c.count(ctx, uids[:half], asked, out); err != nil {
			return err
		}
		return c.count(ctx, uids[half:], asked, out)
	case f != nil && f.wait() != nil:
		return f.wait()
	case err != nil:
		return err
	}
	for _, g := range found {
		members, err := strconv.ParseUint(string(g.Members), 10, 32)
		if err != nil {
			continue
		}
		for _, page := range asked[string(g.UID)] {
			out[page] = channel.Counted{Subscribers: uint32(members), Marks: g.marks()}
		}
	}
	return nil
}

// marks are those the platform tells of.
func (g *group) marks() map[string]bool {
	out := map[string]bool{}
	if g.Description != nil {
		out[app.MarkDescription] = strings.TrimSpace(*g.Description) != ""
	}
	if len(g.Photo) > 0 {
		out[app.MarkAvatar] = string(g.Photo) != "null"
	}
	return out
}
