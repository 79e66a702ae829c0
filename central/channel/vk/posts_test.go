package vk

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/SevereCloud/vksdk/v3/api"
	"golang.org/x/time/rate"

	"otklik/app"
)

// posted writes a wall: posts so long before the time of the test, numbered from the last.
func posted(ago ...time.Duration) string {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	var all []string
	for i, d := range ago {
		all = append(all, fmt.Sprintf(`{"id":%d,"date":%d}`, len(ago)-i, now.Add(-d).Unix()))
	}
	return "[" + strings.Join(all, ",") + "]"
}

// often are posts of so many minutes, one a minute.
func often(n int) (out []time.Duration) {
	for i := range n {
		out = append(out, time.Duration(i+1)*time.Minute)
	}
	return out
}

// hurried is a platform that does not wait between its calls.
func hurried(c Config) *Platform {
	p := New(c)
	p.walls.limit.SetLimit(rate.Inf)
	return p
}

const day = 24 * time.Hour

// counted tells how many posts the community has in a week, "-" where that is not known,
// and checks that its members are counted either way.
func counted(t *testing.T, p *Platform, pages ...app.Page) string {
	t.Helper()
	got, err := p.Count(t.Context(), pages)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, page := range pages {
		c, is := got[page.ID]
		if !is {
			t.Errorf("%s: its members are not counted", page.ID)
		}
		said := "-"
		if c.PostsWeek != nil {
			said = fmt.Sprint(*c.PostsWeek)
		}
		all = append(all, said)
	}
	return strings.Join(all, " ")
}

func communities(n int) (out []app.Page) {
	for i := range n {
		out = append(out, app.Page{ID: fmt.Sprint(i), Link: fmt.Sprintf("https://vk.com/club%d", 1000+i)})
	}
	return out
}

func TestPostsOfAWeekAreCounted(t *testing.T) {
	for name, c := range map[string]struct {
		wall  string
		want  string
		last  time.Duration // 0: not known
		calls int
	}{
		"an empty wall":            {`[]`, "0", 0, 1},
		"the edge":                 {posted(day, 7*day, 7*day+time.Second), "2", day, 1},
		"an old post is pinned":    {posted(200*day, time.Hour, 2*day, 8*day), "2", time.Hour, 1},
		"a new post is pinned":     {posted(2*day, time.Hour, 8*day), "2", time.Hour, 1},
		"one post, old and pinned": {posted(200 * day), "0", 200 * day, 1},
		"nothing older":            {posted(day), "1", day, 2},
		"240 a week":               {posted(append(append([]time.Duration{90 * day}, often(240)...), 8*day)...), "240", time.Minute, 3},
		"more than anybody needs":  {posted(often(1500)...), "-", time.Minute, 10},
		"closed":                   {`15`, "-", 0, 1},
		"deleted":                  {`18`, "-", 0, 1},
		"private":                  {`30`, "-", 0, 1},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStandIn(t)
			s.walls[17683660] = c.wall
			p, page := hurried(s.config()), app.Page{ID: "1", Link: "https://vk.com/kanash_gos"}
			if got := counted(t, p, page); got != c.want {
				t.Errorf("%s a week, want %s", got, c.want)
			}
			if n := len(s.of("execute")); n != c.calls {
				t.Errorf("%d calls", n)
			}
			got, err := p.Count(t.Context(), []app.Page{page})
			last := got["1"].LastPost
			if err != nil || last.IsZero() != (c.last == 0) || c.last > 0 && !last.Equal(p.c.Now().Add(-c.last)) {
				t.Errorf("the last one %s: %v", last, err)
			}
		})
	}
}

// TestWallsAreReadTogether: those that are not shown cost the others nothing.
func TestWallsAreReadTogether(t *testing.T) {
	s := newStandIn(t)
	pages := communities(60)
	var want []string
	for i := range pages {
		s.walls[int64(1000+i)], want = posted(day, 8*day), append(want, "1")
	}
	s.walls[1007], want[7] = "15", "-"
	s.walls[1030], want[30] = posted(append(often(150), 8*day)...), "150"
	if got := counted(t, hurried(s.config()), pages...); got != strings.Join(want, " ") {
		t.Error(got)
	}
	if calls := s.of("execute"); len(calls) != 3 {
		t.Errorf("%d calls", len(calls))
	}
	// A call that is too much for VK is made in parts.
	s.next("execute", refusal(13, "Runtime error occurred during code invocation: response size is too big"), refusal(6, "Too many requests per second"))
	if got := counted(t, hurried(s.config()), pages[8:20]...); got != strings.Join(want[8:20], " ") {
		t.Error(got)
	}
	if calls := s.of("execute"); len(calls) != 3+4 {
		t.Errorf("%d calls", len(calls))
	}
}

// TestTheQuotaOfTheDay: what is left over is a gap, members are counted all the same, and
// nobody asks on.
func TestTheQuotaOfTheDay(t *testing.T) {
	s := newStandIn(t)
	pages := communities(80)
	for i := range pages {
		s.walls[int64(1000+i)] = posted(day, 8*day)
	}
	s.quota = 30
	config := s.config()
	now := config.Now()
	config.Now = func() time.Time { return now }
	p := hurried(config)
	got := counted(t, p, pages...)
	if strings.Count(got, "1") != 30 || strings.Count(got, "-") != 50 || !strings.HasPrefix(got, "1 1") {
		t.Error(got)
	}
	if got = counted(t, p, pages[:2]...); got != "- -" || len(s.of("execute")) != 2 {
		t.Errorf("%s, %d calls", got, len(s.of("execute")))
	}
	s.quota, now = 5000, now.Add(day)
	for i := range pages {
		s.walls[int64(1000+i)] = posted(2*day, 9*day)
	}
	if got = counted(t, p, pages[:2]...); got != "1 1" {
		t.Errorf("the next day: %s", got)
	}
}

// TestNobodyReadsWalls: without the token of a service, with one that does not work, with
// VK away.
func TestNobodyReadsWalls(t *testing.T) {
	for name, c := range map[string]struct {
		token string
		said  []string
		calls int
	}{
		"no token":                {"", nil, 0},
		"of the community":        {token, nil, 1},
		"none VK knows":           {"TOKEN", nil, 1},
		"away":                    {service, []string{"500"}, 1},
		"the whole quota":         {service, []string{refusal(29, "Rate limit reached")}, 1},
		"of another shape":        {service, []string{`{"response":[]}`}, 1},
		"not what was asked for":  {service, []string{`{"response":[[[1],[2,3]],7]}`}, 1},
		"too much for it, always": {service, []string{refusal(13, "x"), refusal(13, "x"), refusal(13, "x")}, 3},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStandIn(t)
			s.walls[17683660], s.walls[637247] = posted(day), posted(day)
			s.next("execute", c.said...)
			config := s.config()
			config.ServiceToken = c.token
			got := counted(t, hurried(config), app.Page{ID: "1", Link: "https://vk.com/kanash_gos"}, app.Page{ID: "2", Link: "https://vk.com/club637247"})
			if got != "- -" || len(s.of("execute")) != c.calls {
				t.Errorf("%s, %d calls", got, len(s.of("execute")))
			}
		})
	}
}

// TestAForeignClientReadsTheSameWalls: what the stand-in says of a wall that is closed is
// what a client of VK takes for it.
func TestAForeignClientReadsTheSameWalls(t *testing.T) {
	s := newStandIn(t)
	s.walls[17683660], s.walls[637247] = "15", posted(day)
	counted(t, hurried(s.config()), app.Page{ID: "1", Link: "https://vk.com/kanash_gos"}, app.Page{ID: "2", Link: "https://vk.com/club637247"})
	var parts []any
	err := oracle(s, service).Execute(s.of("execute")[0].Get("code"), &parts)
	var failed *api.ExecuteErrors
	if !errors.As(err, &failed) || len(*failed) != 1 || (*failed)[0].Code != api.ErrAccess || (*failed)[0].Method != "wall.get" {
		t.Errorf("%v", err)
	}
	if len(parts) != 2 || parts[1] != false {
		t.Errorf("%v", parts)
	}
}
