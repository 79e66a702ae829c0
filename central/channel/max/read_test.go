package max

import (
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"otklik/central/channel"
)

func TestOnlyTheSecretOfTheSubscriptionOpens(t *testing.T) {
	p := New(Config{Token: token, Secret: secret})
	for given, want := range map[string]error{secret: nil, "": channel.ErrForged, secret + "x": channel.ErrForged, "S3cret_of-the-webhook": channel.ErrForged} {
		d := channel.Delivery{Header: http.Header{secretHeader: {given}}}
		if err := p.Verify(d); !errors.Is(err, want) {
			t.Errorf("%q: %v", given, err)
		}
	}
	if err := New(Config{Token: token}).Verify(channel.Delivery{Header: http.Header{}}); err == nil {
		t.Error("a line without a secret believes everybody")
	}
}

func TestAnUpdateIsKnownByWhatItIsAbout(t *testing.T) {
	p := New(Config{Token: token})
	for body, want := range map[string]string{
		`{"update_type":"message_created","timestamp":5,"message":{"body":{"mid":"mid.1"}}}`:                                     "message_created/mid.1",
		`{"update_type":"message_edited","timestamp":1775025604499,"message":{"body":{"mid":"mid.1"}}}`:                          "message_edited/mid.1/1775025604499",
		`{"update_type":"message_callback","callback":{"callback_id":"c1"},"message":{"body":{"mid":"mid.1"}}}`:                  "message_callback/c1",
		`{"update_type":"message_removed","message_id":"mid.1","chat_id":1,"timestamp":5}`:                                       "message_removed/mid.1",
		`{"update_type":"bot_started","chat_id":9007199254740993,"user":{"user_id":9007199254740995},"timestamp":1775025604499}`: "bot_started/9007199254740993/9007199254740995/1775025604499",
		`{"timestamp":5}`: "",
		`[]`:              "",
		`not json`:        "",
	} {
		taken, err := p.Take([]byte(body))
		if (err == nil) != (want != "") || taken.Reply != (channel.Reply{}) || want != "" && (len(taken.Keys) != 1 || taken.Keys[0] != want) {
			t.Errorf("%s: %+v %v", body, taken, err)
		}
	}
	if taken, err := p.Take([]byte(`{"update_type":"message_created","message":{"recipient":{"chat_id":-1,"chat_type":"channel"},"body":{"mid":"mid.1"}}}`)); err != nil || len(taken.Keys) != 0 {
		t.Errorf("a post of a channel is kept: %+v %v", taken, err)
	}
	one, err := p.Take([]byte(`{"update_type":"moonshot","x":1}`))
	other, err2 := p.Take([]byte(`{"update_type":"moonshot","x":2}`))
	if err != nil || err2 != nil || one.Keys[0] == other.Keys[0] || !strings.HasPrefix(one.Keys[0], "moonshot/") {
		t.Errorf("%v %v %v %v", one, other, err, err2)
	}
}

// Every update MAX's clients are tested with is read, as a webhook and as a poll bring
// it, with one and the same key.
func TestFixturesOfOthersAreRead(t *testing.T) {
	files, _ := filepath.Glob("../../../../shared/data/bots/max/webhook.*.json")
	if len(files) == 0 {
		t.Skip("fixtures are absent: shared/data/bots/max")
	}
	p := New(Config{Token: token})
	told := map[string]string{"message_created": "...\n\nЛада седан - баклажан", "message_edited": "hi bot", "bot_started": ""}
	for _, name := range files {
		body, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		polled, err := os.ReadFile(strings.Replace(name, "webhook.", "update.", 1))
		if err != nil {
			t.Fatal(err)
		}
		var list struct {
			Updates []json.RawMessage `json:"updates"`
		}
		if err := json.Unmarshal(polled, &list); err != nil || len(list.Updates) != 1 {
			t.Fatalf("%s: %v", name, err)
		}
		a, err := p.Take(body)
		b, err2 := p.Take(list.Updates[0])
		if err != nil || err2 != nil || !reflect.DeepEqual(a, b) {
			t.Errorf("%s: %v %v %v %v", name, a, b, err, err2)
		}
		kind := strings.Split(filepath.Base(name), ".")[1]
		text, speaks := told[kind]
		got, err := p.Read(body)
		if err != nil || (len(got) == 1) != speaks || speaks && (got[0].Text != text || got[0].Author != "John Doe" || got[0].At.Year() != 2026) {
			t.Errorf("%s: %+v %v", name, got, err)
		}
	}
}

const (
	inDialog = `"sender":{"user_id":123456789,"first_name":"А. Б.","last_name":"Иванов","username":"ab_ivanov","name":"А. Б. Иванов"},"recipient":{"chat_id":182182182,"chat_type":"dialog","user_id":229229229},"timestamp":1775025603399`
	inChat   = `"sender":{"user_id":123456789,"first_name":"Анна"},"recipient":{"chat_id":-9007199254740993,"chat_type":"chat"},"timestamp":1775025603399,"url":"https://max.ru/c/-9007199254740993/1"`
)

func private(m channel.Message) channel.Message {
	m.Key, m.Chat, m.Thread, m.Author, m.Contact = "mid.7", "chat_id=182182182", "mid.7", "А. Б. Иванов", "https://max.ru/ab_ivanov"
	if m.At.IsZero() {
		m.At = time.UnixMilli(1775025603399).UTC()
	}
	return m
}

func TestWhatPeopleWriteIsTold(t *testing.T) {
	p := New(Config{Token: token})
	created := func(rest string) string {
		return `{"update_type":"message_created","timestamp":1775025604499,"message":{` + rest + `}}`
	}
	public := channel.Message{
		Key: "mid.7", Chat: "chat_id=-9007199254740993", Thread: "mid.7", Author: "Анна", Text: "Не чищено",
		At: time.UnixMilli(1775025603399).UTC(), Public: true, Link: "https://max.ru/c/-9007199254740993/1",
	}
	for name, c := range map[string]struct {
		body string
		want channel.Message
	}{
		"a text":         {created(inDialog + `,"body":{"mid":"mid.7","seq":116327994376978687,"text":"Нет_воды *совсем*","markup":[{"type":"strong","from":0,"length":3}]}`), private(channel.Message{Text: "Нет_воды *совсем*"})},
		"the first word": {created(inDialog + `,"body":{"mid":"mid.7","text":"/start"}`), private(channel.Message{Text: "/start", Hello: true})},
		"pictures and a file": {
			created(inDialog + `,"body":{"mid":"mid.7","text":"Яма","attachments":[{"type":"image","payload":{"photo_id":9007199254740993,"token":"t","url":"https://i.oneme.ru/i?r=1"}},
			{"type":"file","payload":{"fileId":3,"url":"https://fd.oneme.ru/1","token":"t"},"filename":"Жалоба.pdf","size":5},{"type":"sticker","payload":{"url":"https://s","code":"x"}},{"type":"inline_keyboard","payload":{"buttons":[]}}]}`),
			private(channel.Message{Text: "Яма", Files: []channel.Enclosure{{Name: "photo.jpg", Ref: "https://i.oneme.ru/i?r=1"}, {Name: "Жалоба.pdf", Ref: "https://fd.oneme.ru/1", Size: 5}}}),
		},
		"a film": {
			created(inDialog + `,"body":{"mid":"mid.7","text":"","attachments":[{"type":"video","payload":{"url":"https://player","token":"FILM","id":9007199254740993}}]}`),
			private(channel.Message{Files: []channel.Enclosure{{Name: "video.mp4", Ref: "video:FILM"}}}),
		},
		"a place": {
			created(inDialog + `,"body":{"mid":"mid.7","text":"","attachments":[{"type":"location","latitude":56.1287,"longitude":47.2519}]}`),
			private(channel.Message{Text: "56.128700, 47.251900", Place: "56.128700, 47.251900"}),
		},
		"a reply": {
			created(inDialog + `,"body":{"mid":"mid.7","text":"И тут"},"link":{"type":"reply","sender":{"user_id":1},"message":{"mid":"mid.5","text":"Где?"}}`),
			private(channel.Message{Text: "И тут", ReplyTo: "mid.5"}),
		},
		"passed on": {
			created(inDialog + `,"body":{"mid":"mid.7","text":""},"link":{"type":"forward","chat_id":-1,"message":{"mid":"mid.5","text":"Нет света","attachments":[{"type":"image","payload":{"url":"https://i"}}]}}`),
			private(channel.Message{Text: "Нет света", Files: []channel.Enclosure{{Name: "photo.jpg", Ref: "https://i"}}}),
		},
		"other words": {
			`{"update_type":"message_edited","timestamp":1775025604499,"message":{` + inDialog + `,"body":{"mid":"mid.7","text":"Нет воды"}}}`,
			private(channel.Message{Text: "Нет воды", Edits: "mid.7", At: time.UnixMilli(1775025604499).UTC()}),
		},
		"in a chat": {created(inChat + `,"body":{"mid":"mid.7","text":"Не чищено"}`), public},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := p.Read([]byte(c.body))
			if err != nil || len(got) != 1 || !reflect.DeepEqual(got[0], c.want) {
				t.Errorf("%v\ngot  %+v\nwant %+v", err, got, c.want)
			}
		})
	}
}

func TestWhatNobodyWroteTellsNothing(t *testing.T) {
	p := New(Config{Token: token})
	for name, body := range map[string]string{
		"a post of a channel": `{"update_type":"message_created","message":{"recipient":{"chat_id":-1,"chat_type":"channel"},"body":{"mid":"mid.1","text":"Новость"}}}`,
		"a post with a name":  `{"update_type":"message_created","message":{"sender":{"user_id":1,"name":"Анна"},"recipient":{"chat_id":-1,"chat_type":"channel"},"body":{"mid":"mid.1","text":"Новость"}}}`,
		"a bot":               `{"update_type":"message_created","message":{"sender":{"user_id":1,"is_bot":true},"body":{"mid":"mid.1","text":"Привет"}}}`,
		"a sticker":           `{"update_type":"message_created","message":{` + inDialog + `,"body":{"mid":"mid.1","text":"","attachments":[{"type":"sticker","payload":{"code":"x"}}]}}}`,
		"no body":             `{"update_type":"message_created","message":{` + inDialog + `,"body":null}}`,
		"a kind nobody knows": `{"update_type":"moonshot","message":{` + inDialog + `,"body":{"mid":"mid.1","text":"x"}}}`,
	} {
		if got, err := p.Read([]byte(body)); err != nil || got != nil {
			t.Errorf("%s: %+v %v", name, got, err)
		}
	}
}

// Whatever comes, it is either known by keys or refused, and reading it ends.
func FuzzUpdates(f *testing.F) {
	for _, seed := range []string{
		`{"update_type":"bot_started","chat_id":0,"user":{"user_id":1}}`,
		`{"update_type":"message_edited","timestamp":5,"message":{` + inDialog + `,"body":{"mid":"m","attachments":[{"type":"file","payload":null},{"type":"location"}]},"link":{"type":"forward"}}}`,
		`{"update_type":"message_callback","callback":null}`,
	} {
		f.Add([]byte(seed))
	}
	p := New(Config{Token: token})
	f.Fuzz(func(t *testing.T, body []byte) {
		taken, err := p.Take(body)
		if err == nil && (len(taken.Keys) == 0 || taken.Keys[0] == "") {
			t.Error("taken, and known by nothing")
		}
		messages, _ := p.Read(body)
		for _, m := range messages {
			if m.Key == "" || m.Chat == "" {
				t.Errorf("%+v", m)
			}
		}
	})
}
