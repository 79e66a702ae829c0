package max

import (
	"context"
	"crypto/subtle"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"otklik/app"
	"otklik/central/channel"
)

// DefaultBase is where the bot API is, unless the configuration says otherwise.
const DefaultBase = "https://platform-api2.max.ru"

// Rate is how many calls a second MAX takes.
const Rate = 30

// CountsASecond is how many pages a second are counted. Each takes two calls or more, and
// answers go out meanwhile.
const CountsASecond = 5

// secretHeader bears what the webhook was subscribed with.
const secretHeader = "X-Max-Bot-Api-Secret"

// Config of a bot.
type Config struct {
	BaseURL string // "": DefaultBase
	Token   string // of the bot
	Secret  string // of the subscription; "": no webhook is believed
	// Client has no time limit of its own shorter than a poll takes; nil: the default one.
	Client *http.Client
	Now    func() time.Time // nil: the system's clock
}

// Platform is a bot with a webhook.
type Platform struct {
	base, token, secret string
	client              *http.Client
	now                 func() time.Time
}

var (
	_ channel.Platform = (*Platform)(nil)
	_ channel.Sender   = (*Platform)(nil)
	_ channel.Fetcher  = (*Platform)(nil)
	_ channel.Counter  = (*Platform)(nil)
)

// New gives the bot that is delivered its updates.
func New(c Config) *Platform {
	p := &Platform{base: strings.TrimRight(c.BaseURL, "/"), token: c.Token, secret: c.Secret, client: c.Client, now: c.Now}
	if p.base == "" {
		p.base = DefaultBase
	}
	if p.client == nil {
		p.client = http.DefaultClient
	}
	if p.now == nil {
		p.now = time.Now
	}
	return p
}

// Source is MAX.
func (p *Platform) Source() app.Source { return app.SourceMAX }

// Verify compares the secret of the subscription in a time that does not depend on it.
func (p *Platform) Verify(d channel.Delivery) error {
	given := d.Header.Get(secretHeader)
	if p.secret == "" || subtle.ConstantTimeCompare([]byte(given), []byte(p.secret)) != 1 {
		return channel.ErrForged
	}
	return nil
}

type subscription struct {
	URL   string   `json:"url"`
	Types []string `json:"update_types"` // none: all
}

// Check asks whether the token works and whether there is a subscription still: MAX
// ends it when nothing could be delivered for eight hours, and tells nobody.
func (p *Platform) Check(ctx context.Context) error {
	all, err := p.subscriptions(ctx)
	switch {
	case err != nil:
		return err
	case p.secret == "":
		return errors.New("the subscription needs a secret: without it nothing that is delivered is believed")
	case len(all) == 0:
		return errors.New("no webhook is subscribed: MAX unsubscribes without a word once nothing could be delivered for eight hours; " +
			"subscribe anew by POST /subscriptions with the address of this line and its secret, or poll")
	}
	hears := func(s subscription) bool { return len(s.Types) == 0 || slices.Contains(s.Types, typeCreated) }
	if !slices.ContainsFunc(all, hears) {
		return errors.New("no webhook is subscribed to message_created: nothing anybody writes arrives")
	}
	return nil
}

// subscriptions asks who the bot is, and then what it is subscribed to.
func (p *Platform) subscriptions(ctx context.Context) ([]subscription, error) {
	var me user
	if err := p.call(ctx, http.MethodGet, "/me", nil, nil, &me); err != nil {
		var f *failure
		if errors.As(err, &f) && f.Status == http.StatusUnauthorized {
			return nil, errors.New("the token of the bot is none MAX knows: take it from the settings of the bot anew")
		}
		return nil, err
	}
	var all struct {
		Subscriptions []subscription `json:"subscriptions"`
	}
	err := p.call(ctx, http.MethodGet, "/subscriptions", nil, nil, &all)
	return all.Subscriptions, err
}

// host of an address, all of it that may be shown: people put secrets into paths.
func host(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Host
}
