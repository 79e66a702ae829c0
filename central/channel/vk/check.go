package vk

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// heard are the events that have to be switched on.
var heard = []string{typeMessage, typeMessageEdit, typeWall, typeWallEdit, typeBoard, typeBoardEdit}

// settings are of the Callback API or of Long Poll.
type settings struct {
	Enabled flag            `json:"is_enabled"` // Long Poll alone
	Events  map[string]flag `json:"events"`
}

// off names the events that are switched off, "" where none is.
func (s *settings) off() string {
	return strings.Join(slices.DeleteFunc(slices.Clone(heard), func(e string) bool { return bool(s.Events[e]) }), ", ")
}

// Check asks whether the token is the community's, and whether VK delivers to anybody
// all that is read here.
func (p *Platform) Check(ctx context.Context) error {
	if err := p.self(ctx); err != nil {
		return err
	}
	switch {
	case p.c.Secret == "":
		return errors.New("the Callback API needs a secret: without it nothing that is delivered is believed")
	case p.c.Confirmation == "":
		return errors.New("the string VK wants to be confirmed the address with is missing: it stands in the settings of the Callback API")
	}
	var servers struct {
		Items []struct {
			ID     int64  `json:"id"`
			Status string `json:"status"`
			Secret string `json:"secret_key"`
		} `json:"items"`
	}
	own := url.Values{"group_id": {number(p.c.Group)}}
	if err := p.call(ctx, p.c.Token, "groups.getCallbackServers", own, &servers); err != nil {
		return explained(err)
	}
	for _, s := range servers.Items {
		if s.Secret != p.c.Secret {
			continue // of somebody else
		}
		if s.Status != "ok" {
			return fmt.Errorf("VK has not confirmed the address of this line (%s): have it confirmed in the settings of the Callback API", s.Status)
		}
		var set settings
		own.Set("server_id", number(s.ID))
		if err := p.call(ctx, p.c.Token, "groups.getCallbackSettings", own, &set); err != nil {
			return explained(err)
		}
		return p.hears(&set, "the Callback API")
	}
	return errors.New("the community delivers to no server with this secret: add the address of this line in the settings of the Callback API, with the secret")
}

// Check asks whether the token is the community's, and whether Long Poll brings all
// that is read here.
func (p *Polling) Check(ctx context.Context) error {
	if err := p.self(ctx); err != nil {
		return err
	}
	var set settings
	if err := p.call(ctx, p.c.Token, "groups.getLongPollSettings", url.Values{"group_id": {number(p.c.Group)}}, &set); err != nil {
		return explained(err)
	}
	if !set.Enabled {
		return errors.New("in the settings of the community Long Poll is switched off: nothing can be asked for")
	}
	return p.hears(&set, "Long Poll")
}

func (p *Platform) hears(set *settings, by string) error {
	if off := set.off(); off != "" {
		return fmt.Errorf("switched off in the settings of %s, so that nobody here hears of it: %s", by, off)
	}
	return nil
}

// self asks whose the tokens are.
func (p *Platform) self(ctx context.Context) error {
	var me groups
	if err := p.call(ctx, p.c.Token, "groups.getById", url.Values{}, &me); err != nil {
		return explained(err)
	}
	if len(me) != 1 || me[0].ID != p.c.Group {
		return fmt.Errorf("the token is not of the community %d: it may be of a person, or of another community", p.c.Group)
	}
	if p.c.UserToken != "" {
		var person []struct{}
		if err := p.call(ctx, p.c.UserToken, "users.get", url.Values{}, &person); err != nil || len(person) == 0 {
			return fmt.Errorf("the token of the person who answers in discussions: %w", cmp.Or(explained(err), errors.New("it is not of a person")))
		}
	}
	if p.c.ServiceToken != "" {
		if _, err := p.read(ctx, []*wall{{group: p.c.Group}}); err != nil {
			return fmt.Errorf("the service token, which counts posts: %w", ofService(err))
		}
	}
	return nil
}

// ofService puts what is wrong with the token of an application into words.
func ofService(err error) error {
	var f *failure
	if !errors.As(err, &f) {
		return err
	}
	switch f.Code {
	case codeAuth:
		return errors.New("it is none VK knows: take it from the settings of the application anew")
	case codeNoGroup, codeNoService:
		return errors.New("it may not read walls: what is wanted is the service token of an application, and not a community's")
	case codeQuota:
		return errors.New("VK reads no more walls for it today: wall.get may be called 5,000 times a day")
	}
	return err
}

// explained puts what is wrong with a token into words.
func explained(err error) error {
	var f *failure
	if !errors.As(err, &f) {
		return err
	}
	switch f.Code {
	case 5, 27, 28:
		return errors.New("the token is none VK knows: create one in the settings of the community anew")
	case 7, 15:
		return errors.New("the token may not read the settings of the community: it needs the right to manage it")
	}
	return err
}
