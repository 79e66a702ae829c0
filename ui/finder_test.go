package ui

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"otklik/app"
	"otklik/topics"
)

// sure is an adviser that always suggests the same.
type sure struct {
	topics.Adviser
	suggested []app.Suggestion
}

func (s *sure) Suggest(*app.Appeal) []app.Suggestion { return s.suggested }

func looksLikeHeating() *sure {
	return &sure{suggested: []app.Suggestion{
		{TopicName: app.TopicName{Group: "ЖКХ", Topic: "Отопление"}, Share: 0.8},
		{TopicName: app.TopicName{Group: "Дороги"}, Share: 0.1},
		{TopicName: app.TopicName{Group: "Экология"}, Share: 0.06},
		{TopicName: app.TopicName{Group: "Культура"}, Share: 0.04},
	}}
}

// openFinder presses Ctrl+K and gives the line that is typed into.
func openFinder(f *fixture) *entry {
	f.t.Helper()
	ctrl(f, fyne.KeyK)
	f.until(func() bool { return f.dialog != nil })
	search, ok := f.win.Canvas().Focused().(*entry)
	if !ok {
		f.t.Fatal("Ctrl+K did not lead into a line to type in")
	}
	return search
}

func TestTopicIsFoundInPeoplesWords(t *testing.T) {
	f := openWindow(t, fixed{adviser: looksLikeHeating()})
	f.onCard("appeal-0")
	s := f.appealsPart()
	test.Type(openFinder(f), "лампочка не горит")
	f.picture("finder")
	press(f, fyne.KeyReturn)
	f.until(func() bool { return s.detail.card.Appeal.Topic == "Уличное освещение" })
	if got := s.detail.card.Appeal.Group; got != "Благоустройство" || f.dialog != nil {
		t.Errorf("the group is %q", got)
	}
}

func TestSuggestionIsAcceptedByTwoKeys(t *testing.T) {
	f := openWindow(t, fixed{adviser: looksLikeHeating()})
	f.onCard("appeal-0")
	s := f.appealsPart()
	pill := s.detail.suggestion()
	if pill == nil {
		t.Fatal("the card does not say what the appeal looks like")
	}
	if got := pill.(*clickable).inner.(*fyne.Container).Objects[0].(*stateChip).words.Text; got != "Похоже на: Отопление 80\u00a0%" {
		t.Errorf("it says %q", got)
	}
	f.picture("suggestion")
	if s.detail.card.Appeal.Topic == "Отопление" {
		t.Error("a topic was set that nobody has chosen")
	}
	openFinder(f)
	f.picture("finder-suggestions")
	press(f, fyne.KeyReturn)
	f.until(func() bool { return s.detail.card.Appeal.Topic == "Отопление" })
	if s.detail.suggestion() != nil {
		t.Error("the suggestion stays after somebody has set the topic")
	}
}

func TestUnlikelySuggestionIsNotShown(t *testing.T) {
	f := openWindow(t, fixed{adviser: &sure{suggested: []app.Suggestion{{TopicName: app.TopicName{Group: "ЖКХ"}, Share: 0.49}}}})
	f.onCard("appeal-0")
	if f.appealsPart().detail.suggestion() != nil {
		t.Error("what is likelier wrong than right is shown")
	}
}

func TestSuggestionOfWhatItHasIsNoNews(t *testing.T) {
	f := openWindow(t, fixed{adviser: &sure{suggested: []app.Suggestion{{TopicName: app.TopicName{Group: "Дороги"}, Share: 0.99}}}})
	f.onCard("appeal-0")
	if f.appealsPart().detail.suggestion() != nil {
		t.Error("the group the appeal has is suggested")
	}
}

func TestWithoutAnAppealTheListIsNarrowed(t *testing.T) {
	f := openWindow(t, fixed{adviser: looksLikeHeating()})
	f.onCard("appeal-0")
	s := f.appealsPart()
	s.query.Queue = app.QueueArchive // which is empty
	s.has = false
	s.narrowed()
	f.until(func() bool { return s.detail.card == nil })
	test.Type(openFinder(f), "яма")
	press(f, fyne.KeyReturn)
	if len(s.query.Topics) != 1 || s.query.Topics[0] != "Ямы и выбоины" || s.query.Groups[0] != "Дороги" {
		t.Errorf("narrowed by %v, %v", s.query.Groups, s.query.Topics)
	}
}

func TestTopicIsNotSetByWhoMayNot(t *testing.T) {
	f := openWindow(t, fixed{adviser: looksLikeHeating(), roles: []app.Role{app.RoleApprover}})
	f.onCard("appeal-0")
	s := f.appealsPart()
	if s.detail.suggestion() != nil {
		t.Error("a suggestion is made to who may not follow it")
	}
	test.Type(openFinder(f), "отопление")
	press(f, fyne.KeyReturn)
	if f.dialog == nil || !f.dialog.problem.Visible() {
		t.Fatal("nothing says why not")
	}
	if s.detail.card.Appeal.Topic != "Ямы и выбоины" {
		t.Error("the topic was set")
	}
}

func TestNoSuchTopicIsSaid(t *testing.T) {
	f := openWindow(t, fixed{adviser: looksLikeHeating()})
	f.onCard("appeal-0")
	test.Type(openFinder(f), "ъъъ")
	f.picture("finder-empty")
	press(f, fyne.KeyReturn)
	if f.dialog == nil || !f.dialog.problem.Visible() {
		t.Error("the finder went away with nothing chosen")
	}
	press(f, fyne.KeyEscape)
	if f.dialog != nil {
		t.Error("Escape does not leave")
	}
}

func TestRoutingOffersWhatItLooksLike(t *testing.T) {
	f := openWindow(t, fixed{})
	c := f.newTopicChoice("", "", looksLikeHeating().suggested...)
	none := f.newTopicChoice("", "", app.Suggestion{TopicName: app.TopicName{Group: "ЖКХ"}, Share: 0.04})
	if n := len(none.object.(*fyne.Container).Objects); n != 2 {
		t.Error("what is hardly likely is offered")
	}
	pills := c.object.(*fyne.Container).Objects[2].(*fyne.Container).Objects
	if len(pills) != 1+suggestions {
		t.Fatalf("%d pills", len(pills)-1)
	}
	test.Tap(pills[1].(*clickable))
	if group, topic := c.value(); group != "ЖКХ" || topic != "Отопление" {
		t.Errorf("chosen %q, %q", group, topic)
	}
}
