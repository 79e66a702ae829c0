package app_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"otklik/app"
)

func TestAddressesOfOnePage(t *testing.T) {
	for key, links := range map[string][]string{
		"vk.com/club1":    {"vk.com/club1", "https://vk.com/public1", "http://m.vk.com/club1/", "https://www.vk.com/event1?w=wall-1", "vk.ru/club1"},
		"vk.com/school":   {"https://vk.com/school", "http://vk.com/School", "vkontakte.ru/school#top"},
		"t.me/chuvashia":  {"https://t.me/chuvashia", "t.me/s/chuvashia", "https://telegram.me/s/Chuvashia/"},
		"ok.ru/group/123": {"https://ok.ru/group/123", "m.ok.ru/group/123/"},
	} {
		for _, link := range links {
			if a, ok := app.AddressOf(link); !ok || a.Key != key {
				t.Errorf("%s is %q", link, a.Key)
			}
		}
	}
	for _, link := range []string{"", "0", "нет", "https://vk.com", "https://t.me/s/", "vk com/club1", "://"} {
		if a, ok := app.AddressOf(link); ok {
			t.Errorf("%q leads to %+v", link, a)
		}
	}
}

func TestTwinsAreFound(t *testing.T) {
	d := desk(t)
	var rows []app.BatchRow
	add := func(id, name, link, external, founder string) {
		p := app.Page{ID: app.IDFrom(id), Name: name, Network: app.SourceVK, Link: link, External: external, Founder: founder}
		rows = append(rows, app.BatchRow{Page: &p})
	}
	add("a", "Школа", "https://vk.com/club77", "", "А")
	add("b", "Школа (новая)", "http://m.vk.com/public77/", "", "Б")
	add("c", "Гимназия", "https://vk.com/gymnasium", "77", "В") // by the number of the address
	add("d", "Детский сад «Дюймовочка»", "https://vk.com/d", "1", "Г")
	add("e", `ДЕТСКИЙ САД "ДЮЙМОВОЧКА"`, "https://vk.com/e", "2", "Г")
	add("f", "Музей", "https://vk.com/f", "", "Д")
	add("g", "Музей", "https://vk.com/g", "", "Е") // of another founder
	add("h", "Музей", "", "", "")                  // nobody's
	add("i", "Музей", "", "", "")
	for i, ogrn := range []string{"1", "2", ""} { // bodies that came one after the other
		add(fmt.Sprint("j", i), "Служба", "", "", "Ж")
		rows[len(rows)-1].Page.OGRN = ogrn
	}
	load(t, d, rows...)
	twins, err := d.PageTwins()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, group := range twins {
		words := fmt.Sprint(group.By)
		for _, p := range group.Pages {
			words += " " + p.Founder
		}
		got = append(got, words)
	}
	if want := []string{"[address external] А Б В", "[name] Г Г"}; !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

// TestTwinsAmongManyPages asks that time goes up as the number of pages does. Every
// tenth page has a twin, and one name is everybody's.
func TestTwinsAmongManyPages(t *testing.T) {
	took := func(n int) time.Duration {
		pages := make([]app.Page, n)
		for i := range pages {
			pages[i] = app.Page{
				ID: fmt.Sprint(i), Network: app.SourceVK, Name: "Школа", Founder: fmt.Sprint("Учредитель ", i%1000),
				Link: fmt.Sprintf("https://vk.com/club%d", i-i%10/9),
			}
		}
		best := time.Hour
		for range 3 {
			began := time.Now()
			if got := app.TwinsAmong(pages); len(got) == 0 {
				t.Fatal("no twins")
			}
			best = min(best, time.Since(began))
		}
		return best
	}
	few, many := took(5_500), took(55_000)
	t.Logf("5,500 pages: %v; 55,000 pages: %v", few, many)
	if many > 40*few+50*time.Millisecond {
		t.Errorf("ten times the pages take %v, not ten times %v", many, few)
	}
}
