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
	text := string(inForm(t, "txt", d))
	for _, want := range []string{
		"Рейтинг органов власти за неделю\n16–22 ноября 2026\nЦентр управления регионом\n\n",
		"Медиана первого ответа: !\u00a09\u00a0ч\u00a010\u00a0мин (цель 4 ч 30 мин; n = 11 920)\n",
		"1. Администрация Лесного городского округа — обращений 400, медиана ответа √\u00a02\u00a0ч\u00a048\u00a0мин, в срок 99,0\u00a0%, к прошлой неделе +12,0\u00a0%\n",
		"\nи ещё 12\nВсего — обращений 8107,",
		"подписчиков —\n",
		"\n\nКак посчитано:\n• Время ответа",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
	if strings.Contains(text, "11. ") || !strings.HasSuffix(text, "\n\nДанные на 23.11.2026, 08:00\n") {
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
