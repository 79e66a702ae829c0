package exchange

import (
	"net/url"
	"regexp"
	"strings"

	"otklik/app"
)

// hosts of social networks, and the one each is also known as.
var hosts = map[string]struct {
	network app.Source
	host    string
}{
	"vk.com":           {app.SourceVK, "vk.com"},
	"vk.ru":            {app.SourceVK, "vk.com"},
	"vkontakte.ru":     {app.SourceVK, "vk.com"},
	"ok.ru":            {app.SourceOK, "ok.ru"},
	"odnoklassniki.ru": {app.SourceOK, "ok.ru"},
	"t.me":             {app.SourceTelegram, "t.me"},
	"telegram.me":      {app.SourceTelegram, "t.me"},
	"max.ru":           {app.SourceMAX, "max.ru"},
	"viber.com":        {app.SourceViber, "viber.com"},
	"invite.viber.com": {app.SourceViber, "viber.com"},
}

// vkNumber is an address of a VKontakte community by number: the network shows
// the same one under each of these names.
var vkNumber = regexp.MustCompile(`^(?:public|club|event)(\d+)$`)

// unnamed are addresses that lead to no page in particular.
var unnamed = map[string]bool{"": true, "public": true, "club": true, "event": true, "group": true}

// address is where a page is kept.
type address struct {
	network app.Source
	link    string // to be opened
	key     string // the same for all spellings of the address
}

// addressOf reads a link. ok is false for what leads to no page: nothing, "0",
// the network's own front page.
func addressOf(v string) (a address, ok bool) {
	if isNothing(v) || strings.ContainsAny(v, " \n\t") {
		return address{}, false
	}
	link := v
	if !strings.Contains(link, "://") {
		link = "https://" + link
	}
	u, err := url.Parse(link)
	if err != nil || !strings.Contains(u.Hostname(), ".") {
		return address{}, false
	}
	host := strings.ToLower(u.Hostname())
	for _, mobile := range []string{"www.", "m."} {
		host = strings.TrimPrefix(host, mobile)
	}
	name := strings.ToLower(strings.Trim(u.Path, "/"))
	a = address{network: app.SourceFile, link: link}
	if known, is := hosts[host]; is {
		a.network, host = known.network, known.host
	}
	if unnamed[name] {
		return address{}, false
	}
	if a.network == app.SourceVK {
		name = vkNumber.ReplaceAllString(name, "club$1")
	}
	a.key = host + "/" + name
	return a, true
}
