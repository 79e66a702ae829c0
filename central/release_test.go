package central_test

import (
	"testing"

	"otklik/app"
	"otklik/central"
	"otklik/sync/wire"
)

// TestAReleaseIsToldWithEveryToken, and not a word where none was announced, since
// workstations of before do not know it.
func TestAReleaseIsToldWithEveryToken(t *testing.T) {
	o := newOffice(t)
	s := o.station("Оператор 2")
	if told := get[map[string]any](o, "POST", wire.PathToken, "", s.ask(noon, "0123456789abcdef")); told["release"] != nil || told["token"] == nil {
		t.Errorf("told %v", told["release"])
	}
	announced := app.Release{Version: "1.2.3", Place: "//files/otklik"}
	o.restart(central.Options{Release: announced})
	if told := get[wire.TokenReply](o, "POST", wire.PathToken, "", s.ask(noon, "0123456789abcdeg")); told.Release != announced {
		t.Errorf("told %+v", told.Release)
	}
}
