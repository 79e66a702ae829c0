package main

import (
	"bytes"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"otklik/app"
	"otklik/central"
	"otklik/central/channel"
	"otklik/central/channel/sheets"
)

// bot is a stand-in for Telegram.
type bot struct {
	*httptest.Server
	mu     sync.Mutex
	token  string
	sent   []string
	counts int
}

const botToken = "42:s3cr3t-of-the-bot"

func newBot(t *testing.T, start func(http.Handler) *httptest.Server) *bot {
	b := &bot{token: botToken}
	b.Server = start(http.HandlerFunc(b.answer))
	t.Cleanup(b.Close)
	return b
}

func (b *bot) answer(w http.ResponseWriter, r *http.Request) {
	b.mu.Lock()
	defer b.mu.Unlock()
	method, ok := strings.CutPrefix(r.URL.Path, "/bot"+b.token+"/")
	if !ok {
		w.WriteHeader(http.StatusUnauthorized)
		_, _ = io.WriteString(w, `{"ok":false,"error_code":401,"description":"Unauthorized"}`)
		return
	}
	result := "true"
	switch method {
	case "getMe":
		result = `{"id":42,"is_bot":true,"first_name":"Бот","username":"region_bot"}`
	case "getWebhookInfo":
		result = `{"url":"https://region.example/channels/telegram","pending_update_count":0}`
	case "sendMessage":
		body, _ := io.ReadAll(r.Body)
		b.sent = append(b.sent, string(body))
		result = `{"message_id":77,"date":1,"chat":{"id":5,"type":"private"},"text":"x"}`
	case "getChat":
		result = `{"id":-100,"type":"channel","title":"Канал"}`
	case "getChatMemberCount", "getChatMembersCount":
		b.counts++
		result = "1234"
	}
	_, _ = fmt.Fprintf(w, `{"ok":true,"result":%s}`, result)
}

// write puts a file of channels into a folder.
func write(t *testing.T, folder, content string) string {
	t.Helper()
	path := filepath.Join(folder, "channels.json")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func telegramLine(b *bot, more string) string {
	return fmt.Sprintf(`{"name":"telegram","platform":"telegram","title":"Бот в Telegram","base_url":%q,"accepted":"Принято, номер {number}",
		"secrets":{"token":{"env":"TEST_BOT_TOKEN"},"secret":{"file":"secret"}}%s}`, b.URL, more)
}

func secretsFor(t *testing.T, folder string) {
	t.Helper()
	t.Setenv("TEST_BOT_TOKEN", botToken)
	if err := os.WriteFile(filepath.Join(folder, "secret"), []byte("webhook-secret\n"), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestAFaultyFileIsSaidWhatWhereAndWhatToDo(t *testing.T) {
	t.Setenv("TEST_SET", "x")
	t.Setenv("TEST_EMPTY", " ")
	line := func(rest string) string {
		return `{"lines":[{"name":"tg","title":"Бот","platform":"telegram"` + rest + `}]}`
	}
	for _, c := range [][2]string{
		{`{"lines":[}`, "no JSON, from byte"},
		{`{"line":[]}`, `unknown field "line"`},
		{`{"count_at":"3 утра"}`, "not written as it has to be"},
		{`{"lines":[]} {}`, "after the end"},
		{line(`,"tokn":"s3cr3t"`), `line 1: unknown field "tokn"`},
		{line(`,"token":"s3cr3t"`), "a secret stands under secrets"},
		{line(``), "channel «tg»: secrets.token is missing"},
		{line(`,"title":5`), "title is not written"},
		{`{"lines":[{"name":"tg"}]}`, "name and title are missing"},
		{line(`,"platform":"myspace"`), `platform "myspace" is not known: one of`},
		{line(`,"secrets":{"token":"s3cr3t"}`), "a secret does not stand in this file"},
		{line(`,"secrets":{"token":{"env":"TEST_ABSENT"}}`), "the environment has no TEST_ABSENT"},
		{line(`,"secrets":{"token":{"env":"TEST_EMPTY"}}`), "the environment has no TEST_EMPTY"},
		{line(`,"secrets":{"token":{"file":"absent"}}`), "its file cannot be read"},
		{line(`,"secrets":{"token":{"env":"TEST_SET","file":"x"}}`), `{"env": "NAME"} or {"file": "PATH"}`},
		{line(`,"secrets":{"token":{"value":"s3cr3t"}}`), `{"env": "NAME"} or {"file": "PATH"}`},
		{line(`,"secrets":{"token":{"env":"TEST_SET"},"key":{"env":"A"}}`), "secrets.key is not known: one of token, secret"},
		{line(`,"secrets":{"token":{"env":"TEST_SET"}}`), "secrets.secret is missing"},
		{line(`,"secrets":{"token":{"env":"TEST_SET"}},"poll":true,"rate":-1`), "not below 0"},
		{line(`,"secrets":{"token":{"env":"TEST_SET"}},"poll":true,"base_url":"api"`), "base_url is not an address"},
		{line(`,"secrets":{"token":{"env":"TEST_SET"}},"poll":true,"ca":"absent"`), "ca: "},
		{line(`,"settings":{"group":"1"}`), "settings.group is not known: there are none here"},
		{`{"lines":[{"name":"o","title":"O","platform":"open311"}]}`, "settings.url is missing"},
		{`{"lines":[{"name":"o","title":"O","platform":"open311","settings":{"url":"https://region.example"}}]}`, "settings.contact is missing"},
		{`{"lines":[{"name":"o","title":"O","platform":"open311","poll":true,"settings":{"url":"x"}}]}`, "and nothing else"},
		{`{"lines":[{"name":"vk","title":"ВК","platform":"vk","settings":{"group":"club"},"secrets":{"token":{"env":"TEST_SET"}}}]}`, "is not the number"},
		{`{"lines":[{"name":"vk","title":"ВК","platform":"vk","settings":{"group":"1"},"secrets":{"token":{"env":"TEST_SET"}}}]}`, "secrets.confirmation is missing"},
		{`{"lines":[{"name":"ВК","title":"ВК","platform":"vk"}]}`, "small Latin letters"},
		{`{"sheets":[{"name":"im","title":"ИМ"}]}`, "channel «im»: a folder is missing"},
		{`{"sheets":[{"name":"a","title":"ИМ","folder":"a"},{"name":"a","title":"ИМ","folder":"b"}]}`, "the name stands twice"},
	} {
		content, say := c[0], c[1]
		path := write(t, t.TempDir(), content)
		_, err := readChannels(path)
		if err == nil || !strings.Contains(err.Error(), say) || strings.Contains(err.Error(), "s3cr3t") {
			t.Errorf("%s\n%v", content, err)
		}
		data := filepath.Join(t.TempDir(), "data")
		if err := run(t.Context(), []string{"serve", "--data", data, "--channels", path}, io.Discard, io.Discard, clock); err == nil {
			t.Errorf("%s: served", content)
		}
		if _, err := os.Stat(data); err == nil {
			t.Errorf("%s: the server started half", content)
		}
	}
}

func TestChannelsAreTested(t *testing.T) {
	b := newBot(t, httptest.NewServer)
	folder := t.TempDir()
	secretsFor(t, folder)
	t.Setenv("TEST_WRONG", "1:wrong-s3cr3t")
	test := func(content string) (string, error) {
		var out bytes.Buffer
		err := run(t.Context(), []string{"channels", "test", "--channels", write(t, folder, content)}, &out, io.Discard, clock)
		if s := out.String() + fmt.Sprint(err); strings.Contains(s, "s3cr3t") {
			t.Errorf("it tells secrets: %s", s)
		}
		return out.String(), err
	}
	good := telegramLine(b, "")
	if said, err := test(`{"lines":[` + good + `],"sheets":[{"name":"im","title":"ИМ","folder":"im"}]}`); err != nil || said != "telegram  ok\nim        ok\n" {
		t.Errorf("%q %v", said, err)
	}
	wrong := strings.NewReplacer("TEST_BOT_TOKEN", "TEST_WRONG", `"name":"telegram"`, `"name":"other"`).Replace(good)
	away := strings.NewReplacer(b.URL, "http://127.0.0.1:1", `"name":"telegram"`, `"name":"away"`).Replace(good)
	said, err := test(`{"lines":[` + good + `,` + wrong + `,` + away + `,{"name":"x","title":"X","platform":"x"}]}`)
	if err == nil || !strings.Contains(err.Error(), "3 to mend") || strings.Count(said, "\n") != 4 ||
		!strings.Contains(said, "telegram  ok\n") || !strings.Contains(said, "other     the token") || !strings.Contains(said, `platform "x" is not known`) {
		t.Errorf("%s%v", said, err)
	}
}

func TestALineTrustsItsOwnCertificates(t *testing.T) {
	b := newBot(t, httptest.NewTLSServer)
	b.Config.ErrorLog = nil
	folder := t.TempDir()
	secretsFor(t, folder)
	ca := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: b.Certificate().Raw})
	if err := os.WriteFile(filepath.Join(folder, "ca.pem"), ca, 0o600); err != nil {
		t.Fatal(err)
	}
	for more, works := range map[string]bool{`,"ca":"ca.pem"`: true, ``: false} {
		config, err := readChannels(write(t, folder, `{"lines":[`+telegramLine(b, more)+`]}`))
		if err != nil {
			t.Fatal(err)
		}
		if err := check(t.Context(), config.lines[0].Platform); (err == nil) != works {
			t.Errorf("%q: %v", more, err)
		}
	}
}

// TestServeWithChannels: a message becomes an appeal, the bot says its number, pages are
// counted, an export is posted, figures tell of it, and the log keeps secrets.
func TestServeWithChannels(t *testing.T) {
	b := newBot(t, httptest.NewServer)
	folder, data := t.TempDir(), t.TempDir()
	secretsFor(t, folder)
	path := write(t, folder, `{"lines":[`+telegramLine(b, "")+`,
		{"name":"open311","platform":"open311","title":"Open311","settings":{"url":"https://region.example","contact":"dev@region.example"},"secrets":{"keys":{"file":"secret"}}}],
		"sheets":[{"name":"im","title":"ИМ","folder":"im","secrets":{"secret":{"file":"secret"}}}]}`)
	storage, err := place{data: data}.open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	page := app.Page{ID: app.IDFrom("page", "t.me/region"), Network: app.SourceTelegram, Name: "Канал", Link: "t.me/region"}
	open := app.Table{Name: app.TableChannels, Columns: []app.Column{"source", "intake", "answers", "reason"}} // every channel lets answers out
	if err := storage.Update(t.Context(), func(tx central.Tx) error { return errors.Join(tx.PutPage(page), tx.PutTable(open)) }); err != nil {
		t.Fatal(err)
	}
	if err := storage.Close(); err != nil {
		t.Fatal(err)
	}
	r := start(t, data, "--channels", path, "--metrics", "127.0.0.1:0")
	post := func(path, header, secret, body string) int {
		t.Helper()
		q, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+r.address+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		q.Header.Set(header, secret)
		reply, err := http.DefaultClient.Do(q)
		if err != nil {
			t.Fatal(err)
		}
		defer reply.Body.Close()
		return reply.StatusCode
	}
	const header = "X-Telegram-Bot-Api-Secret-Token"
	update := `{"update_id":10000,"message":{"message_id":1,"from":{"id":5,"is_bot":false,"first_name":"А"},
		"chat":{"id":5,"type":"private"},"date":` + fmt.Sprint(moment.Add(-time.Minute).Unix()) + `,"text":"Нет света"}}`
	if got := post(channel.PathPrefix+"telegram", header, "wrong", update); got != 403 {
		t.Errorf("forged: %d", got)
	}
	if got := post(channel.PathPrefix+"telegram", header, "webhook-secret", update); got != 200 {
		t.Errorf("%d", got)
	}
	if got := post(sheets.PathPrefix+"im", sheets.HeaderSecret, "webhook-secret", "Номер инцидента;Текст инцидента;Дата создания\n1;Яма;2026-07-01 10:00:00\n"); got != 202 {
		t.Errorf("%d", got)
	}
	if kept, err := filepath.Glob(filepath.Join(folder, "im", "*.csv")); err != nil || len(kept) != 1 {
		t.Errorf("%q %v", kept, err)
	}
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		b.mu.Lock()
		sent := strings.Join(b.sent, "")
		b.mu.Unlock()
		if strings.Contains(sent, "Принято, номер 2026-") {
			break
		}
		if time.Now().After(end) {
			t.Fatalf("waited in vain: %q", sent)
		}
	}
	// The clock of the test stands at noon: pages were counted when the server began.
	if said := command(t, "channels", "count", "--data", data, "--now"); !strings.Contains(said, "telegram  1 counted  0 gaps  0 with posts") {
		t.Errorf("%q", said)
	}
	if said := command(t, "channels", "count", "--data", data); !strings.Contains(said, "--now") {
		t.Errorf("%q", said)
	}
	if found := get(t, "http://"+r.address+"/open311/discovery.json"); !strings.Contains(found, "https://region.example/open311/") {
		t.Errorf("%s", found)
	}
	figures := get(t, "http://"+r.metrics+"/metrics")
	for _, want := range []string{
		`otklik_channel_came_total{line="telegram",outcome="appeal"} 1`, `otklik_channel_came_total{line="telegram",outcome="forged"} 1`,
		`otklik_channel_went_total{line="telegram",outcome="sent"} 1`, `otklik_channel_inbox{line="telegram"} 0`,
		`otklik_channel_outbox{line="telegram"} 0`, `otklik_channel_pages{line="telegram",outcome="counted"} 1`,
	} {
		if !strings.Contains(figures, want) {
			t.Errorf("no %s", want)
		}
	}
	if err := r.stop(); err != nil {
		t.Fatal(err)
	}
	close(r.log)
	for line := range r.log {
		if strings.Contains(line, "s3cr3t") || strings.Contains(line, "webhook-secret") || strings.Contains(line, "Нет света") {
			t.Errorf("the log tells %s", line)
		}
	}
	if said := command(t, "channels", "count", "--data", data, "--channels", path, "--now"); !strings.Contains(said, "1 pages counted") {
		t.Errorf("%q", said)
	}
	err = run(t.Context(), []string{"channels", "count", "--data", data}, io.Discard, io.Discard, clock)
	if err == nil || !strings.Contains(err.Error(), "--channels is needed") {
		t.Errorf("%v", err)
	}
}

// TestAServerWithoutChannels: answers that wait for lines there were once would wait for
// ever, and the count of the day is left to who can ask.
func TestAServerWithoutChannels(t *testing.T) {
	data := t.TempDir()
	storage, err := place{data: data}.open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	err = storage.Update(t.Context(), func(tx central.Tx) error {
		served := fmt.Sprintf(`{"title":"Бот","at":%q}`, moment.Add(-time.Hour).Format(time.RFC3339))
		return errors.Join(tx.PutItem("served", "telegram", []byte(served)),
			tx.PutItem("out/telegram", "0000000000000001/e", []byte(`{"line":"telegram","chat":"5","appeal":"a","event":"e","text":"Нет света"}`)))
	})
	if err := errors.Join(err, storage.Close()); err != nil {
		t.Fatal(err)
	}
	r := start(t, data)
	for said := ""; !strings.Contains(said, "told not to leave"); {
		select {
		case line := <-r.log:
			if said += line; strings.Contains(said, "Нет света") {
				t.Fatalf("the log tells %s", line)
			}
		case <-time.After(20 * time.Second):
			t.Fatalf("waited in vain: %s", said)
		}
	}
	err = run(t.Context(), []string{"channels", "count", "--data", data, "--now"}, io.Discard, io.Discard, clock)
	if err == nil || !strings.Contains(err.Error(), "--channels") {
		t.Errorf("%v", err)
	}
	if err := r.stop(); err != nil {
		t.Fatal(err)
	}
	if storage, err = (place{data: data}).open(t.Context()); err != nil {
		t.Fatal(err)
	}
	err = storage.View(t.Context(), func(tx central.Reader) error {
		for shelf, want := range map[string]int{"out/telegram": 0, "count": 0} {
			ids, err := tx.Shelf(shelf, "", 10)
			if err != nil || len(ids) != want {
				t.Errorf("%s: %v %v", shelf, ids, err)
			}
		}
		return nil
	})
	if err := errors.Join(err, storage.Close()); err != nil {
		t.Fatal(err)
	}
}

func get(t *testing.T, address string) string {
	t.Helper()
	reply, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer reply.Body.Close()
	b, err := io.ReadAll(reply.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
