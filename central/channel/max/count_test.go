package max

import (
	"errors"
	"strconv"
	"strings"
	"testing"
	"time"

	"otklik/app"
	"otklik/central/channel"
)

func TestMembersAreCountedAndFailuresAreGaps(t *testing.T) {
	s := newStandIn(t)
	p := New(s.config())
	pages := func(links ...string) (out []app.Page) {
		for _, l := range links {
			out = append(out, app.Page{ID: l, Link: l})
		}
		return out
	}
	got, err := p.Count(t.Context(), pages("https://max.ru/kanash_gos", "https://web.max.ru/-70000000000005/", "https://max.ru/nobody", "https://max.ru/join/AbCd", "https://max.ru/", ""))
	if err != nil || len(got) != 2 {
		t.Fatalf("%+v %v", got, err)
	}
	for _, c := range got {
		if c.Subscribers != 4217 || !c.Marks[app.MarkAvatar] || c.Marks[app.MarkDescription] || c.PostsWeek != nil {
			t.Errorf("%+v", c)
		}
	}
	s.next("GET /chats/kanash_gos", `200 {"chat_id":1,"type":"dialog","participants_count":2}`, `429 {"code":"too.many.requests","message":""}`, `401 {"code":"verify.token","message":""}`)
	if got, err := p.Count(t.Context(), pages("https://max.ru/kanash_gos")); err != nil || len(got) != 0 {
		t.Errorf("%+v %v", got, err)
	}
	var w *channel.Wait
	if _, err := p.Count(t.Context(), pages("https://max.ru/kanash_gos")); !errors.As(err, &w) || w.For != 3*time.Second {
		t.Error(err)
	}
	if _, err := p.Count(t.Context(), pages("https://max.ru/kanash_gos")); err == nil {
		t.Error("a token that does not work is no gap")
	}
}

func TestPostsOfAChannelAreCounted(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	const day = 24 * time.Hour
	posted := func(ago ...time.Duration) string {
		var all []string
		for _, d := range ago {
			all = append(all, strconv.FormatInt(now.Add(-d).UnixMilli(), 10))
		}
		return strings.Join(all, " ")
	}
	often := func(n int) (out []time.Duration) {
		for i := range n {
			out = append(out, time.Duration(i/2+1)*time.Minute) // two of each moment
		}
		return out
	}
	for name, c := range map[string]struct {
		posts string
		said  []string // to the calls of GET /messages
		week  int      // -1: not known
		last  time.Duration
		calls int
	}{
		"the edge":                {posted(day, 7*day, 7*day+time.Millisecond), nil, 2, day, 1},
		"nothing older":           {posted(day), nil, 1, day, 2},
		"an old one only":         {posted(30 * day), nil, 0, 30 * day, 1},
		"251 a week":              {posted(append(often(251), 8*day)...), nil, 251, time.Minute, 3},
		"nothing at all":          {" ", nil, 0, 0, 1},
		"the bot is not in it":    {"", nil, -1, 0, 1},
		"MAX asks to wait":        {posted(day), []string{`429 {"code":"too.many.requests","message":""}`}, -1, 0, 1},
		"the second call fails":   {posted(often(251)...), []string{"", `503 {"code":"internal.error","message":""}`}, -1, time.Minute, 2},
		"more than anybody needs": {posted(often(1500)...), nil, -1, time.Minute, 11},
		"the same part again": {
			"1",
			[]string{`200 {"messages":[{"timestamp":1772362800000,"body":{"mid":"b"}},{"timestamp":1772362800000}]}`, `200 {"messages":[{"timestamp":1772362800000,"body":{"mid":"b"}},{"timestamp":1772362800000}]}`},
			-1, time.Hour, 2,
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStandIn(t)
			s.posts = c.posts
			s.next("GET /messages", c.said...)
			config := s.config()
			config.Now = func() time.Time { return now }
			got, err := New(config).Count(t.Context(), []app.Page{{ID: "1", Link: "https://max.ru/kanash_gos"}})
			told, week := got["1"], -1
			if told.PostsWeek != nil {
				week = *told.PostsWeek
			}
			if err != nil || told.Subscribers != 4217 || week != c.week || len(s.of("GET /messages")) != c.calls {
				t.Errorf("%+v: %d a week, %d calls, %v", told, week, len(s.of("GET /messages")), err)
			}
			if told.LastPost.IsZero() != (c.last == 0) || c.last != 0 && !told.LastPost.Equal(now.Add(-c.last)) {
				t.Errorf("the last one %s", told.LastPost)
			}
		})
	}
	// Where people talk there are no posts.
	s := newStandIn(t)
	s.next("GET /chats/kanash_gos", `200 {"chat_id":-70000000000005,"type":"chat","participants_count":9}`)
	if got, err := New(s.config()).Count(t.Context(), []app.Page{{ID: "1", Link: "https://max.ru/kanash_gos"}}); err != nil || got["1"].PostsWeek != nil || len(s.of("GET /messages")) != 0 {
		t.Errorf("%+v %v", got, err)
	}
}
