package max

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"otklik/central/channel"
)

// Take knows an update by its type and its message, an edited one by its moment too. Posts
// of channels, which come in heaps where the bot is there to count them, are not kept.
func (p *Platform) Take(body []byte) (channel.Taken, error) {
	var u update
	if err := json.Unmarshal(body, &u); err != nil {
		return channel.Taken{}, fmt.Errorf("an update of MAX: %w", err)
	}
	if u.Type == "" {
		return channel.Taken{}, errors.New("an update of MAX has no update_type")
	}
	if u.Message != nil && u.Message.Recipient.Type == typeChannel {
		return channel.Taken{}, nil
	}
	return channel.Taken{Keys: []string{u.Type + "/" + u.key(body)}}, nil
}

func (u *update) key(raw []byte) string {
	switch {
	case u.Type == typeCallback && u.Callback != nil && u.Callback.ID != "":
		return u.Callback.ID
	case u.Message != nil && u.Message.Body != nil && u.Message.Body.Mid != "":
		if u.Type == typeEdited {
			return fmt.Sprintf("%s/%d", u.Message.Body.Mid, u.Timestamp)
		}
		return u.Message.Body.Mid
	case u.Removed != "":
		return u.Removed
	case u.ChatID != 0 && u.Timestamp != 0:
		id := u.UserID
		if id == 0 && u.User != nil {
			id = u.User.ID
		}
		return fmt.Sprintf("%d/%d/%d", u.ChatID, id, u.Timestamp)
	}
	return fmt.Sprintf("%x", sha256.Sum256(raw)) // of a shape nobody knows yet
}

// Read tells what people wrote. Channels and bots say nothing to us.
func (p *Platform) Read(raw []byte) ([]channel.Message, error) {
	var u update
	if err := json.Unmarshal(raw, &u); err != nil {
		return nil, fmt.Errorf("an update of MAX: %w", err)
	}
	switch u.Type {
	case typeStarted:
		if u.User == nil || u.User.IsBot {
			return nil, nil
		}
		return []channel.Message{{
			Key: u.Type + "/" + u.key(raw), Chat: chatOf(u.ChatID, u.User), Author: u.User.name(), Contact: u.User.address(),
			At: moment(u.Timestamp), Hello: true,
		}}, nil
	case typeCreated, typeEdited:
		m := u.Message
		if m == nil || m.Body == nil || m.Body.Mid == "" || m.Sender == nil || m.Sender.IsBot || m.Recipient.Type == typeChannel {
			return nil, nil
		}
		out := m.read()
		if u.Type == typeEdited {
			out.Edits, out.At = out.Key, moment(u.Timestamp)
		}
		if out.Text == "" && len(out.Files) == 0 && !out.Hello {
			return nil, nil // a sticker, a contact
		}
		return []channel.Message{out}, nil
	}
	return nil, nil
}

func moment(ms int64) time.Time { return time.UnixMilli(ms).UTC() }

// chatOf is the conversation, in the words of POST /messages: the chat, or the person
// where no chat is named.
func chatOf(chat int64, u *user) string {
	if chat != 0 {
		return fmt.Sprintf("chat_id=%d", chat)
	}
	return fmt.Sprintf("user_id=%d", u.ID)
}

func (m *message) read() channel.Message {
	out := channel.Message{
		Key: m.Body.Mid, Chat: chatOf(m.Recipient.ChatID, m.Sender), Thread: m.Body.Mid,
		Author: m.Sender.name(), Contact: m.Sender.address(), Text: m.Body.Text, At: moment(m.Timestamp),
		Public: m.Recipient.Type != "dialog", Link: m.URL,
	}
	attached := m.Body.Attachments
	switch l := m.Link; {
	case l == nil:
	case l.Type == "reply":
		out.ReplyTo = l.Message.Mid
	case l.Type == "forward": // what is passed on is what the citizen has to say
		out.Text = strings.TrimSpace(out.Text + "\n\n" + l.Message.Text)
		attached = slices.Concat(attached, l.Message.Attachments)
	}
	for _, a := range attached {
		if a.Type == "location" {
			out.Place = fmt.Sprintf("%.6f, %.6f", a.Latitude, a.Longitude)
		} else if e, is := a.enclosure(); is {
			out.Files = append(out.Files, e)
		}
	}
	if out.Text == "" {
		out.Text = out.Place
	}
	out.Hello = out.Text == "/start"
	return out
}

// name as people see it; initials are names.
func (u *user) name() string {
	if u.Name != "" {
		return u.Name
	}
	return strings.TrimSpace(u.FirstName + " " + u.LastName)
}

// address of a person, where MAX gives one.
func (u *user) address() string {
	if u.Username == "" {
		return ""
	}
	return "https://max.ru/" + u.Username
}

// enclosure says how to get what is attached; of a sticker, a button, a shared link
// there is nothing to get.
func (a attachment) enclosure() (channel.Enclosure, bool) {
	var payload struct {
		URL   string `json:"url"`
		Token string `json:"token"`
	}
	name := a.Filename
	switch a.Type {
	case "image":
		name = "photo.jpg"
	case "video":
		name = "video.mp4"
	case "audio":
		name = "audio.mp3"
	case "file":
	default:
		return channel.Enclosure{}, false
	}
	if err := json.Unmarshal(a.Payload, &payload); err != nil {
		return channel.Enclosure{}, false
	}
	ref := payload.URL
	if a.Type == "video" && payload.Token != "" {
		ref = videoRef + payload.Token // the link leads to a player
	}
	return channel.Enclosure{Name: name, Ref: ref, Size: a.Size}, ref != ""
}
