package ok

import (
	"context"
	"crypto/subtle"
	"errors"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"otklik/app"
	"otklik/central/channel"
)

// DefaultBase is where the API is, unless the configuration says otherwise.
const DefaultBase = "https://api.ok.ru"

// Networks are those the platform says it delivers from.
var Networks = []netip.Prefix{
	netip.MustParsePrefix("217.20.145.192/28"),
	netip.MustParsePrefix("217.20.151.160/28"),
	netip.MustParsePrefix("217.20.153.48/28"),
}

// Config of a group.
type Config struct {
	BaseURL  string // "": DefaultBase
	Token    string // of the group
	Secret   string // the address of the webhook ends in ?secret=…; "": nothing is believed
	Networks []netip.Prefix
	// AddressHeader is what a balancer writes the sender's address into; "": there is no
	// balancer, and whoever connects is the sender.
	AddressHeader string
	Client        *http.Client
}

// Platform is a group of Odnoklassniki with a webhook.
type Platform struct{ c Config }

var (
	_ channel.Platform = (*Platform)(nil)
	_ channel.Sender   = (*Platform)(nil)
)

// New makes one.
func New(c Config) *Platform {
	c.BaseURL = strings.TrimRight(c.BaseURL, "/")
	if c.BaseURL == "" {
		c.BaseURL = DefaultBase
	}
	if len(c.Networks) == 0 {
		c.Networks = Networks
	}
	if c.Client == nil {
		c.Client = http.DefaultClient
	}
	return &Platform{c}
}

// ParseNetworks reads networks with commas between them.
func ParseNetworks(list string) ([]netip.Prefix, error) {
	var all []netip.Prefix
	for one := range strings.SplitSeq(list, ",") {
		if one = strings.TrimSpace(one); one == "" {
			continue
		}
		n, err := netip.ParsePrefix(one)
		if err != nil {
			return nil, errors.New(one + " is not a network as 217.20.145.192/28 is one")
		}
		all = append(all, n)
	}
	return all, nil
}

// Source implements [channel.Platform].
func (p *Platform) Source() app.Source { return app.SourceOK }

// Verify asks for the secret, and whether the sender's address is of the platform.
func (p *Platform) Verify(d channel.Delivery) error {
	given := d.Query.Get("secret")
	if p.c.Secret == "" || subtle.ConstantTimeCompare([]byte(given), []byte(p.c.Secret)) != 1 {
		return channel.ErrForged
	}
	from, err := netip.ParseAddr(p.sender(d))
	if err != nil || !slices.ContainsFunc(p.c.Networks, func(n netip.Prefix) bool { return n.Contains(from.Unmap()) }) {
		return channel.ErrForged
	}
	return nil
}

// sender of a delivery. Of several addresses in the header the last is the balancer's
// own word; those before it anybody may have written.
func (p *Platform) sender(d channel.Delivery) string {
	if p.c.AddressHeader == "" {
		return d.From
	}
	lines := d.Header.Values(p.c.AddressHeader)
	if len(lines) == 0 {
		return ""
	}
	last := lines[len(lines)-1]
	return strings.TrimSpace(last[strings.LastIndexByte(last, ',')+1:])
}

// Check asks whether the token works and whether there is a subscription still: the
// platform ends it when nothing could be delivered for eight hours.
func (p *Platform) Check(ctx context.Context) error {
	var all struct {
		Subscriptions []struct {
			URL string `json:"url"`
		} `json:"subscriptions"`
	}
	err := p.graph(ctx, http.MethodGet, "me/subscriptions", nil, &all)
	var f *failure
	switch {
	case errors.As(err, &f) && f.reason() == channel.ReasonAccess:
		return errors.New("the token of the group is none Odnoklassniki knows: take it from the settings of the group anew, Messages, Work with API")
	case err != nil:
		return err
	case p.c.Secret == "":
		return errors.New("the address of the webhook needs a secret: without it nothing that is delivered is believed")
	case len(all.Subscriptions) == 0:
		return errors.New("no webhook is subscribed: Odnoklassniki unsubscribes once nothing could be delivered for eight hours; " +
			"subscribe anew by POST /graph/me/subscribe with the address of this line and its secret")
	}
	for _, s := range all.Subscriptions {
		if u, err := url.Parse(s.URL); err == nil && u.Query().Get("secret") == p.c.Secret {
			return nil
		}
	}
	return errors.New("the group delivers to no address with this secret: subscribe by POST /graph/me/subscribe with the address of this line, which ends in ?secret= and the secret")
}
