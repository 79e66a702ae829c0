package viber

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"otklik/app"
	"otklik/central/channel"
)

// callback is what Viber delivers; the token exceeds 2⁵³.
type callback struct {
	Event     string  `json:"event"`
	Timestamp int64   `json:"timestamp"` // milliseconds
	Token     uint64  `json:"message_token"`
	Sender    user    `json:"sender"`
	User      user    `json:"user"`
	Message   message `json:"message"`
}

type user struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

type message struct {
	Type     string `json:"type"`
	Text     string `json:"text"`
	Media    string `json:"media"`
	FileName string `json:"file_name"`
	Size     int64  `json:"size"`
	Location *struct {
		Lat     json.Number `json:"lat"`
		Lon     json.Number `json:"lon"`
		Address string      `json:"address"`
	} `json:"location"`
}

// Source implements [channel.Platform].
func (p *Platform) Source() app.Source { return app.SourceViber }

// Verify implements [channel.Platform]: the signature is over the bytes as they came.
func (p *Platform) Verify(d channel.Delivery) error {
	sig := d.Header.Get("X-Viber-Content-Signature")
	if sig == "" {
		sig = d.Query.Get("sig")
	}
	told, err := hex.DecodeString(sig)
	if err != nil || p.c.Token == "" {
		return channel.ErrForged
	}
	mac := hmac.New(sha256.New, []byte(p.c.Token))
	mac.Write(d.Body)
	if !hmac.Equal(told, mac.Sum(nil)) {
		return channel.ErrForged
	}
	return nil
}

// Take implements [channel.Platform].
func (p *Platform) Take(body []byte) (channel.Taken, error) {
	var c callback
	if err := json.Unmarshal(body, &c); err != nil {
		return channel.Taken{}, fmt.Errorf("a callback of Viber: %w", err)
	}
	if c.Event == "webhook" { // a check of the address
		return channel.Taken{}, nil
	}
	if c.Event == "" || c.Token == 0 {
		return channel.Taken{}, errors.New("a callback of Viber without event or token")
	}
	// "delivered" and "seen" bear the token of the same message of ours: the event is
	// part of the key.
	key := strconv.FormatUint(c.Token, 10)
	if c.Event != "message" {
		key = c.Event + "/" + key
	}
	return channel.Taken{Keys: []string{key}}, nil
}

// Read implements [channel.Platform].
func (p *Platform) Read(body []byte) ([]channel.Message, error) {
	var c callback
	if err := json.Unmarshal(body, &c); err != nil {
		return nil, fmt.Errorf("a callback of Viber: %w", err)
	}
	m := channel.Message{Key: strconv.FormatUint(c.Token, 10), At: time.UnixMilli(c.Timestamp).UTC()}
	switch c.Event {
	case "conversation_started":
		m.Chat, m.Author, m.Hello = c.User.ID, c.User.Name, true
	case "message":
		m.Chat, m.Author = c.Sender.ID, c.Sender.Name
		if !c.Message.into(&m) {
			return nil, nil
		}
	case "delivered", "seen":
		return reported(c.Token, app.DeliveryDelivered, ""), nil
	case "failed":
		return reported(c.Token, app.DeliveryRefused, channel.ReasonDevice), nil
	default:
		return nil, nil
	}
	if m.Chat == "" {
		return nil, errors.New("a callback of Viber without a user")
	}
	return []channel.Message{m}, nil
}

// reported says what became of an answer of ours, whose token Send gave. Viber takes an
// answer first, and the citizen's device refuses what it does not show.
func reported(token uint64, how app.Delivery, why channel.Reason) []channel.Message {
	return []channel.Message{{Report: &channel.Report{ID: strconv.FormatUint(token, 10), How: how, Why: why}}}
}

// into says what was written; false where it asks for nothing.
func (w message) into(m *channel.Message) bool {
	m.Text = w.Text
	switch w.Type {
	case "text":
	case "picture", "video", "file":
		if w.Media != "" {
			name := w.FileName
			if name == "" {
				name = w.Type
			}
			m.Files = []channel.Enclosure{{Name: name, Ref: w.Media, Size: w.Size}}
		}
	case "location":
		if w.Location == nil {
			return false
		}
		m.Place = w.Location.Address
		if m.Place == "" {
			m.Place = w.Location.Lat.String() + ", " + w.Location.Lon.String()
		}
		if m.Text == "" {
			m.Text = m.Place // a place alone is a message too
		}
	default:
		return false
	}
	return true
}
