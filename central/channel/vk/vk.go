package vk

import (
	"bytes"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"golang.org/x/time/rate"

	"otklik/app"
	"otklik/central/channel"
)

// DefaultBase is where the API's methods are, unless the configuration says otherwise.
const DefaultBase = "https://api.vk.com/method"

// What VK allows a second.
const (
	AnswersASecond = 20 // with the token of a community
	CountsASecond  = 3  // with the token of a person; with that of a service five or more
)

// Config of a community.
type Config struct {
	BaseURL string // "": DefaultBase
	Group   int64  // number of the community, above 0
	Token   string // of the community
	// UserToken is of a person who may write in the community's discussions: VK takes
	// no answers there from the community's own token. "": they stay unanswered.
	UserToken string
	// ServiceToken is of an application, and reads walls: VK shows none to a community's
	// token. "": posts are not counted.
	ServiceToken string
	// Secret is what the Callback API signs with; "": no delivery is believed.
	Secret string
	// Confirmation is what VK wants to hear before it delivers to an address.
	Confirmation string
	// Page is the community's address as the registry has it: "vk.com/kanash_gos".
	// "": by its number.
	Page string
	// Client has no time limit of its own shorter than a poll takes; nil: the default one.
	Client *http.Client
	Now    func() time.Time // nil: the system's clock
}

// Platform is a community that is delivered its events by the Callback API.
type Platform struct {
	c     Config
	walls walls
}

var (
	_ channel.Platform = (*Platform)(nil)
	_ channel.Sender   = (*Platform)(nil)
	_ channel.Counter  = (*Platform)(nil)
)

// New gives the community that is delivered its events.
func New(c Config) *Platform {
	c.BaseURL = strings.TrimRight(c.BaseURL, "/")
	if c.BaseURL == "" {
		c.BaseURL = DefaultBase
	}
	if c.Page == "" {
		c.Page = fmt.Sprintf("vk.com/club%d", c.Group)
	}
	if c.Client == nil {
		c.Client = http.DefaultClient
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	return &Platform{c: c, walls: walls{limit: rate.NewLimiter(CountsASecond, 1)}}
}

// Source is VKontakte.
func (p *Platform) Source() app.Source { return app.SourceVK }

// Verify compares the secret, which stands in the body, in a time that does not depend
// on it.
func (p *Platform) Verify(d channel.Delivery) error {
	var e event
	if err := json.Unmarshal(d.Body, &e); err != nil {
		return channel.ErrForged
	}
	same := subtle.ConstantTimeCompare([]byte(e.Secret), []byte(p.c.Secret)) == 1
	if p.c.Secret == "" || !same || e.Group != p.c.Group {
		return channel.ErrForged
	}
	return nil
}

// Take keeps an event under its ID, and what somebody wrote under the IDs of that as
// well: an event that is polled and delivered is one.
func (p *Platform) Take(body []byte) (channel.Taken, error) {
	var e event
	if err := json.Unmarshal(body, &e); err != nil || e.Type == "" {
		return channel.Taken{Reply: ok}, errors.New("not an event of VK")
	}
	if e.Type == typeConfirmation {
		return channel.Taken{Reply: channel.Reply{Type: plain, Body: p.c.Confirmation}}, nil
	}
	if silent[e.Type] {
		return channel.Taken{Reply: ok}, nil
	}
	var keys []string
	if e.ID != "" {
		keys = append(keys, "event/"+e.ID)
	}
	w, err := e.written()
	switch {
	case err == nil && w != nil && !w.edit:
		keys = append(keys, e.Type+"/"+w.key)
	case e.ID == "":
		sum := sha256.Sum256(bytes.TrimSpace(e.Object))
		keys = append(keys, e.Type+"/"+hex.EncodeToString(sum[:]))
	}
	return channel.Taken{Keys: keys, Reply: ok}, nil
}

// silent are events that are known to tell nothing: they come in heaps, and are not
// kept.
var silent = map[string]bool{
	"message_reply": true, "message_read": true, "message_typing_state": true, "message_allow": true, "message_deny": true,
	"group_join": true, "group_leave": true, "like_add": true, "like_remove": true,
}

const plain = "text/plain; charset=utf-8"

// ok is the only word that keeps VK from repeating an event.
var ok = channel.Reply{Type: plain, Body: "ok"}

func number(n int64) string { return strconv.FormatInt(n, 10) }
