package vk

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"time"

	"otklik/central/channel"
)

// Threads an answer is put under: kind/IDs, read by Send.
const (
	threadWall  = "wall"  // owner of the post, post, comment
	threadBoard = "board" // community, discussion, entry
	threadChat  = "chat"  // conversation of several people, message in it
)

// written is what an event tells of something somebody wrote.
type written struct {
	key     string
	edit    bool
	message *message // or
	comment *comment // of
	kind    string   // threadWall, threadBoard
}

// written finds what was written; nil: the event is about something else.
func (e *event) written() (w *written, err error) {
	switch e.Type {
	case typeMessage, typeMessageEdit:
		// Versions of the API before 5.103, and edits in all of them, have the message
		// itself where the new ones wrap it up.
		var o struct {
			Message *message `json:"message"`
			message
		}
		err = json.Unmarshal(e.Object, &o)
		m := &o.message
		if o.Message != nil {
			m = o.Message
		}
		w = &written{key: m.key(m.Peer), edit: e.Type == typeMessageEdit, message: m}
	case typeWall, typeWallEdit:
		var c comment
		err = json.Unmarshal(e.Object, &c)
		w = &written{key: wallKey(c.PostOwner, c.ID), edit: e.Type == typeWallEdit, comment: &c, kind: threadWall}
	case typeBoard, typeBoardEdit:
		var c comment
		err = json.Unmarshal(e.Object, &c)
		key := fmt.Sprintf("board/%d/%d/%d", c.TopicOwner, c.Topic, c.ID)
		w = &written{key: key, edit: e.Type == typeBoardEdit, comment: &c, kind: threadBoard}
	}
	return w, err
}

// wallKey of a comment: comments of one wall are counted together, whatever the post.
func wallKey(owner, id int64) string { return fmt.Sprintf("wall/%d/%d", owner, id) }

// Read tells what people wrote. What the community says itself, and who joins it,
// tells nothing. Its errors do not show the event, which is about people.
func (p *Platform) Read(body []byte) ([]channel.Message, error) {
	var e event
	if err := json.Unmarshal(body, &e); err != nil {
		return nil, fmt.Errorf("read an event of VK: %w", errShape)
	}
	w, err := e.written()
	if err != nil {
		return nil, fmt.Errorf("read %s of VK: %w", e.Type, errShape)
	}
	var m channel.Message
	switch {
	case w == nil:
		return nil, nil
	case w.message != nil:
		if w.message.From == -p.c.Group || w.message.Out == 1 {
			return nil, nil
		}
		m = p.ofMessage(w.message)
	default:
		if w.comment.From == -p.c.Group {
			return nil, nil
		}
		m = p.ofComment(w)
	}
	m.Key = w.key
	if w.edit {
		m.Edits = w.key
	}
	return []channel.Message{m}, nil
}

func (p *Platform) ofMessage(w *message) channel.Message {
	m := channel.Message{
		Chat: number(w.Peer), Author: name(w.From), Contact: "https://vk.com/" + name(w.From),
		At: time.Unix(max(w.Date, w.Updated), 0).UTC(), Link: fmt.Sprintf("https://vk.com/gim%d?sel=%d", p.c.Group, w.Peer),
		Hello: starts(w.Payload),
	}
	m.Text, m.Files = w.content(0)
	if w.Reply != nil {
		m.ReplyTo = w.Reply.key(w.Peer)
		if w.Reply.From == -p.c.Group && w.Reply.ID != 0 { // ours: of those only this number is known
			m.ReplyTo = message{ID: w.Reply.ID}.key(w.Peer)
		}
	}
	if w.Geo != nil {
		m.Place = w.Geo.Place.Title
		if m.Place == "" {
			m.Place = fmt.Sprintf("%.6f, %.6f", w.Geo.Coordinates.Latitude, w.Geo.Coordinates.Longitude)
		}
	}
	if w.Peer > several && w.Peer != w.From { // others read it, and each of them writes of his own affair
		m.Public = true
		m.Thread = fmt.Sprintf("%s/%d/%d", threadChat, w.Peer, w.InPeer)
		m.Link = fmt.Sprintf("https://vk.com/gim%d?sel=c%d", p.c.Group, w.Peer-several)
	}
	return m
}

func (p *Platform) ofComment(w *written) channel.Message {
	c := w.comment
	m := channel.Message{
		Author: name(c.From), Contact: "https://vk.com/" + name(c.From), At: time.Unix(c.Date, 0).UTC(),
		Page: p.c.Page, Public: true,
	}
	if w.edit {
		m.At = p.c.Now().UTC() // the event tells only when the comment was left
	}
	switch w.kind {
	case threadWall:
		m.Chat = fmt.Sprintf("wall%d_%d", c.PostOwner, c.Post)
		m.Thread = fmt.Sprintf("%s/%d/%d/%d", threadWall, c.PostOwner, c.Post, c.ID)
		m.Link = fmt.Sprintf("https://vk.com/%s?reply=%d", m.Chat, c.ID)
		if len(c.Parents) > 0 {
			m.Link += "&thread=" + number(c.Parents[0])
		}
		if c.ReplyTo != 0 {
			m.ReplyTo = wallKey(c.PostOwner, c.ReplyTo)
		}
	case threadBoard:
		m.Chat = fmt.Sprintf("topic%d_%d", c.TopicOwner, c.Topic)
		m.Thread = fmt.Sprintf("%s/%d/%d/%d", threadBoard, c.TopicOwner, c.Topic, c.ID)
		m.Link = fmt.Sprintf("https://vk.com/%s?post=%d", m.Chat, c.ID)
	}
	m.Text, m.Files = withAttached(unmarked(c.Text), c.Attachments)
	return m
}

// name of an author. The events do not tell it, and a call for it may fail when the
// message must not wait: the number leads to the person as well.
func name(id int64) string {
	if id < 0 {
		return "club" + number(-id)
	}
	return "id" + number(id)
}

// starts says whether a message is of the button that opens a conversation.
func starts(payload string) bool {
	var p struct {
		Command string `json:"command"`
	}
	return payload != "" && json.Unmarshal([]byte(payload), &p) == nil && p.Command == "start"
}

// deepest is how far messages forwarded in forwarded ones are followed.
const deepest = 5

// content is the text of a message, its enclosures, and those of messages forwarded in
// it: a neighbour's words are often all there is.
func (m *message) content(depth int) (string, []channel.Enclosure) {
	text, files := withAttached(unmarked(m.Text), m.Attachments)
	for i := range m.Forwarded {
		if depth == deepest {
			break
		}
		words, more := m.Forwarded[i].content(depth + 1)
		if words != "" {
			text = strings.TrimPrefix(text+"\n\n"+words, "\n\n")
		}
		files = append(files, more...)
	}
	return text, files
}

// mention is how VK writes that somebody is spoken to: [id1|Имя], and
// [id1:bp-7_8|Имя] in discussions.
var mention = regexp.MustCompile(`\[(?:id|club|public|event)\d+(?::[\w-]+)?\|([^\]\[]*)\]`)

func unmarked(text string) string { return mention.ReplaceAllString(text, "$1") }
