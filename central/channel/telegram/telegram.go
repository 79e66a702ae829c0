package telegram

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"otklik/app"
	"otklik/central/channel"
)

// DefaultBase is where the Bot API is, unless the configuration says otherwise.
const DefaultBase = "https://api.telegram.org"

// What Telegram takes: so many answers a second, and into one conversation one in so
// long.
const (
	Rate    = 30
	PerChat = time.Second
)

// secretHeader bears what the webhook was set with.
const secretHeader = "X-Telegram-Bot-Api-Secret-Token"

// Config of a bot.
type Config struct {
	BaseURL string // "": DefaultBase
	Token   string // of the bot: "42:…"
	Secret  string // secret_token of the webhook; "": no webhook is believed
	// Client has no time limit of its own shorter than a poll takes; nil: the default one.
	Client *http.Client
}

// Platform is a bot with a webhook.
type Platform struct {
	base, token, secret string
	bot                 string // the bot's ID, which is no secret
	client              *http.Client
}

var (
	_ channel.Platform = (*Platform)(nil)
	_ channel.Sender   = (*Platform)(nil)
	_ channel.Fetcher  = (*Platform)(nil)
	_ channel.Counter  = (*Platform)(nil)
)

// New gives the bot that is delivered its updates.
func New(c Config) *Platform {
	p := &Platform{base: strings.TrimRight(c.BaseURL, "/"), token: c.Token, secret: c.Secret, client: c.Client}
	if p.base == "" {
		p.base = DefaultBase
	}
	if p.client == nil {
		p.client = http.DefaultClient
	}
	if id, _, whole := strings.Cut(c.Token, ":"); whole {
		p.bot = id
	}
	return p
}

// Source is Telegram.
func (p *Platform) Source() app.Source { return app.SourceTelegram }

// Verify compares the secret of the webhook in a time that does not depend on it.
func (p *Platform) Verify(d channel.Delivery) error {
	given := d.Header.Get(secretHeader)
	if p.secret == "" || subtle.ConstantTimeCompare([]byte(given), []byte(p.secret)) != 1 {
		return channel.ErrForged
	}
	return nil
}

// webhook is what getWebhookInfo tells.
type webhook struct {
	URL     string   `json:"url"`
	Pending int      `json:"pending_update_count"`
	Error   string   `json:"last_error_message"`
	Allowed []string `json:"allowed_updates"` // none: nearly all
}

// Check asks whether the token works and whether updates arrive by the webhook.
func (p *Platform) Check(ctx context.Context) error {
	w, err := p.webhook(ctx)
	switch {
	case err != nil:
		return err
	case p.secret == "":
		return errors.New("the webhook needs a secret: without it nothing that is delivered is believed")
	case w.URL == "":
		return errors.New("no webhook is set: call setWebhook with the address of this line and its secret_token, or poll")
	case w.Error != "" && w.Pending > 0:
		return fmt.Errorf("the webhook fails: Telegram says %q, %d updates wait", w.Error, w.Pending)
	case len(w.Allowed) > 0 && !slices.Contains(w.Allowed, "message"):
		return errors.New(`the webhook was set without "message" among allowed_updates: nothing anybody writes arrives`)
	}
	return nil
}

// webhook asks who the bot is, and then about its webhook.
func (p *Platform) webhook(ctx context.Context) (w webhook, err error) {
	var me user
	if err := p.call(ctx, "getMe", nil, &me); err != nil {
		var f *failure
		if errors.As(err, &f) && (f.Code == http.StatusUnauthorized || f.Code == http.StatusNotFound) {
			return w, errors.New("the token of the bot is none Telegram knows: take it from @BotFather anew")
		}
		return w, err
	}
	return w, p.call(ctx, "getWebhookInfo", nil, &w)
}

// host of an address, all of it that may be shown: people put secrets into paths.
func host(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Host
}
