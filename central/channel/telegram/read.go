package telegram

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"otklik/central/channel"
)

// Take knows an update by its number, and a text by where and when it was written: a
// bot whose webhook is set anew may get the same message under another number. The
// reply stays empty: Telegram would do what a body says.
func (p *Platform) Take(body []byte) (channel.Taken, error) {
	var u update
	if err := json.Unmarshal(body, &u); err != nil {
		return channel.Taken{}, fmt.Errorf("an update of Telegram: %w", err)
	}
	if u.ID == nil {
		return channel.Taken{}, errors.New("an update of Telegram has no update_id")
	}
	if u.Post != nil || u.EditedPost != nil {
		return channel.Taken{}, nil
	}
	keys := []string{fmt.Sprintf("update/%s/%d", p.bot, *u.ID)}
	for _, m := range []*message{u.New, u.Edited} {
		if m != nil {
			keys = append(keys, fmt.Sprintf("message/%s/%d", m.key(), m.EditDate))
		}
	}
	return channel.Taken{Keys: keys}, nil
}

// Read tells what people wrote. Posts of channels, other bots and whoever writes in
// the name of a channel or a group say nothing to us.
func (p *Platform) Read(body []byte) ([]channel.Message, error) {
	var u update
	if err := json.Unmarshal(body, &u); err != nil {
		return nil, fmt.Errorf("an update of Telegram: %w", err)
	}
	m := u.New
	if m == nil {
		m = u.Edited
	}
	if m == nil || m.From == nil || m.From.IsBot || m.SenderChat != nil {
		return nil, nil
	}
	out := m.read()
	if m == u.Edited {
		if m.Location != nil {
			return nil, nil // somebody shows where he goes, every few seconds
		}
		out.Edits, out.At = out.Key, time.Unix(m.EditDate, 0).UTC()
	}
	if out.Text == "" && len(out.Files) == 0 && !out.Hello {
		return nil, nil // somebody joined, a sticker, a poll
	}
	return []channel.Message{out}, nil
}

// key of a message: its number is unique within its chat.
func (m *message) key() string { return fmt.Sprintf("%d/%d", m.Chat.ID, m.ID) }

func (m *message) read() channel.Message {
	out := channel.Message{
		Key: m.key(), Chat: strconv.FormatInt(m.Chat.ID, 10), Thread: strconv.FormatInt(m.ID, 10),
		Author: m.From.name(), Contact: m.From.address(), Text: m.Text, At: time.Unix(m.Date, 0).UTC(),
		Public: m.Chat.Type != "private", Files: m.files(),
	}
	if out.Text == "" {
		out.Text = m.Caption
	}
	if m.Location != nil && out.Text == "" {
		out.Text = m.place()
		out.Place = out.Text
	}
	if m.Group != "" {
		out.Album = out.Chat + "/" + m.Group
	}
	if command, _, _ := strings.Cut(out.Text, " "); command == "/start" || strings.HasPrefix(command, "/start@") {
		out.Hello = true
	}
	if out.Public {
		out.Link, out.Page = m.link(), m.page()
	}
	if m.ReplyTo != nil {
		out.ReplyTo = m.ReplyTo.key()
	}
	return out
}

// name as people see it; initials are names.
func (u *user) name() string {
	if name := strings.TrimSpace(u.FirstName + " " + u.LastName); name != "" {
		return name
	}
	return u.Username
}

func (u *user) address() string {
	if u.Username != "" {
		return "https://t.me/" + u.Username
	}
	return fmt.Sprintf("tg://user?id=%d", u.ID)
}

// link to a message of a group. Basic groups have none.
func (m *message) link() string {
	if m.Chat.Username != "" {
		return fmt.Sprintf("https://t.me/%s/%d", m.Chat.Username, m.ID)
	}
	if id, is := strings.CutPrefix(strconv.FormatInt(m.Chat.ID, 10), "-100"); is && m.Chat.Type == "supergroup" {
		return fmt.Sprintf("https://t.me/c/%s/%d", id, m.ID)
	}
	return ""
}

// page a comment was left on: the channel whose post it is under, otherwise the group.
func (m *message) page() string {
	c := m.Chat
	if r := m.ReplyTo; r != nil && r.Forwarded && r.SenderChat != nil {
		c = *r.SenderChat
	}
	if c.Username == "" {
		return ""
	}
	return "t.me/" + strings.ToLower(c.Username)
}

func (m *message) place() string {
	at := fmt.Sprintf("%.6f, %.6f", m.Location.Latitude, m.Location.Longitude)
	if v := m.Venue; v != nil {
		return strings.Join([]string{v.Title, v.Address, at}, ", ")
	}
	return at
}

// files of a message; of a picture the largest size. An animation is a document too.
func (m *message) files() (out []channel.Enclosure) {
	var best *photo
	for i := range m.Photo {
		if f := &m.Photo[i]; best == nil || f.Width*f.Height > best.Width*best.Height {
			best = f
		}
	}
	add := func(f *file, name string) {
		if f == nil {
			return
		}
		if f.Name != "" {
			name = f.Name
		}
		out = append(out, channel.Enclosure{Name: name, Ref: f.ID, Size: f.Size})
	}
	if best != nil {
		add(&best.file, "photo.jpg")
	}
	add(m.Document, "document")
	add(m.Video, "video.mp4")
	add(m.VideoNote, "video.mp4")
	add(m.Audio, "audio.mp3")
	add(m.Voice, "voice.ogg")
	return out
}
