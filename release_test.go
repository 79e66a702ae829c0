package main

import (
	"strings"
	"testing"

	"otklik/app"
	"otklik/assets"
	"otklik/central"
)

// TestANewVersionIsToldByTheExchange, whatever the server makes of the words.
func TestANewVersionIsToldByTheExchange(t *testing.T) {
	for name, c := range map[string]struct {
		announced app.Release
		want      app.Release // zero: nothing is said
	}{
		"nothing": {},
		"same":    {announced: app.Release{Version: assets.Version, Place: "//files/otklik"}},
		"older":   {announced: app.Release{Version: "0.0.1"}},
		"none":    {announced: app.Release{Version: "\x1b[2J99", Place: "//files/otklik"}},
		"newer": {
			announced: app.Release{Version: "99.0.0", Place: "//files\n/otklik\x1b[31m\u202e" + strings.Repeat("я", 5000)},
			want:      app.Release{Version: "99.0.0", Place: "//files/otklik[31m" + strings.Repeat("я", 200-len("//files/otklik[31m"))},
		},
	} {
		t.Run(name, func(t *testing.T) {
			server, data := newSecureServerOf(t, central.Options{Release: c.announced}), t.TempDir()
			said, _ := command(t, 0, "sync", "--once", "--data", data, "--server", server.address, "--code", server.code(t), "--ca", server.ca)
			if lines := strings.Count(said, "\n"); (lines == 2) != (c.want != app.Release{}) || strings.ContainsAny(said, "\x1b\u202e") {
				t.Errorf("said %q", said)
			}
			if c.want.Version != "" && !strings.Contains(said, "Вышла версия 99.0.0. Где взять: "+c.want.Place+"\n") {
				t.Errorf("said %q", said)
			}
			out, _ := command(t, 0, "sync", "--once", "--json", "--data", data)
			if got := printed[syncReport](t, out); got.Release != c.want {
				t.Errorf("%+v", got.Release)
			}
		})
	}
}
