package ok

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"otklik/central/channel"
)

// typeCreated is the one type somebody wrote something in.
const typeCreated = "MESSAGE_CREATED"

// id is a string or a number, kept by its letters: numbers exceed 2⁵³.
type id string

// UnmarshalJSON takes both.
func (i *id) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '"' {
		return json.Unmarshal(b, (*string)(i))
	}
	var n json.Number
	if err := json.Unmarshal(b, &n); err != nil {
		return errors.New("an ID is neither a string nor a number")
	}
	*i = id(n)
	return nil
}

// notification is what the platform delivers.
type notification struct {
	Type   string `json:"webhookType"` // older ones have none and are messages
	Sender struct {
		ID   id     `json:"user_id"` // "user:577…"
		Name string `json:"name"`
	} `json:"sender"`
	Recipient struct {
		Chat id `json:"chat_id"` // "chat:C3e…"
	} `json:"recipient"`
	Message *struct {
		Text        string       `json:"text"`
		Mid         id           `json:"mid"`
		Seq         id           `json:"seq"`
		ReplyTo     id           `json:"reply_to"`
		Attachment  *attachment  `json:"attachment"`
		Attachments []attachment `json:"attachments"`
	} `json:"message"`
	Timestamp int64 `json:"timestamp"` // Unix milliseconds
}

type attachment struct {
	Type    string `json:"type"`
	Payload struct {
		URL       string      `json:"url"`
		Name      string      `json:"name"`
		Latitude  json.Number `json:"latitude"`
		Longitude json.Number `json:"longitude"`
	} `json:"payload"`
}

func parse(body []byte) (n notification, err error) {
	if err := json.Unmarshal(body, &n); err != nil {
		return n, fmt.Errorf("a notification of Odnoklassniki: %w", err)
	}
	if n.Type == "" && n.Message != nil {
		n.Type = typeCreated
	}
	if n.Type == "" {
		return n, errors.New("a notification of Odnoklassniki has no webhookType")
	}
	return n, nil
}

// key of a message is its mid, or its place in the conversation where it has none.
func (n *notification) key() string {
	switch {
	case n.Message == nil:
		return ""
	case n.Message.Mid != "":
		return string(n.Message.Mid)
	case n.Message.Seq != "" && n.Recipient.Chat != "":
		return string(n.Recipient.Chat + "/" + n.Message.Seq)
	}
	return ""
}

// Take knows a message by its mid. Buttons pressed and events of a chat bear one of
// another message or none: they are known by their bytes.
func (p *Platform) Take(body []byte) (channel.Taken, error) {
	n, err := parse(body)
	if err != nil {
		return channel.Taken{}, err
	}
	key := n.key()
	if n.Type != typeCreated || key == "" {
		key = fmt.Sprintf("%x", sha256.Sum256(body))
	}
	return channel.Taken{Keys: []string{n.Type + "/" + key}}, nil
}

// Read tells what people wrote; a group says nothing to us.
func (p *Platform) Read(body []byte) ([]channel.Message, error) {
	n, err := parse(body)
	if err != nil {
		return nil, err
	}
	who, person := strings.CutPrefix(string(n.Sender.ID), "user:")
	key := n.key()
	if n.Type != typeCreated || key == "" || !person || n.Recipient.Chat == "" {
		return nil, nil
	}
	m := channel.Message{
		Key: key, Chat: string(n.Recipient.Chat), Thread: string(n.Message.Mid), ReplyTo: string(n.Message.ReplyTo),
		Author: n.Sender.Name, Contact: "https://ok.ru/profile/" + who, Text: n.Message.Text, At: time.UnixMilli(n.Timestamp).UTC(),
	}
	attached := n.Message.Attachments
	if len(attached) == 0 && n.Message.Attachment != nil {
		attached = []attachment{*n.Message.Attachment}
	}
	for _, a := range attached {
		a.into(&m)
	}
	if m.Text == "" && len(m.Files) == 0 {
		return nil, nil // a sticker, a present
	}
	return []channel.Message{m}, nil
}

// names of what is attached without one.
var names = map[string]string{"IMAGE": "photo.jpg", "VIDEO": "video.mp4", "AUDIO": "audio.mp3", "FILE": "file"}

func (a attachment) into(m *channel.Message) {
	w := a.Payload
	switch {
	case a.Type == "LOCATION" && w.Latitude != "" && w.Longitude != "":
		m.Place = w.Latitude.String() + ", " + w.Longitude.String()
		if m.Text == "" {
			m.Text = m.Place // a place alone is a message too
		}
	case a.Type == "SHARE" && m.Text == "":
		m.Text = w.URL
	case names[a.Type] != "" && w.URL != "":
		name := w.Name
		if name == "" {
			name = names[a.Type]
		}
		m.Files = append(m.Files, channel.Enclosure{Name: name, Ref: w.URL})
	}
}
