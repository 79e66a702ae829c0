package topics

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"otklik/app"
)

// shelf is a store of appeals that can be learnt from, and nothing else.
type shelf struct {
	app.Store
	mu      sync.Mutex
	appeals []*app.Appeal
	read    int
}

func (s *shelf) OnCommit(func(app.Changed)) {}

func (s *shelf) AppealAt(record uint64) (*app.Appeal, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.read++
	return s.appeals[record], nil
}

func (s *shelf) Facts(_ app.Filter, _ time.Time, f func(*app.Facts)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	facts := &app.Facts{Groups: []string{""}, Topics: []string{""}}
	code := func(words *[]string, word string) uint16 {
		for i, w := range *words {
			if w == word {
				return uint16(i)
			}
		}
		*words = append(*words, word)
		return uint16(len(*words) - 1)
	}
	p := app.FactPart{Match: make([]uint64, len(s.appeals)/64+1)}
	for i, a := range s.appeals {
		p.Match[i/64] |= 1 << (i % 64)
		p.Codes = append(p.Codes, app.Codes{app.FacetGroup: code(&facts.Groups, a.Group), app.FacetTopic: code(&facts.Topics, a.Topic)})
	}
	facts.Parts = []app.FactPart{p}
	f(facts)
	return nil
}

// add adds appeals whose topics are known.
func (s *shelf) add(n int, seed uint64) {
	names, texts := said(n, seed)
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range names {
		s.appeals = append(s.appeals, &app.Appeal{
			ID: fmt.Sprint(len(s.appeals)), Text: texts[i], Group: names[i].Group, Topic: names[i].Topic,
		})
	}
}

// reads gives how many appeals were read since it was asked last.
func (s *shelf) reads() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := s.read
	s.read = 0
	return n
}

func TestAdviserLearnsInTheBackground(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, a := &shelf{}, &Adviser{}
		desk := app.NewDesk(app.Outside{Store: s, Adviser: a, Now: time.Now})
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		go a.Follow(ctx, desk)
		question := &app.Appeal{Text: "батарея холодная, котельная не греет"}
		pass := func(d time.Duration) {
			time.Sleep(d)
			synctest.Wait()
		}

		pass(firstLook + time.Second)
		if a.Suggest(question) != nil {
			t.Error("something is suggested before anything was learnt")
		}
		s.add(300, 1) // a first load
		pass(firstLook)
		if got := a.Suggest(question); len(got) == 0 || got[0].Topic != "Отопление" {
			t.Errorf("after learning: %v", got)
		}
		if n := s.reads(); n != 300 {
			t.Errorf("%d appeals read", n)
		}
		s.add(3, 2)
		pass(nextLook)
		if n := s.reads(); n != 0 {
			t.Errorf("%d appeals read for three new ones", n)
		}
		s.add(30, 3)
		pass(nextLook)
		if n := s.reads(); n != 333 {
			t.Errorf("%d appeals read after thirty-three new ones", n)
		}
		desk.Leave() // nobody is there: appeals are shut away
		s.add(100, 4)
		pass(nextLook)
		if n := s.reads(); n != 0 {
			t.Errorf("%d appeals read while they are shut away", n)
		}
		desk.Return()
		pass(nextLook)
		if n := s.reads(); n != 433 {
			t.Errorf("%d appeals read after the return", n)
		}
	})
}

func TestTopicThatChangedIsFresh(t *testing.T) {
	of := func(record uint64, group string) app.Classified {
		return app.Classified{Record: record, TopicName: app.TopicName{Group: group}}
	}
	before := []app.Classified{of(1, "ЖКХ"), of(2, "ЖКХ"), of(5, "Дороги")}
	now := []app.Classified{of(2, "ЖКХ"), of(3, "ЖКХ"), of(5, "ЖКХ")}
	if n := fresh(before, now); n != 2 {
		t.Errorf("%v of record 3, new, and record 5, changed", n)
	}
	if n := fresh(nil, now); n != 3 {
		t.Errorf("%v of three", n)
	}
}

func TestFinderFollowsTheTables(t *testing.T) {
	a := &Adviser{}
	one := &app.Region{Groups: []app.TopicGroup{{Name: "Дом", Topics: []string{"Крыша"}}}}
	two := &app.Region{Groups: []app.TopicGroup{{Name: "Дом", Topics: []string{"Подвал"}}}}
	if got := a.Find(one, "подвал"); len(got) != 0 {
		t.Errorf("%v", got)
	}
	if got := a.Find(two, "подвал"); len(got) != 1 {
		t.Errorf("%v after the tables have changed", got)
	}
}
