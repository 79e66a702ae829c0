package channel_test

import (
	"fmt"
	"testing"
	"time"

	"otklik/central/channel"
)

func TestPostsOfAWeek(t *testing.T) {
	now := time.Date(2026, 7, 15, 9, 0, 0, 0, time.UTC)
	ago := func(id string, d time.Duration) channel.Post { return channel.Post{ID: id, At: now.Add(-d)} }
	day := 24 * time.Hour
	full := func(from, n int) (out []channel.Post) {
		for i := range n {
			out = append(out, ago(fmt.Sprint(from+i), time.Duration(from+i)*time.Minute))
		}
		return out
	}
	for name, c := range map[string]struct {
		parts [][]channel.Post
		more  bool          // after the last part
		week  int           // -1: not known
		last  time.Duration // before now; 0: not known
	}{
		"none at all":               {[][]channel.Post{{}}, false, 0, 0},
		"the edge belongs to it":    {[][]channel.Post{{ago("3", day), ago("2", 7*day), ago("1", 7*day+time.Second)}}, false, 2, day},
		"only old ones":             {[][]channel.Post{{ago("2", 8*day), ago("1", 9*day)}}, false, 0, 8 * day},
		"an old one is pinned":      {[][]channel.Post{{ago("1", 90*day), ago("9", time.Hour), ago("8", 2*day), ago("7", 8*day)}}, false, 2, time.Hour},
		"pinned and more to come":   {[][]channel.Post{{ago("1", 90*day), ago("9", time.Hour), ago("8", 2*day)}}, true, -1, time.Hour},
		"a pinned one twice":        {[][]channel.Post{{ago("8", day), ago("9", time.Hour), ago("8", day), ago("7", 8*day)}}, false, 2, time.Hour},
		"nothing before":            {[][]channel.Post{{ago("2", day), ago("1", 2*day)}, {}}, false, 2, day},
		"the parts have moved":      {[][]channel.Post{{ago("3", day), ago("2", 2*day)}, {ago("2", 2*day), ago("1", 3*day)}, {ago("0", 8*day)}}, false, 3, day},
		"the end again":             {[][]channel.Post{{ago("2", day), ago("1", 2*day)}, {ago("1", 2*day)}}, false, 2, day},
		"the same part again":       {[][]channel.Post{{ago("2", day), ago("1", 2*day)}, {ago("2", day), ago("1", 2*day)}}, false, -1, day},
		"more than anybody looks":   {[][]channel.Post{full(1, 500), full(501, 500)}, false, -1, time.Minute},
		"nobody has told the rest":  {[][]channel.Post{full(1, 100)}, true, -1, time.Minute},
		"nobody has told a thing":   {nil, false, -1, 0},
		"a hundred and one a week":  {[][]channel.Post{full(1, 100), full(101, 1), {}}, false, 101, time.Minute},
		"not in the order of dates": {[][]channel.Post{{ago("1", 3*day), ago("2", day), ago("3", 8*day)}}, false, 2, day},
	} {
		p := channel.PostsUntil(now)
		more := false
		for _, part := range c.parts {
			more = p.Add(part)
		}
		var got channel.Counted
		p.Tell(&got)
		week := -1
		if got.PostsWeek != nil {
			week = *got.PostsWeek
		}
		if more != c.more || week != c.week || c.last == 0 != got.LastPost.IsZero() || c.last > 0 && !got.LastPost.Equal(now.Add(-c.last)) {
			t.Errorf("%s: %d, the last %s, more: %v", name, week, got.LastPost, more)
		}
	}
}
