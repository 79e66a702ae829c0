package main

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"golang.org/x/time/rate"

	"otklik/central/channel"
	"otklik/central/channel/max"
	"otklik/central/channel/ok"
	"otklik/central/channel/telegram"
	"otklik/central/channel/viber"
	"otklik/central/channel/vk"
)

// connection is what a platform is opened with.
type connection struct {
	name, title string
	base        string // "": the platform's own address
	client      *http.Client
	poll        bool
	secrets     map[string]string
	settings    map[string]string
}

// names are those an entry has to have, and those it may have.
type names struct{ need, may []string }

// platform is one kind of channel.
type platform struct {
	secrets, settings names
	// Limits of the platform, where the file does not say others.
	rate    rate.Limit    // answers a second
	perChat time.Duration // between two answers into one conversation
	counts  rate.Limit    // calls that count pages a second
	open    func(connection) (channel.Platform, error)
}

// platforms by their names in the file.
var platforms = map[string]platform{
	"telegram": {
		secrets: names{need: []string{"token"}, may: []string{"secret"}}, rate: telegram.Rate, perChat: telegram.PerChat, counts: 10,
		open: func(k connection) (channel.Platform, error) {
			c := telegram.Config{BaseURL: k.base, Token: k.secrets["token"], Secret: k.secrets["secret"], Client: k.client}
			if k.poll {
				return telegram.NewPolling(c), nil
			}
			return telegram.New(c), k.webhook()
		},
	},
	"vk": {
		secrets:  names{need: []string{"token"}, may: []string{"secret", "confirmation", "user_token", "service_token"}},
		settings: names{need: []string{"group"}, may: []string{"page"}},
		rate:     vk.AnswersASecond, counts: vk.CountsASecond,
		open: func(k connection) (channel.Platform, error) {
			group, err := strconv.ParseInt(k.settings["group"], 10, 64)
			if err != nil || group <= 0 {
				return nil, errors.New("settings.group is not the number of the community")
			}
			c := vk.Config{
				BaseURL: k.base, Group: group, Token: k.secrets["token"], UserToken: k.secrets["user_token"],
				ServiceToken: k.secrets["service_token"], Secret: k.secrets["secret"], Confirmation: k.secrets["confirmation"], Page: k.settings["page"], Client: k.client,
			}
			if k.poll {
				return vk.NewPolling(c), nil
			}
			if c.Confirmation == "" {
				return nil, errors.New(`secrets.confirmation is missing: the string VK wants to hear before it delivers; or set "poll": true`)
			}
			return vk.New(c), k.webhook()
		},
	},
	"viber": {
		secrets: names{need: []string{"token"}}, settings: names{need: []string{"sender"}}, rate: 10,
		open: func(k connection) (channel.Platform, error) {
			if k.poll {
				return nil, errors.New("viber cannot be polled: it delivers to a webhook")
			}
			return viber.New(viber.Config{BaseURL: k.base, Token: k.secrets["token"], Name: k.settings["sender"], Client: k.client}), nil
		},
	},
	"max": {
		secrets: names{need: []string{"token"}, may: []string{"secret"}}, rate: max.Rate, counts: max.CountsASecond,
		open: func(k connection) (channel.Platform, error) {
			c := max.Config{BaseURL: k.base, Token: k.secrets["token"], Secret: k.secrets["secret"], Client: k.client}
			if k.poll {
				return max.NewPolling(c), nil
			}
			return max.New(c), k.webhook()
		},
	},
	"ok": {
		secrets:  names{need: []string{"token", "secret"}, may: []string{"app_token", "app_secret"}},
		settings: names{may: []string{"networks", "address_header", "application_key"}},
		rate:     10, counts: ok.CountsASecond,
		open: func(k connection) (channel.Platform, error) {
			if k.poll {
				return nil, errors.New("odnoklassniki is not polled: it delivers to a webhook")
			}
			networks, err := ok.ParseNetworks(k.settings["networks"])
			if err != nil {
				return nil, fmt.Errorf("settings.networks: %w", err)
			}
			c := ok.Config{
				BaseURL: k.base, Token: k.secrets["token"], Secret: k.secrets["secret"],
				Networks: networks, AddressHeader: k.settings["address_header"], Client: k.client,
			}
			a := ok.Application{Key: k.settings["application_key"], Token: k.secrets["app_token"], Secret: k.secrets["app_secret"]}
			switch {
			case a == ok.Application{}:
				return ok.New(c), nil
			case a.Key == "" || a.Token == "" || a.Secret == "":
				return nil, errors.New("groups are counted by settings.application_key, secrets.app_token and secrets.app_secret together: one is missing")
			}
			return ok.NewCounting(c, a), nil
		},
	},
}

// webhook says what is missing where the platform delivers and signs with a secret of
// ours.
func (k connection) webhook() error {
	if k.secrets["secret"] == "" {
		return errors.New(`secrets.secret is missing, by which the platform signs what it delivers; or set "poll": true to ask it instead`)
	}
	return nil
}

// connectTime bounds connecting to a platform. A call as a whole is bounded by whoever
// makes it: a poll takes its time.
const connectTime = 20 * time.Second

// httpClient goes by the system's proxy and trusts, besides the system's certificates,
// those in the PEM file.
func httpClient(ca string) (*http.Client, error) {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.TLSHandshakeTimeout = connectTime
	if ca != "" {
		pem, err := readBounded(ca)
		if err != nil {
			return nil, fmt.Errorf("ca: %w", err)
		}
		pool, err := x509.SystemCertPool()
		if err != nil {
			return nil, fmt.Errorf("ca: the system's certificates: %w", err)
		}
		if !pool.AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("ca: %s holds no certificate in PEM", ca)
		}
		t.TLSClientConfig = &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: pool}
	}
	return &http.Client{Transport: t}, nil
}
