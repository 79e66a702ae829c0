package max

import "encoding/json"

// Types of updates that somebody wrote something in.
const (
	typeCreated  = "message_created"
	typeEdited   = "message_edited"
	typeStarted  = "bot_started"
	typeCallback = "message_callback"
)

// typeChannel is a chat that has posts: in others people talk.
const typeChannel = "channel"

// Shapes of the bot API, as far as they are read. IDs take up to 63 bits; none of them
// ever passes through a float.

type update struct {
	Type      string   `json:"update_type"`
	Timestamp int64    `json:"timestamp"` // Unix milliseconds
	Message   *message `json:"message"`
	Callback  *struct {
		ID string `json:"callback_id"`
	} `json:"callback"`
	Removed string `json:"message_id"`
	ChatID  int64  `json:"chat_id"`
	UserID  int64  `json:"user_id"`
	User    *user  `json:"user"`
}

type message struct {
	Sender    *user `json:"sender"` // nil: a channel itself
	Recipient struct {
		ChatID int64  `json:"chat_id"`
		Type   string `json:"chat_type"` // dialog, chat, channel
	} `json:"recipient"`
	Timestamp int64  `json:"timestamp"` // Unix milliseconds
	Body      *body  `json:"body"`      // nil: nothing but a message of another
	Link      *link  `json:"link"`
	URL       string `json:"url"` // of a message in public
}

type body struct {
	Mid         string       `json:"mid"`
	Text        string       `json:"text"`
	Attachments []attachment `json:"attachments"`
}

// link is another message: one that is answered, or one that is passed on.
type link struct {
	Type    string `json:"type"` // reply, forward
	Message body   `json:"message"`
}

type attachment struct {
	Type      string          `json:"type"`
	Payload   json.RawMessage `json:"payload"` // of each type another
	Filename  string          `json:"filename"`
	Size      int64           `json:"size"`
	Latitude  float64         `json:"latitude"`
	Longitude float64         `json:"longitude"`
}

type user struct {
	ID        int64  `json:"user_id"`
	Name      string `json:"name"`
	FirstName string `json:"first_name"`
	LastName  string `json:"last_name"`
	Username  string `json:"username"`
	IsBot     bool   `json:"is_bot"`
}
