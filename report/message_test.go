package report

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestMessage(t *testing.T) {
	d := sampleDocument(22)
	d.Words.More = func(int) string { return "и ещё 12" }
	d.Brief = []string{"Время ответа — в часах работы центра."}
	table := d.Blocks[2].(*Table)
	table.Columns[5].Spare = true
	d.Blocks = append(d.Blocks, &Table{Title: "Без этого", Spare: true, Rows: [][]Value{{Count(1)}}, Columns: table.Columns[:1]})
	text := string(inForm(t, "txt", d))
	for _, want := range []string{
		"Рейтинг органов власти за неделю\n16–22 ноября 2026\nЦентр управления регионом\n\n",
		"• Медиана первого ответа: 9 ч 10 мин (цель 4 ч 30 мин; n = 11 920)\n",
		"1. Администрация Лесного городского округа — обращений 400, медиана ответа 2 ч 48 мин, в срок 99,0 %\n",
		"\nи ещё 12\nВсего — обращений 8107,",
		"подписчиков —\n",
		"\n\nВремя ответа — в часах работы центра.\nДанные на 23.11.2026, 08:00\n",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
	if strings.Contains(text, "Без этого") {
		t.Error("a table that a message does without is there")
	}
	if strings.Contains(text, "11. ") || !strings.HasSuffix(text, "\nДанные на 23.11.2026, 08:00\n") {
		t.Error(text)
	}
}

func TestMessagesAreShort(t *testing.T) {
	d := sampleDocument(22)
	for range 12 {
		d.Blocks = append(d.Blocks, d.Blocks[:3]...)
	}
	text := string(inForm(t, "txt", d))
	if n := units(text); n > messageMost || n < messageMost*3/4 {
		t.Errorf("%d units", n)
	}
	if !strings.HasSuffix(text, "\n…\n\nДанные на 23.11.2026, 08:00\n") {
		t.Errorf("the cut: %q", text[len(text)-200:])
	}
	rapid.Check(t, func(t *rapid.T) {
		var b strings.Builder
		if err := WriteText(&b, anyDocument.Draw(t, "document")); err != nil {
			t.Fatal(err)
		}
		if s := b.String(); units(s) > messageMost || !utf8.ValidString(s) || strings.ContainsAny(s, "\u202e\u0000\u001b\t\r") {
			t.Errorf("%d units: %q", units(s), s)
		}
	})
}
