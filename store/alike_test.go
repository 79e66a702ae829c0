package store

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"otklik/app"
)

// complaints are what people write about, each with its topic.
var complaints = []struct{ group, topic, text string }{
	{"ЖКХ", "Горячая вода", "Второй день нет горячей воды. Управляющая компания трубку не берёт. В доме маленькие дети и пожилые люди. Когда всё починят?"},
	{"ЖКХ", "Отопление", "Батареи едва тёплые, в квартире четырнадцать градусов. Замеры никто не делает. Просим срочно разобраться с котельной."},
	{"ЖКХ", "Уборка подъездов", "Подъезд не моют третий месяц, на лестнице грязь и окурки. Деньги за уборку берут исправно. Прошу провести проверку."},
	{"Дороги", "Ямы", "Огромная яма у перекрёстка, вчера пробил колесо. Машины объезжают её по встречной полосе. Заделайте, пока никто не разбился!"},
	{"Дороги", "Уборка снега", "Снег не чистили всю зиму, колея по колено. Скорая не смогла подъехать. Почему трактор проезжает мимо?"},
	{"Благоустройство", "Освещение", "Фонари не горят уже неделю, вечером страшно ходить. Рядом школа, ребёнок возвращается в полной темноте."},
	{"Обращение с отходами", "Вывоз мусора", "Контейнеры переполнены, мусор разносит ветер и собаки. Регоператор приезжает раз в месяц. Сколько это терпеть?"},
	{"Общественный транспорт", "Расписание", "Тридцать пятый автобус опять не пришёл, ждали сорок минут на морозе. Водитель проехал мимо остановки. Проверьте перевозчика."},
}

var (
	someStreets = strings.Fields("Ленина Гагарина Калинина Чапаева Зелёная Лесная Садовая Пирогова Кирова Школьная Мира Победы Речная Берёзовая")
	someTowns   = []string{"г. Чебоксары", "г. Канаш", "Цивильский округ"}
)

// complaint makes an appeal about one of them.
func complaint(n, about int, town, place string, at time.Time) *app.Appeal {
	c := complaints[about]
	a := &app.Appeal{
		ID: app.IDFrom("complaint", strconv.Itoa(n)), Number: fmt.Sprintf("2026-%06d", n), Kind: app.KindIncident, Source: app.SourceVK,
		Text: c.text, Place: place, Municipality: town, Group: c.group, Topic: c.topic, Status: app.StatusNew,
	}
	a.Events = []app.Event{{ID: app.IDFrom("d", strconv.Itoa(n)), Type: app.EventDetected, At: at}}
	return a
}

// twisted says the same as somebody else would: other sentences first, fewer words,
// е for ё, a slip of the finger.
func twisted(t *rapid.T, text string) string {
	sentences := rapid.Permutation(strings.SplitAfter(text, ". ")).Draw(t, "order")
	words := strings.Fields(strings.Join(sentences, " "))
	for range rapid.IntRange(0, 3).Draw(t, "lost") {
		i := rapid.IntRange(0, len(words)-1).Draw(t, "word")
		words = slices.Delete(words, i, i+1)
	}
	i := rapid.IntRange(0, len(words)-1).Draw(t, "slip")
	words[i] = strings.Replace(words[i], "о", "а", 1)
	text = strings.Join(words, " ")
	switch rapid.IntRange(0, 2).Draw(t, "case") {
	case 0:
		text = strings.ToUpper(text)
	case 1:
		text = strings.ReplaceAll(text, "ё", "е")
	}
	return text
}

// spelled writes a street and a house in one of the ways people do.
func spelled(t *rapid.T, street string, house int) string {
	way := rapid.SampledFrom([]string{"ул. %s, д. %d", "%s %d", "улица %s дом %d", "%s ул., %d", "ул.%s,%d", "УЛ. %s, %d", "%s-%d", "ул. %s, %d, кв. 3"}).Draw(t, "way")
	if rapid.Bool().Draw(t, "ё") {
		street = strings.ReplaceAll(street, "ё", "е")
	}
	return fmt.Sprintf(way, street, house)
}

// TestLookalikesStandAtTheTop plants appeals about one matter among others, in other
// words and spellings, and wants them found, and nothing else.
func TestLookalikesStandAtTheTop(t *testing.T) {
	small(t)
	base, run := t.TempDir(), 0
	rapid.Check(t, func(rt *rapid.T) {
		run++
		s := must[*Store](t)(OpenWith(filepath.Join(base, strconv.Itoa(run), "otklik.db"), testBox(t), testTerms(t), Options{NoSync: true}))
		defer s.Close()
		var ops []app.Op
		add := func(a *app.Appeal) { ops = append(ops, create(*a)) }
		n := 0
		for about := range complaints { // others: another house, or another matter at the same
			for range 6 {
				n++
				house := 100 + n
				place := fmt.Sprintf("ул. %s, %d", rapid.SampledFrom(someStreets).Draw(rt, "street"), house)
				add(complaint(n, about, rapid.SampledFrom(someTowns).Draw(rt, "town"), place, day0.Add(time.Duration(n)*5*time.Hour)))
			}
		}
		about := rapid.IntRange(0, len(complaints)-1).Draw(rt, "about")
		street, house := rapid.SampledFrom(someStreets).Draw(rt, "at"), rapid.IntRange(1, 90).Draw(rt, "house")
		other := (about + 4) % len(complaints)
		add(complaint(1000, other, someTowns[0], spelled(rt, street, house), day0))
		planted := map[string]bool{}
		for i := range rapid.IntRange(2, 4).Draw(rt, "planted") {
			a := complaint(2000+i, about, someTowns[0], spelled(rt, street, house), day0.Add(time.Duration(rapid.IntRange(0, 20).Draw(rt, "days"))*24*time.Hour))
			a.Text = twisted(rt, a.Text)
			switch rapid.IntRange(0, 3).Draw(rt, "kept") {
			case 0:
				a.Topic, a.Group = "", "" // not classified yet
			case 1:
				a.Text, a.Place = a.Text+" Наш адрес ул. "+street+", "+strconv.Itoa(house), ""
			}
			planted[a.ID] = true
			add(a)
		}
		do(t, s.Perform(ops))
		for id := range planted {
			record, _ := s.Record(id)
			found := must[[]app.Alike](t)(s.Alike(record))
			of := must[*app.Appeal](t)(s.AppealAt(record))
			rt.Logf("of %s, %q, %s:", of.Place, of.Topic, of.Text)
			for i, f := range found {
				rt.Logf("%+v: %s, %s", f.Likeness, f.Appeal.Place, f.Appeal.Text)
				switch plants := i < len(planted)-1; {
				case plants != planted[f.Appeal.ID]:
					rt.Fatalf("number %d of %d planted", i, len(planted)-1)
				case plants && f.Place != app.PlaceHouse:
					rt.Fatal("the same house is not seen")
				case !plants && (f.Place != app.PlaceStreet || f.Appeal.Text != complaints[about].text):
					rt.Fatal("it is about something else")
				}
			}
			if len(found) < len(planted)-1 {
				rt.Fatalf("%d look alike, of %d planted", len(found), len(planted)-1)
			}
		}
	})
}

func enter(t testing.TB, s *Store, all ...*app.Appeal) {
	t.Helper()
	var ops []app.Op
	for _, a := range all {
		ops = append(ops, create(*a))
	}
	do(t, s.Perform(ops))
}

func alike(t testing.TB, s *Store, a *app.Appeal) []app.Alike {
	t.Helper()
	record, ok := s.Record(a.ID)
	if !ok {
		t.Fatal("no such appeal")
	}
	return must[[]app.Alike](t)(s.Alike(record))
}

// TestWordsAloneAreEnough: most of the words in one municipality make look-alikes
// without an address, and in another municipality they do not.
func TestWordsAloneAreEnough(t *testing.T) {
	s := open(t)
	a, b, c := complaint(1, 0, someTowns[0], "", day0), complaint(2, 0, someTowns[0], "", day0.Add(time.Hour)), complaint(3, 0, someTowns[1], "", day0)
	b.Text = "Здравствуйте! " + strings.Replace(b.Text, "Второй", "Третий", 1)
	c.Text = "Третий день нет горячей воды, помогите"
	late := complaint(4, 0, someTowns[0], "", day0.Add(app.AlikeWithin+time.Hour))
	enter(t, s, a, b, c, late)
	if found := alike(t, s, a); len(found) != 1 || found[0].Appeal.ID != b.ID || found[0].Place != app.PlaceMunicipality {
		t.Errorf("found %+v", found)
	}
	unknown := complaint(5, 1, someTowns[0], "", day0)
	unknown.Events = nil // nobody knows when: all times are looked at
	enter(t, s, unknown, complaint(6, 1, someTowns[0], "", day0))
	if found := alike(t, s, unknown); len(found) != 1 {
		t.Errorf("of an appeal without a time: %+v", found)
	}
}

// TestSolvedAndAgain: a complaint of what was closed as solved not long before is
// told, from either side; merged and forgotten appeals are not shown.
func TestSolvedAndAgain(t *testing.T) {
	s := open(t)
	was, is := complaint(1, 3, someTowns[0], "Ленина 5", day0), complaint(2, 3, someTowns[0], "ул. Ленина, д. 5", day0.Add(40*24*time.Hour))
	was.Apply(app.Event{ID: app.IDFrom("closed"), Type: app.EventClosed, Outcome: app.OutcomeSolved, At: day0.Add(24 * time.Hour)})
	merged := complaint(3, 3, someTowns[0], "Ленина 5", day0)
	enter(t, s, was, is, merged)
	do(t, s.ApplyChanges(app.FeedPage{Changes: []app.Change{accepted(1, create(*was))}, Next: "e"}, day0))
	do(t, s.Perform([]app.Op{event(*merged, app.Event{Type: app.EventMerged, Target: was.ID})}))
	for _, a := range []*app.Appeal{was, is} {
		if found := alike(t, s, a); len(found) != 1 || !found[0].Again || found[0].Days != 40 {
			t.Errorf("found %+v", found)
		}
	}
	key := app.ReadPlace(someTowns[0], "Ленина 5").Key()
	traces := must[[]app.Trace](t)(s.History(key))
	if len(traces) != 3 || !traces[0].Solved || traces[0].Topic != "Ямы" || traces[0].Closed != day0.Add(24*time.Hour).Unix() || traces[1].Solved {
		t.Errorf("the history is %+v", traces)
	}
	do(t, s.Perform([]app.Op{event(*is, app.Event{Type: app.EventNote, Text: "Позвонили"})}))
	if n := must[int](t)(s.Forget(day0.Add(30*24*time.Hour), 10)); n != 1 {
		t.Fatalf("%d forgotten", n)
	}
	if found := alike(t, s, is); len(found) != 0 {
		t.Errorf("a forgotten appeal looks alike: %+v", found)
	}
	if traces := must[[]app.Trace](t)(s.History(key)); len(traces) != 2 {
		t.Errorf("the place of a forgotten appeal is still known: %+v", traces)
	}
}

// TestPlaceAndTimeNarrow: a list is narrowed by them as a plain scan says, also when
// addresses change and after the words were indexed anew.
func TestPlaceAndTimeNarrow(t *testing.T) {
	small(t)
	s := open(t)
	rnd := rand.New(rand.NewPCG(4, 4))
	var all []*app.Appeal
	for n := range 200 {
		place := fmt.Sprintf("ул. %s, %d", someStreets[rnd.IntN(3)], 1+rnd.IntN(3))
		all = append(all, complaint(n, rnd.IntN(len(complaints)), someTowns[rnd.IntN(2)], place, day0.Add(time.Duration(rnd.IntN(1000))*time.Hour)))
	}
	enter(t, s, all...)
	check := func() {
		t.Helper()
		for _, street := range someStreets[:3] {
			for house := range 4 {
				p := app.ReadPlace(someTowns[0], fmt.Sprintf("%s %d", street, house))
				if house == 0 {
					p = p.OfStreet()
				}
				since := day0.Add(time.Duration(rnd.IntN(1000)) * time.Hour)
				filter := app.Filter{Place: p.Key(), Since: since}
				want := 0
				for _, a := range all {
					now := must[*app.Appeal](t)(s.Appeal(a.ID))
					at := now.Where()
					start, _ := now.Start()
					if (at.Key() == p.Key() || at.OfStreet().Key() == p.Key()) && !start.At.Before(since) {
						want++
					}
				}
				if got := must[app.Found](t)(s.Find(app.Query{Queue: app.QueueOpen, Filter: filter, Now: day0})); got.Total != want {
					t.Errorf("%v since %v: %d, want %d", p, since, got.Total, want)
				}
				got := 0
				do(t, s.Facts(filter, time.Time{}, func(f *app.Facts) {
					for range f.Records() {
						got++
					}
				}))
				if got != want {
					t.Errorf("facts of %v: %d, want %d", p, got, want)
				}
			}
		}
	}
	check()
	for i, a := range all[:50] {
		fields := app.Appeal{Place: fmt.Sprintf("%s, дом %d", someStreets[rnd.IntN(3)], 1+rnd.IntN(3))}
		if i%3 == 0 {
			fields = app.Appeal{Municipality: someTowns[rnd.IntN(2)]}
		}
		do(t, s.Perform([]app.Op{{ID: app.IDFrom("amend", a.ID), Ent: a.ID, Kind: app.OpAmend, At: day0, Schema: app.Schema, Payload: app.Encode(app.Amendment{Fields: fields})}}))
	}
	check()
	do(t, s.Reindex(t.Context(), nil))
	check()
	located := must[[]app.Located](t)(s.Located([]uint64{1, 1 << 20}))
	if len(located) != 1 || located[0].Key() == "" || located[0].In == "" || located[0].Start.IsZero() {
		t.Errorf("located: %+v", located)
	}
}

// TestAlikeFigures measures look-alikes and hot spots over so many appeals as
// OTKLIK_ALIKE says, with streets and houses as a region has them.
func TestAlikeFigures(t *testing.T) {
	count, _ := strconv.Atoi(os.Getenv("OTKLIK_ALIKE"))
	if count == 0 {
		t.Skip("OTKLIK_ALIKE is not set")
	}
	path := os.Getenv("OTKLIK_ALIKE_FILE")
	if path == "" {
		path = filepath.Join(t.TempDir(), "otklik.db")
	}
	_, err := os.Stat(path)
	s := must[*Store](t)(OpenWith(path, testBox(t), testTerms(t), Options{NoSync: true}))
	defer s.Close()
	if err != nil {
		importMillion(t, s, count, addressed(newInvented(1), count))
	}
	rnd := rand.New(rand.NewPCG(9, 9))
	measure := func(name string, times int, f func() int) {
		var took []time.Duration
		found, used := 0, spent()
		for range times {
			began := time.Now()
			found += f()
			took = append(took, time.Since(began))
		}
		used = (spent() - used) / time.Duration(times)
		slices.Sort(took)
		t.Logf("%-32s median %8v  p99 %8v  processor %8v  found %.2f", name, took[len(took)/2].Round(10*time.Microsecond),
			took[len(took)*99/100].Round(10*time.Microsecond), used.Round(10*time.Microsecond), float64(found)/float64(times))
	}
	at := func() uint64 { return uint64(1 + rnd.IntN(count-1)) }
	for range 20 { // what the first search reads once
		_, _ = s.Alike(at())
	}
	measure("look-alikes", 400, func() int { return len(must[[]app.Alike](t)(s.Alike(at()))) })
	measure("look-alikes of one that repeats", 400, func() int { // another, unless that one was the first of all
		return min(1, len(must[[]app.Alike](t)(s.Alike(at()/10*10+1))))
	})
	measure("look-alikes of the latest", 400, func() int {
		return len(must[[]app.Alike](t)(s.Alike(uint64(count - rnd.IntN(min(count, 2000))))))
	})
	measure("reading the appeal itself", 400, func() int { return len(must[*app.Appeal](t)(s.AppealAt(at())).Events) })
	measure("history of a house", 2000, func() int {
		a := must[*app.Appeal](t)(s.AppealAt(at()))
		return len(must[[]app.Trace](t)(s.History(a.Where().Key())))
	})
	for _, days := range app.HotspotDays {
		for _, all := range []bool{false, true} {
			q := app.Query{Queue: app.QueueOpen, Order: app.OrderNewest, Now: day0, Filter: app.Filter{Since: day0.AddDate(0, 0, -days)}}
			name := fmt.Sprintf("addresses of %d days, open", days)
			records := must[app.Found](t)(s.Find(q)).Records
			if all {
				q.Queue, name = app.QueueArchive, fmt.Sprintf("addresses of %d days, all", days)
				records = append(records, must[app.Found](t)(s.Find(q)).Records...)
			}
			measure(name, 3, func() int { return len(must[[]app.Located](t)(s.Located(records))) })
		}
	}
	memory(t)
}

// addressed gives invented appeals the addresses of a region: 500 streets of 120 houses
// in each municipality. One in ten says what another one has said shortly before.
func addressed(g *invented, count int) func(n int) app.Appeal {
	streets := make([]string, 500)
	for i := range streets {
		streets[i] = "ул. " + strings.ToUpper(string([]rune(g.word())[:1])) + g.word()
	}
	latest := make([]app.Appeal, 1000)
	return func(n int) app.Appeal {
		a := g.appeal(1_000_000 - count + n) // the last of them came just now
		a.Place = fmt.Sprintf("%s, %d", streets[g.rnd.IntN(len(streets))], 1+g.rnd.IntN(120))
		if o := latest[g.rnd.IntN(len(latest))]; n%10 == 0 && o.ID != "" {
			a.Place, a.Municipality, a.Group, a.Topic = strings.Replace(o.Place, "ул. ", "улица ", 1), o.Municipality, o.Group, o.Topic
			a.Text = g.text(10) + o.Text
		}
		latest[n%len(latest)] = a
		return a
	}
}
