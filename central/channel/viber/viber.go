package viber

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"otklik/central/channel"
)

// Config of a bot.
type Config struct {
	BaseURL string // "": the vendor's
	Token   string // signs callbacks and opens the API
	Name    string // of the sender, shown to citizens
	Client  *http.Client
}

// Platform is a bot of Viber.
type Platform struct{ c Config }

var (
	_ channel.Platform = (*Platform)(nil)
	_ channel.Sender   = (*Platform)(nil)
)

// New makes one.
func New(c Config) *Platform {
	if c.BaseURL == "" {
		c.BaseURL = "https://chatapi.viber.com"
	}
	if c.Client == nil {
		c.Client = http.DefaultClient
	}
	return &Platform{c}
}

// pause is how long the API is left alone after status 12, "rate control breach". The
// vendor lets a bot send a citizen 100 messages an hour without a reply and names no time
// to wait; an answer is far from that, so that the wait is ours, short since the whole
// line waits with it. The outbox asks again as often as it takes.
const pause = 2 * time.Second

// Again implements [channel.Sender]: Viber knows no repetitions.
func (p *Platform) Again() time.Duration { return 0 }

// Most implements [channel.Sender].
func (p *Platform) Most() int { return 7000 }

// Send implements [channel.Sender].
func (p *Platform) Send(ctx context.Context, a channel.Answer) (string, error) {
	type sender struct {
		Name string `json:"name"`
	}
	r, err := p.call(ctx, "send_message", struct {
		Receiver string `json:"receiver"`
		Type     string `json:"type"`
		Text     string `json:"text"`
		Sender   sender `json:"sender"`
	}{a.Chat, "text", a.Text, sender{p.c.Name}})
	if err != nil {
		return "", err
	}
	switch status := *r.Status; status {
	case 0:
		return strconv.FormatUint(r.Token, 10), nil
	case 12:
		return "", &channel.Wait{For: pause}
	default:
		return "", &channel.Refused{Code: strconv.Itoa(status), Reason: reason(status)}
	}
}

// reasons of statuses, by the vendor's table; those that are not here (1, 14, 16 to 20)
// are of requests that this program does not make.
var reasons = map[int]channel.Reason{
	2:  channel.ReasonAccess,  // invalidAuthToken
	3:  channel.ReasonText,    // badData
	4:  channel.ReasonText,    // missingData
	5:  channel.ReasonGone,    // receiverNotRegistered
	6:  channel.ReasonBlocked, // receiverNotSubscribed
	7:  channel.ReasonAccess,  // publicAccountBlocked
	8:  channel.ReasonAccess,  // publicAccountNotFound
	9:  channel.ReasonAccess,  // publicAccountSuspended
	10: channel.ReasonAccess,  // webhookNotSet
	11: channel.ReasonDevice,  // receiverNoSuitableDevice
	13: channel.ReasonDevice,  // apiVersionNotSupported
	15: channel.ReasonAccess,  // publicAccountNotAuthorized
}

// reason puts a status into a Reason.
func reason(status int) channel.Reason { return cmp.Or(reasons[status], channel.ReasonOther) }

// Check implements [channel.Platform].
func (p *Platform) Check(ctx context.Context) error {
	r, err := p.call(ctx, "get_account_info", struct{}{})
	switch {
	case err != nil:
		return err
	case *r.Status == 2:
		return errors.New("viber does not know the token")
	case *r.Status != 0:
		return fmt.Errorf("viber refuses: status %d", *r.Status)
	case r.Webhook == "":
		return errors.New("the bot has no webhook: nothing will come in")
	}
	return nil
}

type reply struct {
	Status  *int   `json:"status"`
	Token   uint64 `json:"message_token"`
	Webhook string `json:"webhook"`
}

func (p *Platform) call(ctx context.Context, method string, v any) (reply, error) {
	var out reply
	body, err := json.Marshal(v)
	if err != nil {
		return out, fmt.Errorf("viber %s: %w", method, err)
	}
	q, err := http.NewRequestWithContext(ctx, http.MethodPost, p.c.BaseURL+"/pa/"+method, bytes.NewReader(body))
	if err != nil {
		return out, errors.New("viber: the base address is not an address")
	}
	q.Header.Set("Content-Type", "application/json")
	q.Header.Set("X-Viber-Auth-Token", p.c.Token)
	r, b, err := channel.Call(p.c.Client, q)
	switch {
	case err != nil:
		return out, fmt.Errorf("viber %s: %w", method, err)
	case r.StatusCode == http.StatusTooManyRequests:
		return out, &channel.Wait{For: pause}
	case r.StatusCode != http.StatusOK:
		return out, fmt.Errorf("viber %s: status %d", method, r.StatusCode)
	}
	if err := json.Unmarshal(b, &out); err != nil {
		return out, fmt.Errorf("viber %s: %w", method, err)
	}
	if out.Status == nil {
		return out, fmt.Errorf("viber %s: a reply without a status", method) // nobody knows what it did
	}
	return out, nil
}
