package vk

import (
	"context"
	"strings"
	"testing"
)

func TestChecks(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*standIn, *Config)
		polls  bool
		want   string // "": all is well
	}{
		"all is well":         {func(*standIn, *Config) {}, false, ""},
		"all is well, polled": {func(_ *standIn, c *Config) { c.Secret, c.Confirmation = "", "" }, true, ""},
		"no person":           {func(_ *standIn, c *Config) { c.UserToken = "" }, false, ""},
		"not a person":        {func(_ *standIn, c *Config) { c.UserToken = token }, false, "discussions"},
		"a person nobody knows": {
			func(_ *standIn, c *Config) { c.UserToken = "TOKEN" }, true, "discussions",
		},
		"no service":         {func(_ *standIn, c *Config) { c.ServiceToken = "" }, false, ""},
		"the wall is closed": {func(s *standIn, _ *Config) { s.walls[ours] = "15" }, false, ""},
		"a service nobody knows": {
			func(_ *standIn, c *Config) { c.ServiceToken = "TOKEN" }, false, "the service token, which counts posts: it is none VK knows",
		},
		"not a service":        {func(_ *standIn, c *Config) { c.ServiceToken = token }, true, "may not read walls"},
		"the quota is used up": {func(s *standIn, _ *Config) { s.quota = 0 }, false, "5,000 times a day"},
		"a token nobody knows": {func(_ *standIn, c *Config) { c.Token = "TOKEN" }, false, "none VK knows"},
		"of another community": {func(_ *standIn, c *Config) { c.Group = 7 }, false, "not of the community 7"},
		"no secret":            {func(_ *standIn, c *Config) { c.Secret = "" }, false, "needs a secret"},
		"no confirmation":      {func(_ *standIn, c *Config) { c.Confirmation = "" }, false, "confirmed"},
		"no rights":            {func(s *standIn, _ *Config) { s.next("groups.getCallbackServers", refusal(15, "Access denied")) }, false, "right to manage"},
		"another secret":       {func(_ *standIn, c *Config) { c.Secret = "x" }, false, "no server with this secret"},
		"not confirmed": {func(s *standIn, _ *Config) {
			s.servers = strings.Replace(s.servers, `"status":"ok"`, `"status":"unconfigured"`, 1)
		}, false, "unconfigured"},
		"switched off": {
			func(s *standIn, _ *Config) {
				s.set = strings.Replace(s.set, `"wall_reply_new":1`, `"wall_reply_new":0`, 1)
			},
			false, "Callback API, so that nobody here hears of it: wall_reply_new",
		},
		"switched off, polled": {
			func(s *standIn, _ *Config) { s.set = strings.Replace(s.set, `"board_post_edit":1`, `"x":1`, 1) },
			true, "Long Poll, so that nobody here hears of it: board_post_edit",
		},
		"Long Poll is off": {func(s *standIn, _ *Config) { s.set = strings.Replace(s.set, "true", "false", 1) }, true, "Long Poll is switched off"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStandIn(t)
			config := s.config()
			c.change(s, &config)
			var p interface{ Check(context.Context) error } = New(config)
			if c.polls {
				p = NewPolling(config)
			}
			err := p.Check(t.Context())
			switch {
			case c.want == "" && err != nil, c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
				t.Errorf("%v", err)
			case err != nil && (strings.Contains(err.Error(), "TOKEN") || strings.Contains(err.Error(), secret)):
				t.Errorf("secrets are shown: %v", err)
			}
		})
	}
}
