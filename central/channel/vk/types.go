package vk

import (
	"encoding/json"
	"fmt"
)

// Types of events that are read.
const (
	typeConfirmation = "confirmation"
	typeMessage      = "message_new"
	typeMessageEdit  = "message_edit"
	typeWall         = "wall_reply_new"
	typeWallEdit     = "wall_reply_edit"
	typeBoard        = "board_post_new"
	typeBoardEdit    = "board_post_edit"
)

// event is one event of a community, delivered or polled.
type event struct {
	Type   string          `json:"type"`
	ID     string          `json:"event_id"`
	Group  int64           `json:"group_id"`
	Secret string          `json:"secret"`
	Object json.RawMessage `json:"object"`
}

// message is of a conversation with the community.
type message struct {
	ID          int64        `json:"id"`                      // 0 in conversations of several people
	InPeer      int64        `json:"conversation_message_id"` // counts within the conversation
	From        int64        `json:"from_id"`
	Peer        int64        `json:"peer_id"`
	Out         int          `json:"out"` // 1: from the community
	Date        int64        `json:"date"`
	Updated     int64        `json:"update_time"`
	Text        string       `json:"text"`
	Payload     string       `json:"payload"`
	Attachments []attachment `json:"attachments"`
	Reply       *message     `json:"reply_message"`
	Forwarded   []message    `json:"fwd_messages"`
	Geo         *geo         `json:"geo"`
}

type geo struct {
	Coordinates struct {
		Latitude  float64 `json:"latitude"`
		Longitude float64 `json:"longitude"`
	} `json:"coordinates"`
	Place struct {
		Title string `json:"title"`
	} `json:"place"`
}

// several is where the numbers of conversations between more than two begin.
const several = 2_000_000_000

// key of the message within the community. Each place a conversation is told in has
// the number within it, old versions of the API have only the other.
func (m message) key(peer int64) string {
	if m.InPeer == 0 {
		return fmt.Sprintf("message/%d/id%d", peer, m.ID)
	}
	return fmt.Sprintf("message/%d/%d", peer, m.InPeer)
}

// comment is under a post, or an entry of a discussion.
type comment struct {
	ID          int64        `json:"id"`
	From        int64        `json:"from_id"`
	Date        int64        `json:"date"`
	Text        string       `json:"text"`
	Attachments []attachment `json:"attachments"`

	PostOwner int64   `json:"post_owner_id"`
	Post      int64   `json:"post_id"`
	ReplyTo   int64   `json:"reply_to_comment"`
	Parents   []int64 `json:"parents_stack"` // the comments it stands under

	TopicOwner int64 `json:"topic_owner_id"`
	Topic      int64 `json:"topic_id"`
}

// attachment has the one part its type names.
type attachment struct {
	Type  string `json:"type"`
	Photo *photo `json:"photo"`
	Doc   *struct {
		Title string `json:"title"`
		URL   string `json:"url"`
		Size  int64  `json:"size"`
	} `json:"doc"`
	Voice *struct {
		MP3 string `json:"link_mp3"`
	} `json:"audio_message"`
	Video *object `json:"video"`
	Wall  *object `json:"wall"`
	Link  *struct {
		URL string `json:"url"`
	} `json:"link"`
}

type photo struct {
	ID    int64 `json:"id"`
	Owner int64 `json:"owner_id"`
	Sizes []struct {
		Type   string `json:"type"`
		URL    string `json:"url"`
		Width  int    `json:"width"`
		Height int    `json:"height"`
	} `json:"sizes"`
}

// object is something that has an address on vk.com.
type object struct {
	ID    int64 `json:"id"`
	Owner int64 `json:"owner_id"`
	From  int64 `json:"from_id"` // instead of the owner, of a post in a message
}
