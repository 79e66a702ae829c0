package vk

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"otklik/app"
	"otklik/central/channel"
)

// fixture of VK's own clients' tests, without the mark some of them begin with.
func fixture(t *testing.T, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("../../../../shared/data/bots/vk", name+".json"))
	if errors.Is(err, os.ErrNotExist) {
		t.Skip("the fixtures of ../shared/data/bots/vk are absent")
	}
	if err != nil {
		t.Fatal(err)
	}
	return bytes.TrimPrefix(b, []byte("\xef\xbb\xbf"))
}

func envelope(kind, object string) []byte {
	return fmt.Appendf(nil, `{"type":%q,"event_id":"e1","group_id":%d,"secret":%q,"v":"5.199","object":%s}`, kind, int64(ours), secret, object)
}

func TestWhomTheCommunityBelieves(t *testing.T) {
	p := New(Config{Group: ours, Secret: secret})
	good := string(envelope("message_new", "{}"))
	for name, c := range map[string]struct {
		body string
		p    *Platform
		ok   bool
	}{
		"as VK sends it":          {good, p, true},
		"a confirmation":          {string(envelope("confirmation", "{}")), p, true},
		"another secret":          {strings.Replace(good, secret, secret+"x", 1), p, false},
		"no secret":               {strings.Replace(good, secret, "", 1), p, false},
		"another community":       {strings.Replace(good, "9007199254740993", "9007199254740992", 1), p, false},
		"no JSON":                 {"secret=" + secret, p, false},
		"nothing":                 {"", p, false},
		"a line without a secret": {strings.Replace(good, secret, "", 1), New(Config{Group: ours}), false},
		"a line that polls":       {good, NewPolling(Config{Group: ours, Secret: secret}).Platform, false},
	} {
		t.Run(name, func(t *testing.T) {
			if err := c.p.Verify(channel.Delivery{Body: []byte(c.body)}); (err == nil) != c.ok || err != nil && !errors.Is(err, channel.ErrForged) {
				t.Errorf("%v", err)
			}
		})
	}
}

func TestWhatADeliveryIsKeptUnder(t *testing.T) {
	p := New(Config{Group: ours, Confirmation: "8fe3a1c2"})
	message := `{"message":{"id":985,"peer_id":9007199254740993,"conversation_message_id":614}}`
	for name, c := range map[string]struct {
		body  []byte
		keys  []string
		reply string
	}{
		"confirmation":     {envelope("confirmation", "null"), nil, "8fe3a1c2"},
		"a message":        {envelope("message_new", message), []string{"event/e1", "message_new/message/9007199254740993/614"}, "ok"},
		"without event_id": {bytes.Replace(envelope("message_new", message), []byte("e1"), nil, 1), []string{"message_new/message/9007199254740993/614"}, "ok"},
		"an edit":          {envelope("message_edit", `{"id":985,"peer_id":5}`), []string{"event/e1"}, "ok"},
		"a comment":        {envelope("wall_reply_new", `{"id":9,"post_owner_id":-1234,"post_id":6}`), []string{"event/e1", "wall_reply_new/wall/-1234/9"}, "ok"},
		"an entry":         {envelope("board_post_new", `{"id":9,"topic_owner_id":-1234,"topic_id":6}`), []string{"event/e1", "board_post_new/board/-1234/6/9"}, "ok"},
		"our own answer":   {envelope("message_reply", `{"id":1}`), nil, "ok"},
		"of another kind":  {envelope("moonshot", `[]`), []string{"event/e1"}, "ok"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := p.Take(c.body)
			if err != nil || !reflect.DeepEqual(got.Keys, c.keys) || got.Reply.Body != c.reply {
				t.Errorf("%+v %v", got, err)
			}
		})
	}
	one, _ := p.Take([]byte(`{"type":"message_edit","object":{"id":1,"peer_id":5,"text":"a"}}`))
	two, _ := p.Take([]byte(`{"type":"message_edit","object":{"id":1,"peer_id":5,"text":"b"}}`))
	if len(one.Keys) != 1 || len(two.Keys) != 1 || one.Keys[0] == two.Keys[0] {
		t.Errorf("edits without an ID are told apart by what they say: %v %v", one.Keys, two.Keys)
	}
	if got, err := p.Take([]byte(`<html>`)); err == nil || got.Reply.Body != "ok" {
		t.Errorf("%+v %v", got, err)
	}
}

func read(t *testing.T, kind, object string) channel.Message {
	t.Helper()
	p := New(Config{Group: ours, Now: func() time.Time { return time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC) }})
	got, err := p.Read(envelope(kind, object))
	if err != nil || len(got) != 1 {
		t.Fatalf("%+v %v", got, err)
	}
	return got[0]
}

// TestAReplyToOurAnswerNamesIt: by the Key that Send gave, and under posts as well.
func TestAReplyToOurAnswerNamesIt(t *testing.T) {
	s := newStandIn(t)
	p := New(s.config())
	sent, err := p.Send(t.Context(), channel.Answer{Random: 77, Chat: "42", Text: "Заделаем"})
	if err != nil {
		t.Fatal(err)
	}
	m := read(t, "message_new", fmt.Sprintf(`{"message":{"id":985,"conversation_message_id":614,"date":1572809816,"from_id":42,"peer_id":42,"text":"Когда?",
		"reply_message":{"id":%s,"conversation_message_id":600,"from_id":-%d}}}`, sent[strings.LastIndex(sent, "id")+2:], int64(ours)))
	if m.ReplyTo != sent {
		t.Errorf("%q, not %q", m.ReplyTo, sent)
	}
	wall := fmt.Sprintf("wall/-%d/6/9", int64(ours))
	if sent, err = p.Send(t.Context(), channel.Answer{Random: 78, Thread: wall, Public: true, Text: "Заделаем"}); err != nil {
		t.Fatal(err)
	}
	m = read(t, "wall_reply_new", fmt.Sprintf(`{"id":99,"date":1572809816,"from_id":42,"post_owner_id":-%d,"post_id":6,"text":"Когда?","reply_to_comment":%s}`,
		int64(ours), sent[strings.LastIndex(sent, "/")+1:]))
	if m.ReplyTo != sent {
		t.Errorf("%q, not %q", m.ReplyTo, sent)
	}
}

func TestMessages(t *testing.T) {
	m := read(t, "message_new", `{"message":{"id":985,"conversation_message_id":614,"date":1572809816,"from_id":9007199254740995,"out":0,"peer_id":9007199254740995,
		"text":"Яма, [club1|Канаш]!","reply_message":{"id":980,"conversation_message_id":600,"from_id":-1},
		"attachments":[
			{"type":"photo","photo":{"id":457255990,"owner_id":105083531,"sizes":[
				{"type":"s","url":"https://vk/s","width":75,"height":46},{"type":"z","url":"https://vk/z","width":1080,"height":664},{"type":"x","url":"https://vk/x","width":604,"height":371}]}},
			{"type":"photo","photo":{"id":1,"owner_id":2,"sizes":[{"type":"w","url":"https://vk/w"},{"type":"m","url":"https://vk/m"}]}},
			{"type":"doc","doc":{"id":1,"owner_id":2,"title":"Акт.pdf","size":1234,"url":"https://vk.com/doc1_2"}},
			{"type":"video","video":{"id":7,"owner_id":-8}},
			{"type":"sticker","sticker":{"sticker_id":1}}],
		"fwd_messages":[{"from_id":3,"text":"Соседи","attachments":[{"type":"wall","wall":{"id":3,"from_id":-9}}]}],
		"geo":{"type":"point","coordinates":{"latitude":55.5,"longitude":47.25}}}}`)
	want := channel.Message{
		Key: "message/9007199254740995/614", Chat: "9007199254740995", ReplyTo: "message/9007199254740995/600",
		Author: "id9007199254740995", Contact: "https://vk.com/id9007199254740995", At: time.Unix(1572809816, 0).UTC(),
		Text:  "Яма, Канаш!\nhttps://vk.com/video-8_7\n\nСоседи\nhttps://vk.com/wall-9_3",
		Place: "55.500000, 47.250000", Link: "https://vk.com/gim9007199254740993?sel=9007199254740995",
		Files: []channel.Enclosure{
			{Name: "photo105083531_457255990.jpg", Ref: "https://vk/z"},
			{Name: "photo2_1.jpg", Ref: "https://vk/w"},
			{Name: "Акт.pdf", Ref: "https://vk.com/doc1_2", Size: 1234},
		},
	}
	if !reflect.DeepEqual(m, want) {
		t.Errorf("\n%+v\n%+v", m, want)
	}
	edit := read(t, "message_edit", `{"id":985,"conversation_message_id":614,"date":1572809816,"update_time":1572809900,"from_id":5,"peer_id":9007199254740995,"text":"Яма во дворе"}`)
	if edit.Edits != m.Key || !edit.At.After(m.At) || edit.Text != "Яма во дворе" {
		t.Errorf("%+v", edit)
	}
	if old := read(t, "message_new", `{"id":985,"date":1572809816,"from_id":5,"peer_id":5,"text":"f"}`); old.Key != "message/5/id985" || old.Text != "f" {
		t.Errorf("of an old version: %+v", old)
	}
	if start := read(t, "message_new", `{"message":{"id":1,"from_id":5,"peer_id":5,"text":"Начать","payload":"{\"command\":\"start\"}"}}`); !start.Hello {
		t.Errorf("%+v", start)
	}
	many := read(t, "message_new", `{"message":{"id":0,"conversation_message_id":8,"from_id":5,"peer_id":2000000003,"text":"Яма"}}`)
	if !many.Public || many.Thread != "chat/2000000003/8" || many.Link != "https://vk.com/gim9007199254740993?sel=c3" {
		t.Errorf("%+v", many)
	}
}

func TestComments(t *testing.T) {
	const c = `{"id":9,"from_id":123,"date":1533403427,"text":"[id5|Анна], да","post_owner_id":-9007199254740993,"post_id":6,"reply_to_comment":7,"parents_stack":[4],"attachments":[]}`
	m := read(t, "wall_reply_new", c)
	want := channel.Message{
		Key: "wall/-9007199254740993/9", Chat: "wall-9007199254740993_6", Thread: "wall/-9007199254740993/6/9", ReplyTo: "wall/-9007199254740993/7",
		Author: "id123", Contact: "https://vk.com/id123", Text: "Анна, да", At: time.Unix(1533403427, 0).UTC(), Public: true,
		Link: "https://vk.com/wall-9007199254740993_6?reply=9&thread=4", Page: "vk.com/club9007199254740993",
	}
	if !reflect.DeepEqual(m, want) {
		t.Errorf("\n%+v\n%+v", m, want)
	}
	if e := read(t, "wall_reply_edit", c); e.Edits != m.Key || !e.At.After(m.At) {
		t.Errorf("%+v", e)
	}
	b := read(t, "board_post_new", `{"id":3,"from_id":-77,"date":1533404752,"text":"[id5:bp-1234_5|Анна], да","topic_owner_id":-1234,"topic_id":38446232}`)
	want = channel.Message{
		Key: "board/-1234/38446232/3", Chat: "topic-1234_38446232", Thread: "board/-1234/38446232/3", Author: "club77", Contact: "https://vk.com/club77",
		Text: "Анна, да", At: time.Unix(1533404752, 0).UTC(), Public: true, Link: "https://vk.com/topic-1234_38446232?post=3", Page: "vk.com/club9007199254740993",
	}
	if !reflect.DeepEqual(b, want) {
		t.Errorf("\n%+v\n%+v", b, want)
	}
}

func TestWhatTellsNothing(t *testing.T) {
	p := New(Config{Group: ours})
	for name, body := range map[string][]byte{
		"an answer of ours":      envelope("message_new", `{"message":{"id":1,"out":1,"from_id":5,"peer_id":5,"text":"Да"}}`),
		"a message of ours":      envelope("message_new", `{"message":{"id":1,"from_id":-9007199254740993,"peer_id":5,"text":"Да"}}`),
		"a comment of ours":      envelope("wall_reply_new", `{"id":1,"from_id":-9007199254740993,"text":"Да"}`),
		"an entry of ours":       envelope("board_post_new", `{"id":1,"from_id":-9007199254740993,"text":"Да"}`),
		"somebody joins":         envelope("group_join", `{"user_id":1,"join_type":"join"}`),
		"somebody leaves":        envelope("group_leave", `{"user_id":1,"self":1}`),
		"an event nobody knows":  envelope("moonshot", `[1,"2"]`),
		"our answer as an event": envelope("message_reply", `{"id":1,"out":1,"from_id":-1,"peer_id":5,"text":"Да"}`),
	} {
		if got, err := p.Read(body); err != nil || len(got) != 0 {
			t.Errorf("%s: %+v %v", name, got, err)
		}
	}
	for name, body := range map[string][]byte{
		"no JSON":       []byte(`<html>`),
		"another shape": envelope("message_new", `{"message":{"from_id":"Иванов","text":"тайна"}}`),
	} {
		if got, err := p.Read(body); err == nil || len(got) != 0 || strings.Contains(err.Error(), "Иванов") {
			t.Errorf("%s: %+v %v", name, got, err)
		}
	}
}

// Events VK's own clients are tested with are read.
func TestFixturesAreRead(t *testing.T) {
	for name, want := range map[string]struct {
		community int64
		key, text string
	}{
		"GetBotsLongPollHistory_MessageNewTest":    {123456789, "message/123456789/614", "f"},
		"GetBotsLongPollHistory_WallReplyNewTest":  {1234, "wall/-1234/9", "test"},
		"GetBotsLongPollHistory_BoardPostNew":      {1234, "board/-1234/38446232/3", "test"},
		"GetBotsLongPollHistory_BoardPostNewFirst": {1234, "", ""}, // of the community
	} {
		t.Run(name, func(t *testing.T) {
			got, err := New(Config{Group: want.community}).Read(fixture(t, name))
			if err != nil {
				t.Fatal(err)
			}
			if want.key == "" {
				if len(got) != 0 {
					t.Errorf("%+v", got)
				}
				return
			}
			if len(got) != 1 || got[0].Key != want.key || got[0].Text != want.text {
				t.Errorf("%+v", got)
			}
		})
	}
	t.Run("a template", func(t *testing.T) {
		p := New(Config{Group: 1})
		body := fixture(t, "GetBotsLongPollHistory_MessageNewTemplateTest")
		if _, err := p.Read(body); err != nil {
			t.Error(err)
		}
		if taken, err := p.Take(body); err != nil || len(taken.Keys) == 0 {
			t.Errorf("%+v %v", taken, err)
		}
	})
}

func TestPagesAreCalledAsTheRegistryHasThem(t *testing.T) {
	p := New(Config{Group: 7, Page: "vk.com/kanash_gos"})
	got, err := p.Read(envelope("wall_reply_new", `{"id":1,"from_id":5,"text":"Да"}`))
	if err != nil || got[0].Page != "vk.com/kanash_gos" || p.Source() != app.SourceVK {
		t.Errorf("%+v %v", got, err)
	}
}
