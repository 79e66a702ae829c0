package ok

import (
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

	"otklik/app"
	"otklik/central/channel"
)

// Application is what groups are counted as: the token of a group only writes.
type Application struct{ Key, Token, Secret string }

// Counting is a group that counts as well.
type Counting struct {
	*Platform
	a Application
}

var _ channel.Counter = (*Counting)(nil)

// NewCounting makes one.
func NewCounting(c Config, a Application) *Counting { return &Counting{New(c), a} }

// Batch is what other methods of the API take at most.
func (c *Counting) Batch() int { return 100 }

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

// uid of a page's group; "" where only its name is known, which the call does not take.
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
// that the platform cannot be asked is an error.
func (c *Counting) Count(ctx context.Context, pages []app.Page) (map[string]channel.Counted, error) {
	asked := map[string][]string{} // pages by the numbers of their groups
	for _, page := range pages {
		if n := uid(page); n != "" {
			asked[n] = append(asked[n], page.ID)
		}
	}
	out := map[string]channel.Counted{}
	return out, c.count(ctx, slices.Sorted(maps.Keys(asked)), asked, out)
}

// count asks for the groups. Where one of them is taken amiss none is told: the halves
// are asked for then, until that one stands alone.
func (c *Counting) count(ctx context.Context, uids []string, asked map[string][]string, out map[string]channel.Counted) error {
	if len(uids) == 0 {
		return nil
	}
	q := url.Values{
		"application_key": {c.a.Key}, "format": {"json"}, "method": {"group.getInfo"},
		"fields": {"uid,members_count,description,main_photo"}, "uids": {strings.Join(uids, ",")},
	}
	q.Set("sig", c.a.sign(q))
	q.Set("access_token", c.a.Token)
	var found groups
	err := c.call(ctx, http.MethodGet, "/fb.do", q, nil, &found)
	var f *failure
	switch {
	case errors.As(err, &f) && f.Code >= codeParam && f.Code <= lastParam && f.reason() != channel.ReasonAccess:
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
