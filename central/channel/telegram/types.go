package telegram

// Shapes of the Bot API, as far as they are read. IDs of chats, users and updates take
// up to 52 bits and more; none of them ever passes through a float.

type update struct {
	ID     *int64   `json:"update_id"`
	New    *message `json:"message"`
	Edited *message `json:"edited_message"`
	// Posts of a channel the bot runs say nothing to us, and come in heaps.
	Post       *struct{} `json:"channel_post"`
	EditedPost *struct{} `json:"edited_channel_post"`
}

type message struct {
	ID       int64    `json:"message_id"`
	From     *user    `json:"from"`
	Chat     chat     `json:"chat"`
	Date     int64    `json:"date"`      // Unix seconds
	EditDate int64    `json:"edit_date"` // Unix seconds; 0: never edited
	Group    string   `json:"media_group_id"`
	ReplyTo  *message `json:"reply_to_message"`
	Text     string   `json:"text"`
	Caption  string   `json:"caption"`

	// Of a post that its channel put into its discussion.
	Forwarded  bool  `json:"is_automatic_forward"`
	SenderChat *chat `json:"sender_chat"`

	Photo     []photo   `json:"photo"` // sizes of one picture
	Document  *file     `json:"document"`
	Video     *file     `json:"video"`
	Audio     *file     `json:"audio"`
	Voice     *file     `json:"voice"`
	VideoNote *file     `json:"video_note"`
	Location  *location `json:"location"`
	Venue     *venue    `json:"venue"`
}

type user struct {
	ID        int64  `json:"id"`
	IsBot     bool   `json:"is_bot"`
	FirstName string `json:"first_name"`
	LastName  string `json:"last_name"`
	Username  string `json:"username"`
}

type chat struct {
	ID       int64  `json:"id"`
	Type     string `json:"type"` // private, group, supergroup, channel
	Username string `json:"username"`
}

type file struct {
	ID   string `json:"file_id"`
	Name string `json:"file_name"`
	Size int64  `json:"file_size"`
	Path string `json:"file_path"` // told by getFile alone
}

type photo struct {
	file
	Width  int `json:"width"`
	Height int `json:"height"`
}

type location struct {
	Latitude  float64 `json:"latitude"`
	Longitude float64 `json:"longitude"`
}

type venue struct {
	Title   string `json:"title"`
	Address string `json:"address"`
}
