package store

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kljensen/snowball/russian"
	bolt "go.etcd.io/bbolt"
	"pgregory.net/rapid"

	"otklik/app"
)

// small makes sizes so small that a few records reach them.
func small(t testing.TB) {
	was, block := mergeAt, blockLen
	mergeAt, blockLen = 60, 60
	t.Cleanup(func() { mergeAt, blockLen = was, block })
}

// What follows is a second, simple form of the search: it reads every appeal and
// looks at every word of it.

var wordForm = regexp.MustCompile(`[\p{L}\p{N}]+`)

func wordList(text string) []string {
	return wordForm.FindAllString(strings.ReplaceAll(strings.ToLower(text), "ё", "е"), -1)
}

var digitsOnly = regexp.MustCompile(`^[0-9]+$`)

// plainSearch knows all forms of words that are or were in the file: what is being
// typed finds the words that it begins, in all their forms.
type plainSearch struct {
	forms  map[string]bool
	unsent map[string]bool // appeals with operations that wait, by ID
}

func (p plainSearch) learn(a *app.Appeal) {
	for _, text := range textsOf(a) {
		for _, form := range wordList(text) {
			if !digitsOnly.MatchString(form) {
				p.forms[form] = true
			}
		}
	}
}

func textsOf(a *app.Appeal) []string {
	return []string{a.Title, a.Text, a.Number, a.External, a.Place, a.Municipality, a.Group, a.Topic}
}

func (p plainSearch) sameWord(word, asked string, typing bool) bool {
	if digitsOnly.MatchString(word) {
		bare := strings.TrimLeft(word, "0")
		if typing && len(asked) >= 3 && (strings.HasPrefix(word, asked) || strings.HasPrefix(bare, asked)) {
			return true
		}
		return word == asked || bare == asked
	}
	for form := range p.forms {
		if typing && len([]rune(asked)) >= 2 && strings.HasPrefix(form, asked) && russian.Stem(form, true) == russian.Stem(word, true) {
			return true
		}
	}
	return !digitsOnly.MatchString(asked) && russian.Stem(word, true) == russian.Stem(asked, true)
}

func (p plainSearch) occurs(c clause, a *app.Appeal) bool {
	texts := textsOf(a)
	at := func(words []string, i, n int) bool {
		return p.sameWord(words[i], c.words[n], c.typing && n == len(c.words)-1)
	}
	if c.phrase {
		for _, text := range texts {
			words := wordList(text)
			for i := 0; i+len(c.words) <= len(words); i++ {
				all := true
				for n := range c.words {
					all = all && at(words, i+n, n)
				}
				if all {
					return true
				}
			}
		}
		return false
	}
	for n := range c.words {
		found := false
		for _, text := range texts {
			for i, words := 0, wordList(text); i < len(words); i++ {
				found = found || at(words, i, n)
			}
		}
		if !found {
			return false
		}
	}
	return true
}

// scan answers a query by reading everything.
func (p plainSearch) scan(s *Store, records map[uint64]*app.Appeal, q app.Query, asked []clause) app.Found {
	due := func(a *app.Appeal) time.Time { return s.terms.Load().Deadline(a).Due }
	start := func(a *app.Appeal) int64 {
		e, _ := a.Start()
		return unix(e.At)
	}
	in := func(a *app.Appeal, queue app.Queue) bool {
		return map[app.Queue]bool{
			app.QueueNeeds: a.AwaitsReply(), app.QueueMine: a.Status.Open() && q.Me != "" && a.Assignee == q.Me,
			app.QueueOverdue:  a.Status.Open() && !due(a).IsZero() && due(a).Before(q.Now),
			app.QueueApproval: a.Status == app.StatusApproval, app.QueueReturned: a.Status == app.StatusRework,
			app.QueueSoon: a.Status.Open() && !due(a).IsZero() && !due(a).Before(q.Now) && due(a).Before(q.Now.Add(time.Hour)),
			app.QueueOpen: a.Status.Open(), app.QueueArchive: !a.Status.Open(), app.QueueAll: true,
			app.QueueUnsent: p.unsent[a.ID], app.QueueCheck: a.Attention() != "",
		}[queue]
	}
	facets := map[string]func(a *app.Appeal) bool{
		"queue":  func(a *app.Appeal) bool { return in(a, q.Queue) },
		"source": func(a *app.Appeal) bool { return len(q.Sources) == 0 || slices.Contains(q.Sources, a.Source) },
		"group":  func(a *app.Appeal) bool { return len(q.Groups) == 0 || slices.Contains(q.Groups, a.Group) },
		"topic":  func(a *app.Appeal) bool { return len(q.Topics) == 0 || slices.Contains(q.Topics, a.Topic) },
		"place": func(a *app.Appeal) bool {
			return len(q.Municipalities) == 0 || slices.Contains(q.Municipalities, a.Municipality)
		},
		"executor": func(a *app.Appeal) bool { return len(q.Executors) == 0 || slices.Contains(q.Executors, a.Executor) },
		"assignee": func(a *app.Appeal) bool { return len(q.Assignees) == 0 || slices.Contains(q.Assignees, a.Assignee) },
		"page":     func(a *app.Appeal) bool { return q.Page == "" || a.Page == q.Page },
		"own": func(a *app.Appeal) bool {
			return !q.Own || a.Assignee == q.Me && q.Me != "" ||
				a.Assignee == "" && (len(q.Places) == 0 || slices.Contains(q.Places, a.Municipality))
		},
		"words": func(a *app.Appeal) bool {
			return !slices.ContainsFunc(asked, func(c clause) bool { return p.occurs(c, a) == c.not })
		},
	}
	fits := func(a *app.Appeal, but string) bool {
		for name, f := range facets {
			if name != but && !f(a) {
				return false
			}
		}
		return true
	}
	f := app.Found{Records: []uint64{}, Counts: app.Counts{
		Queues: map[app.Queue]int{}, Sources: map[app.Source]int{}, Groups: map[string]int{}, Topics: map[string]int{},
		Municipalities: map[string]int{}, Executors: map[string]int{}, Assignees: map[string]int{},
	}}
	for n, a := range records {
		for _, queue := range app.Queues {
			if fits(a, "queue") && in(a, queue) {
				f.Counts.Queues[queue]++
			} else {
				f.Counts.Queues[queue] += 0
			}
		}
		if fits(a, "source") {
			f.Counts.Sources[a.Source]++
		}
		for _, one := range []struct {
			name  string
			to    map[string]int
			value string
		}{
			{"group", f.Counts.Groups, a.Group},
			{"topic", f.Counts.Topics, a.Topic},
			{"place", f.Counts.Municipalities, a.Municipality},
			{"executor", f.Counts.Executors, a.Executor},
			{"assignee", f.Counts.Assignees, a.Assignee},
		} {
			if fits(a, one.name) {
				one.to[one.value]++
			}
		}
		if fits(a, "") {
			f.Records = append(f.Records, n)
		}
	}
	f.Total = len(f.Records)
	newest := q.Order == app.OrderNewest || q.Order == app.OrderQueue && (q.Queue == app.QueueArchive || q.Queue == app.QueueAll)
	slices.SortFunc(f.Records, func(i, j uint64) int {
		a, b := records[i], records[j]
		later := cmp.Or(cmp.Compare(start(b), start(a)), cmp.Compare(j, i))
		switch {
		case newest || due(a).Equal(due(b)):
			return later
		case due(a).IsZero():
			return 1
		case due(b).IsZero():
			return -1
		}
		return cmp.Or(due(a).Compare(due(b)), later)
	})
	return f
}

var (
	vocabulary = []string{
		"яма", "ямы", "Ямой", "дорога", "дороге", "дорогой", "ёлка", "елки", "Ёлок", "свет", "света", "светофор",
		"вода", "водопровод", "нет", "не", "на", "улице", "улица", "Ленина", "2026", "000123", "123", "118437", "12а", "дом", "дома",
	}
	groups    = []string{"", "Дороги", "ЖКХ", "Экология"}
	topics    = []string{"", "Ямы и выбоины", "Электроснабжение"}
	places    = []string{"", "г. Чебоксары", "Цивильский округ"}
	executors = []string{"", "УЖКХ", "Минстрой"}
	people    = []string{"", "Оператор 1", "Оператор 2"}
)

func someText(rt *rapid.T, label string, least, most int) string {
	words := rapid.SliceOfN(rapid.SampledFrom(vocabulary), least, most).Draw(rt, label)
	return strings.Join(words, rapid.SampledFrom([]string{" ", ", ", "-", ". "}).Draw(rt, "between"))
}

func someAppeal(rt *rapid.T, n int) app.Appeal {
	a := appeal(n)
	a.Number = rapid.SampledFrom([]string{"", fmt.Sprintf("ЦУР-2026-%06d", n), fmt.Sprintf("%d", 118430+n)}).Draw(rt, "number")
	a.Title = someText(rt, "title", 0, 3)
	a.Text = someText(rt, "text", 1, 12)
	a.Group, a.Topic = rapid.SampledFrom(groups).Draw(rt, "group"), rapid.SampledFrom(topics).Draw(rt, "topic")
	a.Municipality = rapid.SampledFrom(places).Draw(rt, "place")
	a.Executor, a.Assignee = rapid.SampledFrom(executors).Draw(rt, "executor"), rapid.SampledFrom(people).Draw(rt, "assignee")
	if rapid.Bool().Draw(rt, "no clock") {
		a.Kind = app.KindPOS // no rule: no deadline
	}
	a.Events[0].At = day0.Add(time.Duration(rapid.IntRange(-3, 3).Draw(rt, "at")) * time.Hour)
	return a
}

// someWords gives a question and the text it is typed as.
func someWords(rt *rapid.T) (asked []clause, typed string) {
	for range rapid.IntRange(0, 3).Draw(rt, "clauses") {
		c := clause{not: rapid.IntRange(0, 3).Draw(rt, "not") == 0, phrase: rapid.IntRange(0, 2).Draw(rt, "phrase") == 0}
		most := 1
		if c.phrase {
			most = 3
		}
		words := rapid.SliceOfN(rapid.SampledFrom(vocabulary), 1, most).Draw(rt, "words")
		text := strings.Join(words, " ")
		c.words = wordList(text)
		if c.phrase {
			text = rapid.SampledFrom([]string{`"` + text + `"`, "«" + text + "»"}).Draw(rt, "quoted")
		}
		if c.not {
			text = "-" + text
		}
		asked, typed = append(asked, c), typed+text+" "
	}
	if rapid.Bool().Draw(rt, "typing") {
		word := []rune(rapid.SampledFrom(append(vocabulary, "ЦУР", "1184")).Draw(rt, "last"))
		word = word[:rapid.IntRange(1, len(word)).Draw(rt, "letters")]
		last := strings.ToLower(strings.ReplaceAll(strings.ToLower(string(word)), "ё", "е"))
		typed += string(word)
		if len(word) > 1 || digitsOnly.MatchString(last) {
			asked = append(asked, clause{words: []string{last}, typing: true})
		}
	}
	return asked, typed
}

func someQuery(rt *rapid.T) (q app.Query, asked []clause) {
	q = app.Query{
		Queue: rapid.SampledFrom(app.Queues).Draw(rt, "queue"), Me: rapid.SampledFrom(people).Draw(rt, "me"),
		Order: rapid.SampledFrom([]app.Order{app.OrderQueue, app.OrderDue, app.OrderNewest}).Draw(rt, "order"),
		Now:   day0.Add(time.Duration(rapid.SampledFrom([]int{0, 20, 22, 23, 24, 30}).Draw(rt, "hours")) * time.Hour),
	}
	q.Own = rapid.IntRange(0, 2).Draw(rt, "own") == 0
	q.Places = rapid.SliceOfN(rapid.SampledFrom(places[1:]), 0, 2).Draw(rt, "my places")
	some := func(values []string, label string) []string {
		if rapid.IntRange(0, 2).Draw(rt, "by "+label) > 0 {
			return nil
		}
		return rapid.SliceOfN(rapid.SampledFrom(append(values, "Нет такого")), 1, 2).Draw(rt, label)
	}
	q.Groups, q.Topics, q.Municipalities = some(groups, "groups"), some(topics, "topics"), some(places, "places")
	q.Executors, q.Assignees = some(executors, "executors"), some(people, "assignees")
	if rapid.IntRange(0, 3).Draw(rt, "by source") == 0 {
		q.Sources = rapid.SliceOfN(rapid.SampledFrom(app.Sources), 1, 4).Draw(rt, "sources")
	}
	asked, q.Words = someWords(rt)
	return q, asked
}

// TestFindIsAPlainScan: whatever was written, taken back or rebuilt, a query gives
// what a scan of all appeals gives, in the same order.
func TestFindIsAPlainScan(t *testing.T) {
	small(t)
	base, run := t.TempDir(), 0
	rapid.Check(t, func(rt *rapid.T) {
		run++
		path := filepath.Join(base, fmt.Sprint(run), "otklik.db")
		reopen := func() *Store {
			return must[*Store](t)(OpenWith(path, testBox(t), testTerms(t), Options{NoSync: true}))
		}
		s := reopen()
		defer func() { _ = s.Close() }()
		p, made := plainSearch{map[string]bool{}, map[string]bool{}}, map[int]app.Op{}
		seq := uint64(0)
		for range rapid.IntRange(1, 30).Draw(rt, "steps") {
			n := rapid.IntRange(0, 11).Draw(rt, "appeal")
			op, known := made[n]
			if !known {
				a := someAppeal(rt, n)
				p.learn(&a)
				made[n] = create(a)
				do(t, s.Perform([]app.Op{made[n]}))
				continue
			}
			a := app.Appeal{ID: op.Ent}
			if _, err := s.Appeal(a.ID); err != nil {
				continue // refused
			}
			switch rapid.IntRange(0, 8).Draw(rt, "what") {
			case 0:
				serial++
				do(t, s.Perform([]app.Op{{ID: app.IDFrom("op", fmt.Sprint(serial)), Ent: a.ID, Kind: app.OpAmend, At: day0, Payload: app.Encode(
					app.Amendment{Fields: app.Appeal{Text: someText(rt, "new text", 1, 6), Title: someText(rt, "new title", 0, 2)}},
				)}}))
			case 1:
				if ops := must[[]app.Op](t)(s.Pending(0, 100, 1<<20, day0)); len(ops) > 0 {
					do(t, s.Refuse(ops[rapid.IntRange(0, len(ops)-1).Draw(rt, "refused")].ID, "malformed", day0))
				}
			case 2:
				seq++
				do(t, s.ApplyChanges(app.FeedPage{Changes: []app.Change{gone(seq, a.ID)}, Next: "e.all.1"}, day0))
			case 3:
				do(t, s.Reindex(t.Context(), nil))
			case 4:
				do(t, s.Close())
				s = reopen()
			default:
				do(t, s.Perform([]app.Op{event(a, rapid.SampledFrom([]app.Event{
					{Type: app.EventRouted, Target: "УЖКХ"},
					{Type: app.EventStarted, By: "Оператор 2"},
					{Type: app.EventAssigned, Target: "Оператор 1"},
					{Type: app.EventAssigned},
					{Type: app.EventClassified, Group: "Экология", Target: "Ямы и выбоины"},
					{Type: app.EventClosed, Outcome: app.OutcomeSolved},
					{Type: app.EventSubmitted, Text: "ответ"},
				}).Draw(rt, "event"))}))
			}
			p.compare(t, rt, s)
		}
		p.compare(t, rt, s)
		sound(t, s)
		do(t, s.Close())
		s = reopen()
		p.compare(t, rt, s)
		do(t, s.Reindex(t.Context(), nil))
		p.compare(t, rt, s)
		sound(t, s)
	})
}

func (p plainSearch) compare(t *testing.T, rt *rapid.T, s *Store) {
	t.Helper()
	records := map[uint64]*app.Appeal{}
	do(t, s.view(func(tx reader) error {
		return tx.Bucket(bucketAppeals).ForEach(func(k, v []byte) (err error) {
			if records[keyNumber(k)], err = s.decodeRecord(v); err == nil {
				p.learn(records[keyNumber(k)])
			}
			return err
		})
	}))
	clear(p.unsent)
	for _, op := range must[[]app.Op](t)(s.Pending(0, 1000, 1<<20, day0.Add(1000*time.Hour))) {
		p.unsent[op.Ent] = true
	}
	for range 3 {
		q, asked := someQuery(rt)
		found := must[app.Found](t)(s.Find(q))
		want := p.scan(s, records, q, asked)
		if len(records) == 0 {
			want.Counts.Queues = found.Counts.Queues
		}
		if found.Total != want.Total || !slices.Equal(found.Records, want.Records) {
			rt.Fatalf("%+v: found %v, a scan finds %v", q, found.Records, want.Records)
		}
		c, w := found.Counts, want.Counts
		if !maps.Equal(c.Queues, w.Queues) || !maps.Equal(c.Sources, w.Sources) || !maps.Equal(c.Groups, w.Groups) ||
			!maps.Equal(c.Topics, w.Topics) || !maps.Equal(c.Municipalities, w.Municipalities) ||
			!maps.Equal(c.Executors, w.Executors) || !maps.Equal(c.Assignees, w.Assignees) {
			rt.Fatalf("%+v: counts\n%+v, a scan gives\n%+v", q, c, w)
		}
	}
}

func TestWhatIsTyped(t *testing.T) {
	one := func(words ...string) clause { return clause{words: words} }
	for typed, want := range map[string][]clause{
		"":                 nil,
		"  ":               nil,
		"-":                nil,
		`"`:                nil,
		`-"`:               nil,
		"«»":               nil,
		"—, !":             nil,
		"Ёлка ":            {one("елка")},
		"ёлка":             {{words: []string{"елка"}, typing: true}},
		"ёлка д":           {one("елка")},
		"дом 5":            {one("дом"), {words: []string{"5"}, typing: true}},
		"яма, дорога.":     {one("яма"), one("дорога")},
		"-ремонт":          {{words: []string{"ремонт"}, not: true}},
		"яма - дорога ":    {one("яма"), one("дорога")},
		"№ 12345":          {{words: []string{"12345"}, typing: true}},
		"ЦУР-2026-000":     {{words: []string{"цур", "2026", "000"}, typing: true}},
		`"нет света"`:      {{words: []string{"нет", "света"}, phrase: true}},
		"«нет света» дом ": {{words: []string{"нет", "света"}, phrase: true}, one("дом")},
		`"нет све`:         {{words: []string{"нет", "све"}, phrase: true, typing: true}},
		`-"нет света"`:     {{words: []string{"нет", "света"}, phrase: true, not: true}},
		`дом"нет света"`:   {one("дом"), {words: []string{"нет", "света"}, phrase: true}},
	} {
		got := clauses(typed)
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%q is read as %v, not %v", typed, got, want)
		}
	}
}

// TestStoppedReindexGoesOn also with what is written meanwhile.
func TestStoppedReindexGoesOn(t *testing.T) {
	path := filepath.Join(t.TempDir(), "otklik.db")
	s := must[*Store](t)(OpenWith(path, testBox(t), testTerms(t), Options{NoSync: true}))
	var ops []app.Op
	for i := range 2 * reindexStep {
		ops = append(ops, create(appeal(i)))
	}
	do(t, s.Perform(ops))
	ctx, stop := context.WithCancel(t.Context())
	err := s.Reindex(ctx, func(done, total int) {
		if done >= total {
			t.Errorf("%d of %d after the first step", done, total)
		}
		stop()
	})
	if err != context.Canceled || !s.NeedsReindex() {
		t.Fatalf("stopped with %v", err)
	}
	do(t, s.Perform([]app.Op{{ID: app.IDFrom("amend"), Ent: appeal(1999).ID, Kind: app.OpAmend, At: day0, Payload: app.Encode(
		app.Amendment{Fields: app.Appeal{Text: "Светофор"}})}}))
	do(t, s.Close())
	s = must[*Store](t)(OpenWith(path, testBox(t), testTerms(t), Options{NoSync: true}))
	defer s.Close()
	if done, total := s.Indexing(); done != reindexStep+1 || total != 2*reindexStep+1 {
		t.Errorf("goes on at %d of %d", done, total)
	}
	do(t, s.Reindex(t.Context(), nil))
	for words, want := range map[string]int{"яма": 2*reindexStep - 1, "светофор": 1} {
		if f := must[app.Found](t)(s.Find(app.Query{Queue: app.QueueOpen, Now: day0, Words: words})); f.Total != want {
			t.Errorf("%s: found %d", words, f.Total)
		}
	}
	sound(t, s)
}

// TestWordsOfAnotherVersionAreIndexedAnew, and those that are not there.
func TestWordsOfAnotherVersionAreIndexedAnew(t *testing.T) {
	for name, spoil := range map[string]func(tx *bolt.Tx, s *Store) error{
		"older": func(tx *bolt.Tx, s *Store) error {
			return reader{tx, s}.Bucket(bucketMeta).Put(keyWords, append(number(wordsVersion-1), number(whole)...))
		},
		"absent": func(tx *bolt.Tx, _ *Store) error { return tx.Bucket(bucketMeta).Delete(keyWords) },
		"empty": func(tx *bolt.Tx, _ *Store) error {
			for _, name := range [][]byte{bucketWords, bucketNewWords, bucketForms} {
				if err := tx.DeleteBucket(name); err != nil {
					return err
				}
			}
			return nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "otklik.db")
			s := must[*Store](t)(Open(path, testBox(t), testTerms(t)))
			do(t, s.Perform([]app.Op{create(appeal(1))}))
			if s.NeedsReindex() {
				t.Error("a new file needs it")
			}
			do(t, s.db.Update(func(tx *bolt.Tx) error { return spoil(tx, s) }))
			do(t, s.Close())
			s = must[*Store](t)(Open(path, testBox(t), testTerms(t)))
			defer s.Close()
			if !s.NeedsReindex() {
				t.Fatal("not noticed")
			}
			do(t, s.Reindex(t.Context(), nil))
			if f := must[app.Found](t)(s.Find(app.Query{Queue: app.QueueOpen, Now: day0, Words: "яма на дор"})); f.Total != 1 {
				t.Errorf("found %d", f.Total)
			}
			sound(t, s)
		})
	}
}
