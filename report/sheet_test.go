package report

import (
	"encoding/xml"
	"io"
	"strings"
	"testing"
)

func sheetOf(text string) Sheet {
	return Sheet{
		Lang: "ru", Centre: "ЦУР", Number: "№ 2026-118437", Heading: text, Facts: []SheetFact{{"Тема", text}, {"Срок", "25.11.2026"}},
		Said: SheetCard{"Автор", "24.11.2026", text}, HistoryTitle: "История", Foot: "Напечатано",
		History: []SheetCard{{Who: "Оператор 2", When: "24.11.2026 10:00", Text: text}, {Who: "Направлено", When: "24.11.2026 11:00"}},
	}
}

func TestSheetSaysEverythingOnce(t *testing.T) {
	page, err := sheetOf("Яма на дороге").HTML()
	if err != nil {
		t.Fatal(err)
	}
	html := string(page)
	for _, want := range []string{"size: A4", `lang="ru"`, "№ 2026-118437", "<dt>Тема</dt><dd>Яма на дороге</dd>", "<h2>История</h2>", "Направлено", "<footer>Напечатано</footer>"} {
		if !strings.Contains(html, want) {
			t.Errorf("no %q in\n%s", want, html)
		}
	}
	s := sheetOf("Яма")
	s.History = nil
	if page, err = s.HTML(); err != nil || strings.Contains(string(page), "История") {
		t.Errorf("the title of a history that is not there: %v", err)
	}
}

// TestSheetEscapes: whatever a citizen writes, the page has the same elements.
func TestSheetEscapes(t *testing.T) {
	plain, err := sheetOf("x").HTML()
	if err != nil {
		t.Fatal(err)
	}
	for _, evil := range []string{
		`<script>alert(1)</script>`, `</p></article><img src=x onerror=alert(1)>`, `"><svg onload=alert(1)>`, `</style><style>*{}`, `{{.Centre}}`, "a & b < c",
	} {
		page, err := sheetOf(evil).HTML()
		if err != nil {
			t.Fatal(err)
		}
		if got, want := elements(t, page), elements(t, plain); got != want {
			t.Errorf("%q changes the page:\n%s\n%s", evil, got, want)
		}
	}
}

// elements lists the tags of a page.
func elements(t *testing.T, page []byte) string {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(string(page)))
	d.Strict, d.AutoClose, d.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
	var out []string
	for {
		token, err := d.Token()
		if err == io.EOF {
			return strings.Join(out, " ")
		}
		if err != nil {
			t.Fatal(err)
		}
		if start, ok := token.(xml.StartElement); ok {
			out = append(out, start.Name.Local)
		}
	}
}
