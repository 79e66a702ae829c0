package assets

import (
	"strings"
	"testing"

	"otklik/app"
)

func TestNewer(t *testing.T) {
	for version, want := range map[string]bool{
		"0.1.1": true, "0.10.0": true, "1.0.0": true, "99.0.0": true, "1.0.0-rc.1": true,
		Version: false, "0.0.9": false, Version + "-rc.1": false, "0.1": false,
		"": false, "v1.0.0": false, "1.0.0\n": false, "999": true, "новая": false, "1..0": false,
		"1.0.0-" + strings.Repeat("a", 100): false,
	} {
		if got, ok := Newer(app.Release{Version: version}); ok != want || ok && got.Version != version {
			t.Errorf("%q: %+v, %v", version, got, ok)
		}
	}
}

func TestAPlaceIsOneLineOfBoundedLength(t *testing.T) {
	for said, want := range map[string]string{
		`\\files\otklik`:                  `\\files\otklik`,
		" https://intranet.example/о ":    "https://intranet.example/о",
		"a\r\nb\tc\x1b[31m\x00":           "abc[31m",
		"\u202egnp.exe\u2066\u200b\u2028": "gnp.exe",
		"\xff\xfeдиск":                    "диск",
		strings.Repeat("я", 100_000):      strings.Repeat("я", releasePlaceMost),
	} {
		got, ok := Newer(app.Release{Version: "99.0.0", Place: said})
		if !ok || got.Place != want {
			t.Errorf("%.40q: %q, %v", said, got.Place, ok)
		}
		if line := Load("ru").Release(got); strings.ContainsAny(line, "\n\r\x1b") || !strings.Contains(line, "99.0.0") {
			t.Errorf("said %q", line)
		}
	}
}
