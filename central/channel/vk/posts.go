package vk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"otklik/central/channel"
)

// What VK takes at most.
const (
	wallsAtOnce = 25  // in one call of execute
	postsAtOnce = 100 // of one wall
)

// Codes of VK that mean something to the reading of walls.
const (
	codeAuth      = 5
	codeOften     = 6
	codeNoGroup   = 27 // a token of a community
	codeNoService = 28 // a token of an application that may not
	codeQuota     = 29 // wall.get is called 5,000 times a day and not once more
)

// quotaRest is how long nobody is asked for walls once the quota of the day is used up:
// to the end of the count that has used it up.
const quotaRest = time.Hour

// walls keep the reading of walls within what VK allows.
type walls struct {
	limit *rate.Limiter
	mu    sync.Mutex
	until time.Time // not before
}

// wall of a community that is being read.
type wall struct {
	group  int64
	offset int
	posts  *channel.Posts
}

// posts counts the posts of communities, by their numbers. Who is absent shows his wall to
// nobody, or could not be asked: that costs him this figure alone.
//
// Walls are read by execute, 25 in a call: one by one they would take half an hour a day
// and all that stands in them, where only the dates are wanted.
func (p *Platform) posts(ctx context.Context, groups []int64) map[int64]*channel.Posts {
	if p.c.ServiceToken == "" || p.walls.resting(p.c.Now()) {
		return nil
	}
	out := map[int64]*channel.Posts{}
	var left []*wall
	for _, g := range groups {
		left = append(left, &wall{group: g, posts: channel.PostsUntil(p.c.Now())})
	}
	size := wallsAtOnce
	for len(left) > 0 {
		some := left[:min(size, len(left))]
		told, err := p.read(ctx, some)
		for i, part := range told {
			w := some[i]
			if part == nil {
				continue
			}
			out[w.group] = w.posts
			if w.offset += postsAtOnce; w.posts.Add(part) {
				left = append(left, w)
			}
		}
		var f *failure
		errors.As(err, &f)
		switch {
		case err == nil:
			left = left[len(some):]
		case f == nil: // VK is not reached, or the time is up
			return out
		case f.Code == codeQuota:
			p.walls.rest(p.c.Now().Add(quotaRest))
			return out
		case f.ends():
			return out
		case f.Code == codeOften:
			select {
			case <-ctx.Done():
				return out
			case <-time.After(pauseOften):
			}
		case len(some) > 1: // one of them is too much for it
			size = len(some) / 2
		default:
			left = left[1:]
		}
	}
	return out
}

// read reads a part of each wall; nil stands for one that is not shown. Its error says
// that the others would fare no better.
func (p *Platform) read(ctx context.Context, some []*wall) (told [][]channel.Post, err error) {
	var code strings.Builder
	code.WriteString("var r=[];var w;")
	for _, w := range some {
		// Of a wall that is not shown VK says false.
		fmt.Fprintf(&code, `w=API.wall.get({"owner_id":-%d,"offset":%d,"count":%d,"filter":"owner"});if(w){r.push([w.items@.id,w.items@.date]);}else{r.push(false);}`,
			w.group, w.offset, postsAtOnce)
	}
	code.WriteString("return r;")
	if err := p.walls.limit.Wait(ctx); err != nil {
		return nil, err
	}
	var parts []json.RawMessage
	said, err := p.ask(ctx, p.c.ServiceToken, "execute", url.Values{"code": {code.String()}}, &parts)
	if err != nil {
		return nil, err
	}
	if len(parts) != len(some) {
		return nil, fmt.Errorf("execute: %w", errShape)
	}
	for _, part := range parts {
		told = append(told, postsOf(part))
	}
	// A wall that is not shown is of its community, the rest is of us.
	i := slices.IndexFunc(said.Failures, func(f failure) bool { return f.ends() })
	if i >= 0 {
		return told, fmt.Errorf("wall.get: %w", &said.Failures[i])
	}
	return told, nil
}

// ends says whether no other wall would be read either.
func (f *failure) ends() bool {
	return slices.Contains([]int{codeAuth, codeNoGroup, codeNoService, codeQuota}, f.Code)
}

// postsOf reads a part: the numbers of posts and their dates. nil where it is none.
func postsOf(part json.RawMessage) []channel.Post {
	var lists [2][]int64
	if err := json.Unmarshal(part, &lists); err != nil || len(lists[0]) != len(lists[1]) {
		return nil
	}
	out := make([]channel.Post, 0, len(lists[0]))
	for i, id := range lists[0] {
		out = append(out, channel.Post{ID: strconv.FormatInt(id, 10), At: time.Unix(lists[1][i], 0)})
	}
	return out
}

func (w *walls) resting(now time.Time) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return now.Before(w.until)
}

func (w *walls) rest(until time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.until = until
}
