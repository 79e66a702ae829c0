package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
)

// secretEntry says where a secret is. It never stands in the file itself: that is
// copied, mailed and kept under version control.
type secretEntry struct {
	Env  string `json:"env"`
	File string `json:"file"`
}

const secretHelp = `say where it is: {"env": "NAME"} or {"file": "PATH"}`

// secrets fetches the secrets of an entry, by their names.
func (r *reader) secrets(given map[string]json.RawMessage, want names) map[string]string {
	r.known("secrets", slices.Collect(maps.Keys(given)), want)
	out := map[string]string{}
	for _, name := range slices.Concat(want.need, want.may) {
		raw, there := given[name]
		if !there {
			if slices.Contains(want.need, name) {
				r.say("secrets.%s is missing: %s", name, secretHelp)
			}
			continue
		}
		value, err := r.secret(raw)
		if err != nil {
			r.say("secrets.%s: %v", name, err)
			continue
		}
		out[name] = value
	}
	return out
}

func (r *reader) secret(raw json.RawMessage) (string, error) {
	if strings.HasPrefix(strings.TrimSpace(string(raw)), `"`) {
		return "", fmt.Errorf("a secret does not stand in this file; %s, and get a new one: whoever has the file knows this one", secretHelp)
	}
	var e secretEntry
	if err := strict(raw, &e); err != nil || (e.Env == "") == (e.File == "") {
		return "", fmt.Errorf("%s", secretHelp)
	}
	if e.Env != "" {
		value := strings.TrimSpace(os.Getenv(e.Env))
		if value == "" {
			return "", fmt.Errorf("the environment has no %s: set it where the server is started", e.Env)
		}
		return value, nil
	}
	value, err := readBounded(r.path(e.File))
	if err != nil {
		return "", fmt.Errorf("its file cannot be read: %w", err)
	}
	if len(strings.TrimSpace(string(value))) == 0 {
		return "", fmt.Errorf("%s is empty: put the secret into it", e.File)
	}
	return strings.TrimSpace(string(value)), nil
}
