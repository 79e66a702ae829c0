package topics

import (
	"slices"
	"testing"

	"otklik/app"
	"otklik/assets"
)

func region(t testing.TB) *app.Region {
	t.Helper()
	r, _, err := assets.Region()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestPeoplesWordsLeadToTopics asks the sample region as operators do.
func TestPeoplesWordsLeadToTopics(t *testing.T) {
	f := NewFinder(region(t))
	for _, c := range []struct {
		words string
		first []string // in this order; "" ends what is asked
	}{
		{"свет", []string{"Отключение электричества"}},
		{"нет света", []string{"Отключение электричества"}},
		{"электроснабжение", []string{"Отключение электричества"}},
		{"лампочка не горит", []string{"Уличное освещение"}},
		{"фонари", []string{"Уличное освещение"}},
		{"яма", []string{"Ямы и выбоины"}},
		{"яма во дворе", []string{"Ямы и выбоины", "Дворовые территории"}},
		{"колдобины", []string{"Ямы и выбоины"}},
		{"нет горячей воды", []string{"Горячая вода"}},
		{"ржавая вода", []string{"Холодная вода"}},
		{"холодные батареи", []string{"Отопление"}},
		{"не вывозят мусор", []string{"Вывоз мусора"}},
		{"помойка", []string{"Вывоз мусора"}},
		{"собаки", []string{"Бродячие животные"}},
		{"маршрутка опоздала", []string{"График движения"}},
		{"садик", []string{"Детские сады"}},
		{"к терапевту не записаться", []string{"Запись к врачу"}},
		{"перерасчёт", []string{"Начисления за услуги"}},
		{"ПЕРЕРАСЧЕТ", []string{"Начисления за услуги"}}, // case and ё do not matter
		{"не чистят снег", []string{"Уборка дорог от снега и наледи"}},
		{"гололед", []string{"Уборка дорог от снега и наледи"}},
		{"крыша течёт", []string{"Содержание многоквартирных домов"}},
		{"лифт", []string{"Лифты"}},
		{"борщевик", []string{"Борщевик"}},
		// typed as far as this
		{"эле", []string{"Отключение электричества"}},
		{"светоф", []string{"Светофоры"}},
		{"ба", []string{"Отопление"}},
	} {
		var got []string
		for _, h := range f.Find(c.words) {
			if h.Topic != "" {
				got = append(got, h.Topic)
			}
		}
		if len(got) < len(c.first) || !slices.Equal(got[:len(c.first)], c.first) {
			t.Errorf("%s: %q, want %q first", c.words, got[:min(5, len(got))], c.first)
		}
	}
}

func TestGroupsAreFoundByTheirNames(t *testing.T) {
	f := NewFinder(region(t))
	for words, group := range map[string]string{"жкх": "ЖКХ", "многоквартирные": "ЖКХ", "здравоохранение": "Здравоохранение"} {
		hits := f.Find(words)
		at := slices.IndexFunc(hits, func(h app.TopicHit) bool { return h.TopicName == app.TopicName{Group: group} })
		if at < 0 {
			t.Errorf("%s does not lead to %s", words, group)
			continue
		}
		within := slices.IndexFunc(hits, func(h app.TopicHit) bool { return h.Group == group && h.Topic != "" && h.Why[0].By == app.MatchGroup })
		if within < at {
			t.Errorf("%s: a topic that only its group leads to stands before the group", words)
		}
	}
}

// TestOrderCanBeExplained builds a region small enough to count by hand.
func TestOrderCanBeExplained(t *testing.T) {
	r := &app.Region{
		Groups: []app.TopicGroup{
			{Name: "Дом", Topics: []string{"Подъезд", "Вода в подъезде", "Двор"}, Aliases: []string{"Жильё"}},
			{Name: "Улица", Topics: []string{"Освещение", "Проводка"}},
		},
		TopicTexts: []app.TopicText{
			{Topic: "Двор", Must: "подъезд", Not: "Освещение", Words: []string{"придомовая земля"}},
			{Topic: "Проводка", Words: []string{"свет в подъезде"}},
		},
	}
	f := NewFinder(r)
	type line struct {
		topic string
		by    []app.MatchBy
	}
	for words, want := range map[string][]line{
		// its name, then its name again (region's order), then half a phrase, then a text
		"подъезды": {
			{"Подъезд", []app.MatchBy{app.MatchName}},
			{"Вода в подъезде", []app.MatchBy{app.MatchName}},
			{"Проводка", []app.MatchBy{app.MatchWords}},
			{"Двор", []app.MatchBy{app.MatchText}},
		},
		// two words go before one, whatever they weigh
		"вода, подъезд": {
			{"Вода в подъезде", []app.MatchBy{app.MatchName, app.MatchName}},
			{"Подъезд", []app.MatchBy{app.MatchName}},
			{"Проводка", []app.MatchBy{app.MatchWords}},
			{"Двор", []app.MatchBy{app.MatchText}},
		},
		"лампочка": {{"Освещение", []app.MatchBy{app.MatchSynonym}}},
		"осве":     {{"Освещение", []app.MatchBy{app.MatchStart}}}, // not «Двор», which it is not to be taken for
		"жилье": {
			{"", []app.MatchBy{app.MatchWords}},
			{"Подъезд", []app.MatchBy{app.MatchGroup}},
			{"Вода в подъезде", []app.MatchBy{app.MatchGroup}},
			{"Двор", []app.MatchBy{app.MatchGroup}},
		},
		"ягода": nil,
	} {
		var got []line
		for _, h := range f.Find(words) {
			l := line{topic: h.Topic}
			for _, m := range h.Why {
				l.by = append(l.by, m.By)
			}
			got = append(got, l)
		}
		if !slices.EqualFunc(got, want, func(a, b line) bool { return a.topic == b.topic && slices.Equal(a.by, b.by) }) {
			t.Errorf("%s: %v, want %v", words, got, want)
		}
	}
	if why := f.Find("лампочка")[0].Why[0]; why.Word != "лампочка" || why.Found != "освещение" {
		t.Errorf("the reason is %+v", why)
	}
}

func TestNothingTypedGivesAllTopicsWithTheirTexts(t *testing.T) {
	r := region(t)
	want := len(r.Groups)
	for _, g := range r.Groups {
		want += len(g.Topics)
	}
	f := NewFinder(r)
	for _, words := range []string{"", " ", "не", "в 12"} {
		if got := f.Find(words); len(got) != want || got[0].Group != r.Groups[0].Name || len(got[0].Why) != 0 {
			t.Errorf("%q gives %d topics of %d", words, len(got), want)
		}
	}
	hit := f.Find("отключение электричества")[0]
	if hit.Must == "" || hit.Not == "" {
		t.Errorf("without its texts: %+v", hit)
	}
}

func BenchmarkFind(b *testing.B) {
	f := NewFinder(region(b))
	for b.Loop() {
		f.Find("лампочка не горит во дворе")
	}
}

func BenchmarkNewFinder(b *testing.B) {
	r := region(b)
	for b.Loop() {
		NewFinder(r)
	}
}
