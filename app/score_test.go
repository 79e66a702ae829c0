package app_test

import (
	"fmt"
	"slices"
	"testing"

	"otklik/app"
)

func whole(n int) *int { return &n }

// proper is a page that has everything, of 1,000 members.
func proper() app.Page {
	all := []string{app.MarkState, app.MarkGospubliki, app.MarkOpinion, app.MarkProblem, app.MarkAvatar, app.MarkCover, app.MarkDescription}
	return app.Page{
		ID: app.IDFrom("proper"), Name: "Школа № 1", Network: app.SourceVK, Link: "https://vk.com/school1", Founder: "Минобразования",
		Marks: all, Looked: all, PostsWeek: whole(3), ReachWeek: whole(710),
	}
}

func TestScoreOfPages(t *testing.T) {
	region, _ := shipped(t)
	without := func(p *app.Page, mark string) {
		p.Marks = slices.DeleteFunc(slices.Clone(p.Marks), func(m string) bool { return m == mark })
	}
	for _, c := range []struct {
		name     string
		change   func(p *app.Page)
		from, to int
		zone     app.Zone
	}{
		{"everything", func(*app.Page) {}, 100, 100, app.ZoneGood},
		{"one widget", func(p *app.Page) { without(p, app.MarkProblem) }, 95, 95, app.ZoneGood},
		{"reach between 50 and 70 per cent", func(p *app.Page) { p.ReachWeek = whole(690) }, 97, 97, app.ZoneGood},
		{"reach between 30 and 50 per cent", func(p *app.Page) { p.ReachWeek = whole(300) }, 95, 95, app.ZoneGood},
		{"reach of nobody is known", func(p *app.Page) { p.ReachWeek = whole(0) }, 90, 90, app.ZoneGood},
		{"two posts", func(p *app.Page) { p.PostsWeek = whole(2) }, 60, 60, app.ZonePoor},
		{"no state mark, no cover", func(p *app.Page) { without(p, app.MarkState); without(p, app.MarkCover) }, 80, 80, app.ZoneFair},
		{"posts are not known", func(p *app.Page) { p.PostsWeek = nil }, 60, 100, app.ZoneOpen},
		{"reach is not known", func(p *app.Page) { p.ReachWeek = nil }, 90, 100, app.ZoneGood},
		{"nobody looked for a widget", func(p *app.Page) {
			without(p, app.MarkProblem)
			p.Looked = []string{app.MarkOpinion}
		}, 90, 100, app.ZoneGood},
		// The network decides what can be asked: 60 of 60 points, 20 of 60.
		{"Telegram without marks of VK", func(p *app.Page) {
			p.Network, p.Marks = app.SourceTelegram, []string{app.MarkAvatar, app.MarkDescription}
		}, 100, 100, app.ZoneGood},
		{"Telegram without posts", func(p *app.Page) { p.Network, p.PostsWeek = app.SourceTelegram, whole(0) }, 33, 33, app.ZonePoor},
	} {
		p := proper()
		c.change(&p)
		if got := region.Score.Check(&p, 1000, true); got.From != c.from || got.To != c.to || got.Zone != c.zone || got.Apart != "" {
			t.Errorf("%s: from %d to %d, %s %s", c.name, got.From, got.To, got.Zone, got.Apart)
		}
	}
	p := proper()
	if got := region.Score.Check(&p, 0, false); got.From != 90 || got.To != 100 {
		t.Errorf("a page that was not counted has no reach: %+v", got)
	}
}

// TestOldMarksAreRead: data of before know five marks, of them one widget of the two.
func TestOldMarksAreRead(t *testing.T) {
	region, _ := shipped(t)
	p := proper()
	p.Looked, p.MarksKnown = nil, true
	for _, c := range []struct {
		marks    []string
		from, to int
	}{
		{[]string{app.MarkState, app.MarkWidget, app.MarkAvatar, app.MarkCover, app.MarkDescription}, 85, 95},
		{nil, 50, 60},
	} {
		p.Marks = c.marks
		if got := region.Score.Check(&p, 1000, true); got.From != c.from || got.To != c.to {
			t.Errorf("%v: from %d to %d", c.marks, got.From, got.To)
		}
	}
	p.MarksKnown = false
	if got := region.Score.Check(&p, 1000, true); got.From != 50 || got.To != 100 || got.Wrong() {
		t.Errorf("nobody looked: %+v", got)
	}
}

func TestComponentsSayWhatToDo(t *testing.T) {
	region, _ := shipped(t)
	p := proper()
	p.PostsWeek, p.ReachWeek = whole(1), nil
	p.Marks = slices.DeleteFunc(slices.Clone(p.Marks), func(m string) bool { return m == app.MarkOpinion })
	c := region.Score.Check(&p, 1000, true)
	var got []string
	for _, part := range c.Parts {
		if part.Fix != "" {
			got = append(got, fmt.Sprint(part.What, part.Has, part.Need, part.Lacks))
		}
		if part.Lacking() != (part.Fix != "") {
			t.Errorf("%s: %+v", part.What, part)
		}
	}
	if want := []string{"widgets1 2 [widget_opinion]", "posts1 3 []"}; !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	if len(c.Parts) != 8 || c.Asked != 100 || !c.Wrong() {
		t.Errorf("%+v", c)
	}
}

func TestPagesThatStandApart(t *testing.T) {
	d := desk(t)
	poor, ground, none := proper(), proper(), proper()
	poor.ID, poor.Name, poor.PostsWeek = app.IDFrom("poor"), "Школа № 2", whole(0)
	ground.ID, ground.Name, ground.NotKept = app.IDFrom("ground"), "Школа № 3", "ликвидация"
	none.ID, none.Name, none.Link = app.IDFrom("none"), "Школа № 4", ""
	good := proper()
	load(t, d, app.BatchRow{Page: &good}, app.BatchRow{Page: &ground}, app.BatchRow{Page: &none}, app.BatchRow{Page: &poor})
	rows, err := d.Compliance(app.PageQuery{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range rows {
		got = append(got, fmt.Sprintf("%s %s%s", r.Name, r.Zone, r.Apart))
	}
	want := []string{"Школа № 2 poor", "Школа № 1 good", "Школа № 3 ground", "Школа № 4 no_link"}
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	for trouble, n := range map[app.Trouble]int{
		"": 4, app.TroubleLacking: 1, app.TroubleUnknown: 2, app.TroubleSilent: 1, app.TroubleUncounted: 2, app.TroubleNotKept: 2, app.TroubleDead: 0,
		app.TroubleTwin: 3, // three of them have one address
	} {
		if rows, err := d.Pages(app.PageQuery{Trouble: trouble}); err != nil || len(rows) != n {
			t.Errorf("%q: %d, %v", trouble, len(rows), err)
		}
	}
	if rows, err := d.Pages(app.PageQuery{Zone: app.ZonePoor}); err != nil || len(rows) != 1 || rows[0].Name != "Школа № 2" {
		t.Errorf("%v %v", rows, err)
	}
	rows, err = d.Pages(app.PageQuery{Sort: app.PagesByScore})
	if err != nil || rows[0].Name != "Школа № 1" || rows[1].Name != "Школа № 2" {
		t.Errorf("by score: %v %v", rows, err)
	}
	letters, err := d.Letters(app.PageQuery{})
	if err != nil || len(letters) != 1 || letters[0].Founder != "Минобразования" || len(letters[0].Pages) != 1 || letters[0].Pages[0].Name != "Школа № 2" {
		t.Errorf("%+v %v", letters, err)
	}
}

func TestTheTableOfScoresIsChecked(t *testing.T) {
	region, _ := shipped(t)
	const columns = "score_of|from|points|networks"
	for _, c := range []struct {
		rows []string
		line int
		code app.Code
	}{
		{[]string{"hat|1|10|"}, 1, app.CodeRowChoice},
		{[]string{"posts||10|"}, 1, app.CodeRowEmpty},
		{[]string{"posts|3|40|", "posts|3|20|"}, 2, app.CodeRowTwice},
		{[]string{"posts|3|400|"}, 1, app.CodeRowNumber},
		{[]string{"posts|3|40|vk, myspace"}, 1, app.CodeRowChoice},
		{[]string{"good||90|"}, 1, app.CodeRowEmpty},
		{[]string{"posts|3|40|", "good||60|", "fair||70|"}, 3, app.CodeRowOrder},
	} {
		problems := region.Check(tableOf(app.TablePageScore, columns, c.rows...))
		if len(problems) == 0 || problems[0].Line != c.line || problems[0].Err.Code != c.code {
			t.Errorf("%q: %v", c.rows, problems)
		}
	}
	now := region.With([]app.Table{tableOf(app.TablePageScore, columns, "posts|3|20|", "posts|5|40|", "good||50|", "fair||50|")})
	p := proper()
	if c := now.Score.Check(&p, 0, false); c.From != 50 || c.Zone != app.ZoneGood || c.Asked != 40 {
		t.Errorf("%+v", c)
	}
}
