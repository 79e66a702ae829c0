package telegram

import (
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"otklik/central/channel"
)

func TestOnlyTheSecretOfTheWebhookOpens(t *testing.T) {
	p := New(Config{Token: token, Secret: secret})
	for given, want := range map[string]error{secret: nil, "": channel.ErrForged, secret + "x": channel.ErrForged, "S3cret_of-the-webhook": channel.ErrForged} {
		d := channel.Delivery{Header: http.Header{secretHeader: {given}}}
		if err := p.Verify(d); !errors.Is(err, want) {
			t.Errorf("%q: %v", given, err)
		}
	}
	if err := New(Config{Token: token}).Verify(channel.Delivery{Header: http.Header{secretHeader: {""}}}); err == nil {
		t.Error("a line without a secret believes everybody")
	}
}

func TestAnUpdateHasTheKeysOfItsNumberAndOfItsMessage(t *testing.T) {
	p := New(Config{Token: token})
	for body, want := range map[string][]string{
		`{"update_id":9007199254740993,"message":{"message_id":7,"chat":{"id":-1009007199254740993}}}`: {"update/6543210987/9007199254740993", "message/-1009007199254740993/7/0"},
		`{"update_id":8,"edited_message":{"message_id":7,"chat":{"id":42},"edit_date":1700000000}}`:    {"update/6543210987/8", "message/42/7/1700000000"},
		`{"update_id":0,"something_new":{"id":1}}`:                                                     {"update/6543210987/0"},
		`{"message":{"message_id":7}}`:                                                                 nil,
		`[]`:                                                                                           nil,
		`not json`:                                                                                     nil,
	} {
		taken, err := p.Take([]byte(body))
		if !reflect.DeepEqual(taken.Keys, want) || (err == nil) != (want != nil) || taken.Reply != (channel.Reply{}) {
			t.Errorf("%s: %+v %v", body, taken, err)
		}
	}
	for _, post := range []string{`{"update_id":5,"channel_post":{"message_id":7}}`, `{"update_id":6,"edited_channel_post":{"message_id":7}}`} {
		if taken, err := p.Take([]byte(post)); err != nil || len(taken.Keys) != 0 {
			t.Errorf("a post of a channel is kept: %+v %v", taken, err)
		}
	}
}

// Every update of the fixtures is read: those of other libraries' tests are the shapes
// the Bot API had through the years.
func TestFixturesOfOthersAreRead(t *testing.T) {
	files, _ := filepath.Glob("../../../../shared/data/bots/telegram/*.json")
	if len(files) == 0 {
		t.Skip("fixtures are absent: shared/data/bots/telegram")
	}
	p, read, said := New(Config{Token: token}), 0, 0
	for _, name := range files {
		body, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, u := range updatesOf(body) {
			if filepath.Base(name) == "java-telegram-bot-api__UpdatesListenerTest_0.json" {
				continue // a template of a program, whose number is a piece of Java
			}
			if _, err := p.Take(u); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			messages, err := p.Read(u)
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
			read++
			for _, m := range messages {
				said++
				if m.Key == "" || m.Chat == "" || m.At.IsZero() || m.Author == "" {
					t.Errorf("%s: %+v", name, m)
				}
			}
		}
	}
	if read < 10 || said < 8 {
		t.Errorf("%d updates read, %d messages told", read, said)
	}
}

// updatesOf finds the updates in a fixture: it is one, or has some as its result, or is
// the message of one.
func updatesOf(body []byte) (all [][]byte) {
	var f struct {
		Update  json.RawMessage `json:"update_id"`
		Message json.RawMessage `json:"message_id"`
		Date    json.RawMessage `json:"date"`
		Result  json.RawMessage `json:"result"`
	}
	if json.Unmarshal(body, &f) != nil {
		return nil
	}
	switch {
	case f.Update != nil:
		return [][]byte{body}
	case f.Message != nil && f.Date != nil:
		return [][]byte{append(append([]byte(`{"update_id":1,"message":`), body...), '}')}
	}
	var list []json.RawMessage
	if json.Unmarshal(f.Result, &list) == nil {
		for _, one := range list {
			all = append(all, updatesOf(one)...)
		}
		return all
	}
	return updatesOf(f.Result)
}

const (
	inPrivate = `"chat":{"id":42,"type":"private"},"from":{"id":42,"first_name":"А. Б.","last_name":"Иванов","username":"ab_ivanov"},"date":1700000000`
	inGroup   = `"chat":{"id":-1001234567890,"type":"supergroup","username":"Kanash_Chat"},"from":{"id":42,"first_name":"Анна"},"date":1700000000`
)

var at = time.Unix(1700000000, 0).UTC()

func private(m channel.Message) channel.Message {
	m.Key, m.Chat, m.Thread, m.Author, m.Contact, m.At = "42/7", "42", "7", "А. Б. Иванов", "https://t.me/ab_ivanov", at
	return m
}

func public(m channel.Message) channel.Message {
	m.Key, m.Chat, m.Thread, m.Author, m.Contact, m.At = "-1001234567890/7", "-1001234567890", "7", "Анна", "tg://user?id=42", at
	m.Public, m.Link = true, "https://t.me/Kanash_Chat/7"
	return m
}

func TestWhatPeopleWriteIsTold(t *testing.T) {
	p := New(Config{Token: token})
	edited := private(channel.Message{Text: "Нет воды", Edits: "42/7"})
	edited.At = at.Add(time.Minute)
	for name, c := range map[string]struct {
		body string
		want channel.Message
	}{
		"a text": {
			`{"update_id":1,"message":{"message_id":7,` + inPrivate + `,"text":"Нет_воды *совсем*","entities":[{"type":"bold","offset":0,"length":3}]}}`,
			private(channel.Message{Text: "Нет_воды *совсем*"}),
		},
		"the first word": {
			`{"update_id":1,"message":{"message_id":7,` + inPrivate + `,"text":"/start site"}}`,
			private(channel.Message{Text: "/start site", Hello: true}),
		},
		"a picture of an album, the largest": {
			`{"update_id":1,"message":{"message_id":7,` + inPrivate + `,"media_group_id":"13","caption":"Яма",
			"photo":[{"file_id":"s","width":90,"height":90,"file_size":10},{"file_id":"l","width":800,"height":600,"file_size":900},{"file_id":"m","width":320,"height":320}]}}`,
			private(channel.Message{Text: "Яма", Album: "42/13", Files: []channel.Enclosure{{Name: "photo.jpg", Ref: "l", Size: 900}}}),
		},
		"a document": {
			`{"update_id":1,"message":{"message_id":7,` + inPrivate + `,"document":{"file_id":"d","file_name":"Жалоба.pdf","file_size":5}}}`,
			private(channel.Message{Files: []channel.Enclosure{{Name: "Жалоба.pdf", Ref: "d", Size: 5}}}),
		},
		"a voice": {
			`{"update_id":1,"message":{"message_id":7,` + inPrivate + `,"voice":{"file_id":"v","duration":3}}}`,
			private(channel.Message{Files: []channel.Enclosure{{Name: "voice.ogg", Ref: "v"}}}),
		},
		"a place": {
			`{"update_id":1,"message":{"message_id":7,` + inPrivate + `,"location":{"latitude":56.1287,"longitude":47.2519},"venue":{"title":"Школа","address":"ул. Ленина, 14"}}}`,
			private(channel.Message{Text: "Школа, ул. Ленина, 14, 56.128700, 47.251900", Place: "Школа, ул. Ленина, 14, 56.128700, 47.251900"}),
		},
		"a reply": {
			`{"update_id":1,"message":{"message_id":7,` + inPrivate + `,"text":"И тут","reply_to_message":{"message_id":5,"chat":{"id":42}}}}`,
			private(channel.Message{Text: "И тут", ReplyTo: "42/5"}),
		},
		"other words": {`{"update_id":1,"edited_message":{"message_id":7,` + inPrivate + `,"edit_date":1700000060,"text":"Нет воды"}}`, edited},
		"a comment under a post": {
			`{"update_id":1,"message":{"message_id":7,` + inGroup + `,"text":"Не чищено","message_thread_id":3,"reply_to_message":{"message_id":3,
			"chat":{"id":-1001234567890},"is_automatic_forward":true,"sender_chat":{"id":-1009,"type":"channel","username":"Kanash_News"}}}}`,
			public(channel.Message{Text: "Не чищено", ReplyTo: "-1001234567890/3", Page: "t.me/kanash_news"}),
		},
		"a word in a group": {
			`{"update_id":1,"message":{"message_id":7,` + inGroup + `,"text":"Не чищено"}}`,
			public(channel.Message{Text: "Не чищено", Page: "t.me/kanash_chat"}),
		},
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
		"a post of a channel":      `{"update_id":1,"channel_post":{"message_id":7,"chat":{"id":-1009,"type":"channel"},"text":"Новость"}}`,
		"a post in its discussion": `{"update_id":1,"message":{"message_id":7,` + inGroup + `,"text":"Новость","is_automatic_forward":true,"sender_chat":{"id":-1009}}}`,
		"a bot":                    `{"update_id":1,"message":{"message_id":7,"chat":{"id":42},"from":{"id":1,"is_bot":true,"first_name":"Бот"},"text":"Привет"}}`,
		"a sticker":                `{"update_id":1,"message":{"message_id":7,` + inPrivate + `,"sticker":{"file_id":"s"}}}`,
		"somebody joined":          `{"update_id":1,"message":{"message_id":7,` + inGroup + `,"new_chat_members":[{"id":5}]}}`,
		"a button":                 `{"update_id":1,"callback_query":{"id":"4382bfdwdsb323b2d9","from":{"id":42}}}`,
		"a place that moves":       `{"update_id":1,"edited_message":{"message_id":7,` + inPrivate + `,"edit_date":1700000060,"location":{"latitude":56.1,"longitude":47.2,"live_period":900}}}`,
		"a kind nobody knows":      `{"update_id":1,"moonshot":{"id":42}}`,
	} {
		if got, err := p.Read([]byte(body)); err != nil || got != nil {
			t.Errorf("%s: %+v %v", name, got, err)
		}
	}
}

// Whatever comes, it is either known by keys or refused, and reading it ends.
func FuzzUpdates(f *testing.F) {
	for _, seed := range []string{
		`{"update_id":1,"message":{"message_id":7,` + inGroup + `,"text":"x","reply_to_message":{"message_id":3,"is_automatic_forward":true,"sender_chat":{"id":-1}}}}`,
		`{"update_id":1,"edited_message":{"message_id":7,` + inPrivate + `,"photo":[{"file_id":"s"}],"venue":{}}}`,
		`{"update_id":null,"message":null}`,
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
