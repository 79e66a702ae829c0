package vk

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"otklik/app"
	"otklik/central/channel"
)

// Batch is how many communities groups.getById takes at once; where their walls are
// read as well, as many as can be read in the time of one count.
func (p *Platform) Batch() int {
	if p.c.ServiceToken != "" {
		return 4 * wallsAtOnce
	}
	return 500
}

// byNumber is an address of a community by its number: the network shows the same one
// under each of these names.
var byNumber = regexp.MustCompile(`^(?:public|club|event)(\d+)$`)

// byName is an address a community has chosen.
var byName = regexp.MustCompile(`^[a-z0-9_.]+$`)

// called is what groups.getById finds a page by: its number or its name. ok is false
// where a link leads to no community.
func called(link string) (string, bool) {
	u, err := url.Parse(link)
	if err != nil || u.Host == "" {
		return "", false
	}
	name := strings.ToLower(strings.Trim(u.Path, "/"))
	if m := byNumber.FindStringSubmatch(name); m != nil {
		return m[1], true
	}
	return name, byName.MatchString(name)
}

// group is a community as groups.getById tells it.
type group struct {
	ID          int64   `json:"id"`
	Name        string  `json:"screen_name"`
	Deactivated string  `json:"deactivated"`
	Members     *uint32 `json:"members_count"`
	Description *string `json:"description"`
	Photo       *flag   `json:"has_photo"`
	Cover       *struct {
		Enabled flag `json:"enabled"`
	} `json:"cover"`
}

// groups are of version 5.199, older ones reply with the bare array.
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

// Count asks for the members of all pages at once, and then for their posts. A community
// VK does not show is a gap; that VK cannot be asked is an error. Whether it is verified
// by the state VK does not tell: its own check mark is another one.
func (p *Platform) Count(ctx context.Context, pages []app.Page) (map[string]channel.Counted, error) {
	c := &count{p: p, asked: map[string][]string{}, out: map[string]channel.Counted{}, groups: map[int64][]string{}}
	var names []string
	for _, page := range pages {
		if name, is := called(page.Link); is {
			if c.asked[name] == nil {
				names = append(names, name)
			}
			c.asked[name] = append(c.asked[name], page.ID)
		}
	}
	if err := c.members(ctx, names); err != nil {
		return c.out, err
	}
	for g, posts := range p.posts(ctx, slices.Sorted(maps.Keys(c.groups))) {
		for _, id := range c.groups[g] {
			told := c.out[id]
			posts.Tell(&told)
			c.out[id] = told
		}
	}
	return c.out, nil
}

// count is one, of many pages.
type count struct {
	p      *Platform
	asked  map[string][]string // pages by what they are called on VK
	groups map[int64][]string  // pages by the number of the community, of those found
	out    map[string]channel.Counted
}

// members asks for the names. Where VK takes one of them amiss it tells none: the halves
// are asked for then, until that one stands alone.
func (c *count) members(ctx context.Context, names []string) error {
	if len(names) == 0 {
		return nil
	}
	var found groups
	err := c.p.call(ctx, c.p.c.Token, "groups.getById", url.Values{
		"group_ids": {strings.Join(names, ",")}, "fields": {"members_count,description,cover,has_photo"},
	}, &found)
	var f *failure
	switch {
	case errors.As(err, &f) && (f.Code == 100 || f.Code == 125):
		if len(names) == 1 {
			return nil
		}
		half := len(names) / 2
		if err := c.members(ctx, names[:half]); err != nil {
			return err
		}
		return c.members(ctx, names[half:])
	case f != nil && f.wait() != nil:
		return f.wait()
	case err != nil:
		return err
	}
	for _, g := range found {
		if g.Members == nil || g.Deactivated != "" {
			continue
		}
		for _, name := range []string{number(g.ID), strings.ToLower(g.Name)} {
			for _, id := range c.asked[name] {
				c.out[id] = channel.Counted{Subscribers: *g.Members, Marks: g.marks()}
				c.groups[g.ID] = append(c.groups[g.ID], id)
			}
		}
	}
	return nil
}

// marks are those that VK tells of.
func (g *group) marks() map[string]bool {
	out := map[string]bool{}
	if g.Photo != nil {
		out[app.MarkAvatar] = bool(*g.Photo)
	}
	if g.Cover != nil {
		out[app.MarkCover] = bool(g.Cover.Enabled)
	}
	if g.Description != nil {
		out[app.MarkDescription] = strings.TrimSpace(*g.Description) != ""
	}
	return out
}
