package ui

import (
	"os"
	"testing"

	"otklik/app"
)

// TestLook draws the screens for people to look at: OTKLIK_LOOK names the
// folder.
func TestLook(t *testing.T) {
	if os.Getenv("OTKLIK_LOOK") == "" {
		t.Skip("OTKLIK_LOOK names no folder for pictures")
	}
	for _, look := range []string{"light", "dark"} {
		for _, lang := range []string{"ru", "en"} {
			t.Run(look+"-"+lang, func(t *testing.T) {
				f := openWindow(t, fixed{lang: lang, theme: look, store: func(s *fakeStore) {
					s.drafts["appeal-0"] = app.Draft{Answer: "Здравствуйте! Бригада дорожной службы уже на месте, яму заделают сегодня до 18:00. Спасибо, что сообщили."}
					s.pending["appeal-4"] = 1
				}})
				f.settle()
				f.picture("appeals-" + look + "-" + lang)
				s := f.appealsPart()
				s.explain()
				f.picture("why-" + look + "-" + lang)
				f.dialog.close()
				f.newAppeal()
				f.picture("new-" + look + "-" + lang)
				f.dialog.close()
				s.showMore()
				f.picture("more-" + look + "-" + lang)
				f.open(screenSettings)
				f.settle()
				f.picture("settings-" + look + "-" + lang)
			})
		}
	}
}
