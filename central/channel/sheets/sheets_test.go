package sheets

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"otklik/app"
	"otklik/assets"
	"otklik/central"
	"otklik/central/channel/channeltest"
	"otklik/central/embedded"
)

// world is a server with one inlet.
type world struct {
	t       *testing.T
	storage central.Storage
	server  *central.Server
	s       *Sheets
	w       *watch
	folder  string
	took    map[string]int
}

func newWorld(t *testing.T, o Options) *world {
	t.Helper()
	w := &world{t: t, folder: filepath.Join(t.TempDir(), "выгрузки"), took: map[string]int{}}
	var err error
	if w.storage, err = embedded.OpenWith(filepath.Join(t.TempDir(), "central.db"), embedded.Options{NoSync: true}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.storage.Close() })
	if w.server, err = central.New(w.storage, central.Options{}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.server.Stop)
	if o.Region, _, err = assets.Region(); err != nil {
		t.Fatal(err)
	}
	o.Took = func(_, outcome string, n int) { w.took[outcome] += n }
	if w.s, err = New([]Inlet{{Name: "im", Title: "Инцидент Менеджмент", Folder: w.folder, Secret: "тайна"}}, o); err != nil {
		t.Fatal(err)
	}
	w.s.Serve(w.server)
	w.w = &watch{s: w.s, in: w.s.inlets["im"], looks: map[string]look{}}
	return w
}

func (w *world) drop(name, content string) {
	w.t.Helper()
	if err := os.WriteFile(filepath.Join(w.folder, name), []byte(content), 0o600); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) rounds(n int) {
	w.t.Helper()
	for range n {
		if err := w.w.round(w.t.Context()); err != nil {
			w.t.Fatal(err)
		}
	}
}

// in gives the names of the files that stand in a folder below the inlet's.
func (w *world) in(folder string) (names []string) {
	w.t.Helper()
	entries, err := os.ReadDir(filepath.Join(w.folder, folder))
	if err != nil {
		w.t.Fatal(err)
	}
	for _, e := range entries {
		if !e.IsDir() {
			names = append(names, e.Name())
		}
	}
	return names
}

func (w *world) text(path ...string) string {
	w.t.Helper()
	b, err := os.ReadFile(filepath.Join(append([]string{w.folder}, path...)...))
	if err != nil {
		w.t.Fatal(err)
	}
	return string(b)
}

func (w *world) appeals() []*app.Appeal {
	w.t.Helper()
	return channeltest.AppealsOf(w.t, w.storage)
}

func (w *world) head() uint64 {
	w.t.Helper()
	head, err := w.server.Head(context.Background())
	if err != nil {
		w.t.Fatal(err)
	}
	return head
}

const heading = "Номер инцидента;Текст инцидента;Дата создания;Регион;Отдел;Текущий шаг инцидента;Общее время первого ответа;Общий текст первого ответа\n"

func TestAnExportBecomesAppealsAndALaterOneTheirEvents(t *testing.T) {
	w := newWorld(t, Options{})
	w.drop("export.csv", heading+
		"7;'Яма на дороге;2025-12-24 20:00:00;Чувашская Республика;Администрация;В работе;;\n"+
		"8;'Нет света;2025-12-24 21:00:00;Чувашская Республика;Администрация;В работе;;\n"+
		"9;'Без даты;когда-то;Чувашская Республика;Администрация;В работе;;\n")
	w.rounds(1)
	if n := len(w.appeals()); n != 0 {
		t.Errorf("%d appeals of a file that may be growing still", n)
	}
	w.rounds(1)
	if all := w.appeals(); len(all) != 2 || all[0].Source != app.SourceIM {
		t.Errorf("%+v", all)
	}
	if got := w.in(folderTaken); !slices.Equal(got, []string{"export.csv", "export.csv.txt"}) || len(w.in("")) != 0 {
		t.Errorf("%q, left %q", got, w.in(""))
	}
	if about := w.text(folderTaken, "export.csv.txt"); !strings.Contains(about, "строка 4 — дата не читается") || strings.Contains(about, "Без даты") {
		t.Errorf("%q", about)
	}
	before := w.head()
	w.drop("export.csv", heading+
		"7;'Яма на дороге;2025-12-24 20:00:00;Чувашская Республика;Администрация;В работе;2025-12-25 10:00:00;'Заделаем\n"+
		"8;'Нет света;2025-12-24 21:00:00;Чувашская Республика;Администрация;В работе;;\n")
	w.rounds(2)
	if n := w.head() - before; n != 1 {
		t.Errorf("%d changes", n)
	}
	for _, a := range w.appeals() {
		if r, replied := a.Reply(); replied != (a.External == "7") || replied && r.Text != "Заделаем" {
			t.Errorf("%s: %v %+v", a.External, replied, r)
		}
	}
	if got := w.in(folderTaken); !slices.Contains(got, "export (2).csv") {
		t.Errorf("%q", got)
	}
	if w.took["added"] != 2 || w.took["updated"] != 1 || w.took["unchanged"] != 1 || w.took["skipped"] != 1 {
		t.Errorf("%v", w.took)
	}
}

// TestAFileReadTwiceChangesNothing: the program died before it put the file away.
func TestAFileReadTwiceChangesNothing(t *testing.T) {
	w := newWorld(t, Options{})
	file := "id;text;category;theme;executor\n1;Яма;Дороги;Ямы;Мэрия\n2;Свет;ЖКХ;Свет;Мэрия\n"
	w.drop("a.csv", file)
	w.rounds(2)
	before := w.head()
	w.drop("b.csv", file)
	w.rounds(2)
	if w.head() != before || before != 2 {
		t.Errorf("%d, then %d changes", before, w.head())
	}
}

// TestWhatWasTakenBackComesAgain: the import that a person undid had the same operation.
func TestWhatWasTakenBackComesAgain(t *testing.T) {
	w := newWorld(t, Options{})
	file := "id;text;category;theme;executor\n1;Яма;Дороги;Ямы;Мэрия\n"
	w.drop("a.csv", file)
	w.rounds(2)
	one := w.appeals()[0]
	err := w.server.Act(t.Context(), central.Actor{ID: "clerk", Name: "Оператор 2"}, func(a *central.Acting) error {
		_, err := a.Do(app.Op{ID: app.IDFrom("back"), Ent: one.ID, Kind: app.OpBack, At: a.Now(), Payload: app.Encode(app.TakenBack{Seen: one.Sum()})})
		return err
	})
	if err != nil || !w.appeals()[0].Undone {
		t.Fatalf("%+v %v", w.appeals()[0], err)
	}
	w.drop("b.csv", file)
	w.rounds(2)
	if now := w.appeals()[0]; now.Undone || now.Text != "Яма" || w.took["added"] != 2 {
		t.Errorf("%+v %v", now, w.took)
	}
}

func TestWhatIsNoExportIsPutAsideWithTheReason(t *testing.T) {
	w := newWorld(t, Options{MaxFile: 1000})
	for name, c := range map[string]struct{ content, say string }{
		"пустой.csv": {"", "нет строк"},
		"письмо.txt": {"Здравствуйте!\nВысылаю выгрузку.\n", "заголовков"},
		"книга.xlsx": {"PK\x03\x04nonsense", "не похож"},
		"счёт.csv":   {"date;page;count\n2026-01-01;vk.com/a;5\n", "заголовков"},
		"много.csv":  {strings.Repeat("x", 1001), "больше"},
	} {
		w.drop(name, c.content)
		w.rounds(2)
		if got := w.in(folderRefused); !slices.Contains(got, name) {
			t.Errorf("%s is not put aside: %q", name, got)
			continue
		}
		about := w.text(folderRefused, name+".txt")
		if !strings.Contains(about, c.say) || strings.Contains(about, w.folder) {
			t.Errorf("%s: %q", name, about)
		}
	}
	if w.took["refused"] != 5 || w.head() != 0 {
		t.Errorf("%v, %d changes", w.took, w.head())
	}
}

func TestAFileThatGrowsIsWaitedFor(t *testing.T) {
	w := newWorld(t, Options{})
	rows := heading
	for range 3 {
		rows += "7;'Яма;2025-12-24 20:00:00;Чувашская Республика;Администрация;В работе;;\n"
		w.drop("export.csv", rows)
		w.rounds(1)
	}
	w.drop("~$export.xlsx", "x")
	w.drop("export.xlsx.part", "x")
	if len(w.in("")) != 3 {
		t.Errorf("%q", w.in(""))
	}
	w.rounds(2)
	if got := w.in(""); !slices.Equal(got, []string{"export.xlsx.part", "~$export.xlsx"}) {
		t.Errorf("%q", got)
	}
}

func TestAnExportIsPosted(t *testing.T) {
	w := newWorld(t, Options{MaxFile: 10_000, Pause: 10 * time.Millisecond})
	web := httptest.NewServer(w.s.Handler())
	defer web.Close()
	post := func(inlet, secret, body string) int {
		t.Helper()
		q, err := http.NewRequestWithContext(t.Context(), http.MethodPost, web.URL+PathPrefix+inlet, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		q.Header.Set(HeaderSecret, secret)
		r, err := http.DefaultClient.Do(q)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Body.Close()
		_, _ = io.Copy(io.Discard, r.Body)
		return r.StatusCode
	}
	row := heading + "7;'Яма;2025-12-24 20:00:00;Чувашская Республика;Администрация;В работе;;\n"
	for _, c := range []struct {
		inlet, secret, body string
		want                int
	}{
		{"im", "", row, 403},
		{"im", "тайн", row, 403},
		{"other", "тайна", row, 404},
		{"im", "тайна", "", 400},
		{"im", "тайна", strings.Repeat("x", 10_001), 413},
		{"im", "тайна", row, 202},
		{"im", "тайна", row, 202},
	} {
		if got := post(c.inlet, c.secret, c.body); got != c.want {
			t.Errorf("%s %s: %d", c.inlet, c.secret, got)
		}
	}
	if n := len(w.in("")); n != 1 {
		t.Errorf("%d files", n)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { defer close(ended); w.s.Run(ctx) }()
	for end := time.Now().Add(10 * time.Second); len(w.in(folderTaken)) == 0 && time.Now().Before(end); {
		time.Sleep(5 * time.Millisecond)
	}
	cancel()
	<-ended
	if all := w.appeals(); len(all) != 1 || all[0].External != "7" {
		t.Errorf("%+v", all)
	}
}

func TestInletsAreToldApart(t *testing.T) {
	folder := t.TempDir()
	for say, inlets := range map[string][]Inlet{
		"Latin letters":       {{Name: "Выгрузка", Folder: folder}},
		"stands once":         {{Name: "a", Folder: folder}, {Name: "a", Folder: folder + "/b"}},
		"a folder is missing": {{Name: "a"}},
		"already":             {{Name: "a", Folder: folder}, {Name: "b", Folder: folder + "/"}},
	} {
		if _, err := New(inlets, Options{}); err == nil || !strings.Contains(err.Error(), say) {
			t.Errorf("%s: %v", say, err)
		}
	}
}

// TestTheRealExport reads a masked export of «Инцидент Менеджмент», which is no part of
// the project.
func TestTheRealExport(t *testing.T) {
	real, err := os.ReadFile(filepath.Join("..", "..", "..", "..", "shared", "data", "incident-manager", "export_15rows.xlsx"))
	if err != nil {
		t.Skip("the shared data are not here: ", err)
	}
	w := newWorld(t, Options{})
	for range 2 {
		w.drop("export.xlsx", string(real))
		w.rounds(2)
	}
	if n := len(w.appeals()); n == 0 || uint64(n) != w.head() || w.took["unchanged"] != n {
		t.Errorf("%d appeals, %d changes, %v", n, w.head(), w.took)
	}
}
