package report

import "testing"

func TestCharactersTheFontsLackReadTheSame(t *testing.T) {
	for in, want := range map[string]string{
		"Ёлка № 5 «в срок» — 94,2\u00a0% ± 0,1 × 3": "Ёлка № 5 «в срок» — 94,2\u00a0% ± 0,1 × 3",
		"−5 ≥ 3 ≤ 4 ≠ 5 ≈ 6 · • … ₽ ° ½ ² „“ €":     "−5 ≥ 3 ≤ 4 ≠ 5 ≈ 6 · • … ₽ ° ½ ² „“ €",
		"12\u202f408":                 "12\u00a0408",
		"а → б ✓ ▲ ■":                 "а -> б √ + •",
		"Лес\u202eной\u200b\u0007":    "Лесной",
		"пере\u00adнос":               "перенос",
		"🌲 Лесной 🇷🇺":                 " Лесной ",
		"и\u0306\ufb01\u2460":         "йﬁ1",
		"中文 ქ":                        "?? ?",
		"a\nb\tc":                     "a b c",
		"\xff":                        "?",
		"plain ASCII, as it comes: ~": "plain ASCII, as it comes: ~",
	} {
		if got := readable(in); got != want {
			t.Errorf("%q is %q, want %q", in, got, want)
		}
	}
}
