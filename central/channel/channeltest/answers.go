package channeltest

import (
	"time"

	"otklik/app"
	"otklik/central/channel"
)

// still is how long nothing more has to happen for nothing more to be expected.
const still = 150 * time.Millisecond

// sends starts a world whose operator has answered a message, and gives what became of
// the answer.
func (s *suite) sends(o channel.Options, next ...Outcome) app.Event {
	s.t.Helper()
	if s.spec.Sent == nil {
		s.t.Skip("no answers go out by this platform")
	}
	s.start(o, next...)
	if _, is := s.line.Platform.(channel.Sender); !is {
		s.t.Fatal("the platform takes answers and is no Sender")
	}
	s.Run()
	s.taken(s.wrote(1))
	a := s.one()
	return s.Delivered(a.ID, s.Operator().Answers(a, "Свет дадут к вечеру"))
}

// tries asks that the platform got the answer so many times, and the same each time.
func (s *suite) tries(n int) []Sent {
	s.t.Helper()
	time.Sleep(still)
	got := s.there.got()
	if len(got) != n {
		s.t.Fatalf("the platform got %d answers, want %d: %+v", len(got), n, got)
	}
	for _, one := range got {
		if one.Chat != s.spec.Chat(1) || one.Text != "Свет дадут к вечеру" || one.Number != got[0].Number {
			s.t.Errorf("%+v, want chat %q", one, s.spec.Chat(1))
		}
	}
	return got
}

func (s *suite) told(e app.Event, how app.Delivery, why channel.Reason) {
	s.t.Helper()
	if e.Delivery != how || e.Text != string(why) {
		s.t.Errorf("the operator is told %q %q, want %q %q", e.Delivery, e.Text, how, why)
	}
}

func (s *suite) answer() {
	e := s.sends(channel.Options{})
	s.told(e, app.DeliverySent, "")
	s.tries(1)
	a := s.Find(s.Appeals()[0].ID)
	if _, replied := a.Reply(); !replied {
		s.t.Error("the answer does not stop the clock")
	}
}

func (s *suite) waits() {
	if s.spec.Busy == 0 {
		s.t.Skip("the platform asks nobody to wait")
	}
	e := s.sends(channel.Options{}, Waits)
	s.told(e, app.DeliverySent, "")
	got := s.tries(2)
	if pause := got[1].At.Sub(got[0].At); pause < s.spec.Busy {
		s.t.Errorf("asked to wait %s, waited %s", s.spec.Busy, pause)
	}
}

func (s *suite) refused() {
	e := s.sends(channel.Options{}, Refuses)
	s.told(e, app.DeliveryRefused, s.spec.Refusal)
	s.tries(1)
}

// hangsUp: the request has arrived, the reply has not.
func (s *suite) hangsUp() {
	e := s.sends(channel.Options{}, hangsUp)
	if s.line.Platform.(channel.Sender).Again() > 0 {
		s.told(e, app.DeliverySent, "")
		if got := s.tries(2); got[0].Number == "" {
			s.t.Error("the platform cannot know the repetition")
		}
		return
	}
	s.told(e, app.DeliveryUnknown, "")
	s.tries(1)
}

func (s *suite) off() {
	source := s.spec.New("http://127.0.0.1:1").Platform.Source()
	region := &app.Region{Restrictions: []app.Restriction{{Source: source, Intake: true}}}
	e := s.sends(channel.Options{Region: region})
	s.told(e, app.DeliveryOff, "")
	s.tries(0)
}
