package main

import (
	"net/url"
	"strings"

	"otklik/central"
	"otklik/central/channel/open311"
)

// platformOpen311 is the name in the file of what is no platform: an endpoint of ours
// that others call.
const platformOpen311 = "open311"

// open311 reads the entry of the endpoint.
func (r *reader) open311(e lineEntry, c *channelsConfig) {
	if e.BaseURL != "" || e.CA != "" || e.Poll || e.Greeting != "" || e.Accepted != "" || e.Rate != 0 || e.PerChat != 0 || e.Counts != 0 {
		r.say("nobody is called by Open311: it has name, title, settings and secrets, and nothing else")
	}
	if c.open311 != nil {
		r.say("Open311 stands twice in the file: a server has one endpoint")
		return
	}
	settings := r.settings(e.Settings, names{need: []string{"url", "contact"}, may: []string{"jurisdiction"}})
	if u, err := url.Parse(settings["url"]); settings["url"] != "" && (err != nil || u.Host == "" || u.Path != "" && u.Path != "/") {
		r.say("settings.url is not the address of the server for the public, like https://example.org")
	}
	given := r.secrets(e.Secrets, names{may: []string{"keys"}})
	c.open311 = &open311.Config{
		Actor: central.Actor{ID: "channel-" + e.Name, Name: e.Title}, Keys: strings.Fields(given["keys"]),
		URL: strings.TrimRight(settings["url"], "/"), Jurisdiction: settings["jurisdiction"], Contact: settings["contact"],
	}
}
