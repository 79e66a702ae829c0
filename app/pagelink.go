package app

import (
	"net/url"
	"regexp"
	"strings"
)

// hosts of social networks, and the one each is also known as.
var hosts = map[string]struct {
	network Source
	host    string
}{
	"vk.com":           {SourceVK, "vk.com"},
	"vk.ru":            {SourceVK, "vk.com"},
	"vkontakte.ru":     {SourceVK, "vk.com"},
	"ok.ru":            {SourceOK, "ok.ru"},
	"odnoklassniki.ru": {SourceOK, "ok.ru"},
	"t.me":             {SourceTelegram, "t.me"},
	"telegram.me":      {SourceTelegram, "t.me"},
	"max.ru":           {SourceMAX, "max.ru"},
	"viber.com":        {SourceViber, "viber.com"},
	"invite.viber.com": {SourceViber, "viber.com"},
}

// vkNumber is an address of a VKontakte community by number: the network shows
// the same one under each of these names.
var vkNumber = regexp.MustCompile(`^(?:public|club|event)(\d+)$`)

// unnamed are addresses that lead to no page in particular.
var unnamed = map[string]bool{"": true, "public": true, "club": true, "event": true, "group": true, "s": true}

// PageAddress is where a page is kept.
type PageAddress struct {
	Network Source // SourceFile where the host is no network that is known
	Link    string // to be opened
	Key     string // the same for all spellings of the address
}

// AddressOf reads a link. ok is false for what leads to no page in particular: nothing,
// the network's own front page.
func AddressOf(link string) (a PageAddress, ok bool) {
	if link == "" || strings.ContainsAny(link, " \n\t") {
		return PageAddress{}, false
	}
	if !strings.Contains(link, "://") {
		link = "https://" + link
	}
	u, err := url.Parse(link)
	if err != nil || !strings.Contains(u.Hostname(), ".") {
		return PageAddress{}, false
	}
	host := strings.ToLower(u.Hostname())
	for _, mobile := range []string{"www.", "m."} {
		host = strings.TrimPrefix(host, mobile)
	}
	name := strings.ToLower(strings.Trim(u.Path, "/"))
	a = PageAddress{Network: SourceFile, Link: link}
	if known, is := hosts[host]; is {
		a.Network, host = known.network, known.host
	}
	if unnamed[name] {
		return PageAddress{}, false
	}
	switch a.Network {
	case SourceVK:
		name = vkNumber.ReplaceAllString(name, "club$1")
	case SourceTelegram:
		name = strings.TrimPrefix(name, "s/") // the same channel, shown in a browser
	}
	a.Key = host + "/" + name
	return a, true
}

// external is the number by which the network knows the page, "" where that is not
// known. In VKontakte an address may say it, too.
func (p *Page) external(a PageAddress) string {
	if p.External != "" && p.External != "0" {
		return p.External
	}
	if n, is := strings.CutPrefix(a.Key, "vk.com/club"); is && a.Network == SourceVK {
		return n
	}
	return ""
}
