package topics

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"otklik/app"
)

// said makes up texts of two groups, one of them with two topics, that share half of
// their words.
func said(n int, seed uint64) (names []app.TopicName, texts []string) {
	rnd := rand.New(rand.NewPCG(seed, 1))
	own := map[app.TopicName][]string{
		{Group: "ЖКХ", Topic: "Отопление"}:        {"батарея", "холодно", "котельная", "греют"},
		{Group: "ЖКХ", Topic: "Горячая вода"}:     {"кран", "кипяток", "умываться", "вода"},
		{Group: "Дороги", Topic: "Ямы и выбоины"}: {"яма", "асфальт", "колесо", "выбоина"},
	}
	topics := []app.TopicName{{Group: "ЖКХ", Topic: "Отопление"}, {Group: "ЖКХ", Topic: "Горячая вода"}, {Group: "Дороги", Topic: "Ямы и выбоины"}}
	common := strings.Fields("просим помогите улица дом жители администрация неделя обещали")
	for range n {
		name := topics[rnd.IntN(len(topics))]
		var words []string
		for range 12 {
			from := common
			if rnd.IntN(2) == 0 {
				from = own[name]
			}
			words = append(words, from[rnd.IntN(len(from))])
		}
		names, texts = append(names, name), append(texts, strings.Join(words, " "))
	}
	return names, texts
}

func learnt(t testing.TB, n int) *Model {
	t.Helper()
	x := NewExamples()
	names, texts := said(n, 1)
	for i := range names {
		x.Add(names[i], texts[i])
	}
	m, err := x.Learn(t.Context())
	if err != nil || m == nil {
		t.Fatal(m, err)
	}
	return m
}

func TestModelTellsTopicsApart(t *testing.T) {
	m := learnt(t, 300)
	names, texts := said(100, 2)
	right := 0
	for i, text := range texts {
		s := m.Suggest(text)
		total := 0.0
		for _, one := range s {
			total += one.Share
		}
		if total > 1.0001 || len(s) != 2 {
			t.Fatalf("%v of two groups, shares add up to %v", s, total)
		}
		if s[0].Group == names[i].Group {
			right++
		}
	}
	if right < 90 {
		t.Errorf("%d of 100 right", right)
	}
}

func TestTopicIsNamedWhereItIsLikelierThanAllElse(t *testing.T) {
	m := learnt(t, 300)
	if s := m.Suggest("батарея холодная, котельная не греет")[0]; s.Topic != "Отопление" || s.Share <= 0.5 {
		t.Errorf("a clear text looks like %+v", s)
	}
	s := m.Suggest("батареи и краны, котельная и кипяток")[0]
	if s.Group != "ЖКХ" || s.Share <= 0.5 {
		t.Errorf("a text of two topics of one group looks like %+v", s)
	}
}

func TestNothingKnownLooksLikeNothing(t *testing.T) {
	if s := learnt(t, 300).Suggest("Lorem ipsum 2026, № 5"); s != nil {
		t.Errorf("%v", s)
	}
}

func TestFewExamplesTeachNothing(t *testing.T) {
	x := NewExamples()
	names, texts := said(learnFrom-1, 1)
	for i := range names {
		x.Add(names[i], texts[i])
	}
	if m, err := x.Learn(t.Context()); m != nil || err != nil {
		t.Error(m, err)
	}
}

func TestLearningMayBeStopped(t *testing.T) {
	x := NewExamples()
	names, texts := said(300, 1)
	for i := range names {
		x.Add(names[i], texts[i])
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	var e *app.Error
	if _, err := x.Learn(ctx); !errors.As(err, &e) || e.Code != app.CodeCancelled {
		t.Errorf("%v", err)
	}
}

// TestSureness asks for the factor of scores that were made with a known one.
func TestSureness(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 3))
	const times = 4 // too sure by as much
	var all []scored
	for range 20_000 {
		s := []float32{rnd.Float32() * 3, rnd.Float32() * 3, rnd.Float32() * 3}
		share := append([]float32(nil), s...)
		softmax(share, 1)
		dice, c := rnd.Float32(), 0
		for ; c < 2 && dice > share[c]; c++ {
			dice -= share[c]
		}
		for i := range s {
			s[i] *= times
		}
		all = append(all, scored{s, c})
	}
	if got := believed(all); math.Abs(got-1.0/times) > 0.02 {
		t.Errorf("%v, want %v", got, 1.0/times)
	}
}

// TestWordsOfOneCitizenAreNotKept looks for what only one text has.
func TestWordsOfOneCitizenAreNotKept(t *testing.T) {
	x := NewExamples()
	names, texts := said(300, 1)
	for i := range names {
		text := texts[i]
		if i == 7 {
			text += " единственное"
		}
		x.Add(names[i], text)
	}
	m, err := x.Learn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, has := m.columns[stem("единственное")]; has {
		t.Error("a word of one text is in the model")
	}
	if _, has := m.columns[stem("батарея")]; !has {
		t.Error("a word of many texts is not in the model")
	}
}

func TestSameExamplesMakeTheSameModel(t *testing.T) {
	a, b := learnt(t, 200), learnt(t, 200)
	text := "яма на асфальте, дом без воды"
	if x, y := fmt.Sprint(a.Suggest(text)), fmt.Sprint(b.Suggest(text)); x != y {
		t.Errorf("%s\n%s", x, y)
	}
}
