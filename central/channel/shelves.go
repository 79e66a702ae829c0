package channel

import (
	"encoding/json"
	"fmt"
	"time"

	"otklik/central"
)

// Shelves of a line, by its name, and what their IDs are.
const (
	shelfSeen  = "seen/"  // key of a delivery → the moment it was taken
	shelfInbox = "inbox/" // moment, key → the delivery; read in this order
	shelfOdd   = "odd/"   // moment, key → a delivery that tells nothing, or nothing anybody could read
	shelfSaid  = "said/"  // Key of a message → what became of it
	shelfChat  = "chat/"  // Chat → the latest appeal of it
	shelfAlbum = "album/" // Album → its appeal
	shelfOut   = "out/"   // seq, ID of the event → parcel
	shelfTold  = "told/"  // ID of an answer → a Report that came before the answer was known to be sent
)

// Shelves of all lines together.
const (
	shelfWay    = "way"    // ID of an appeal → way
	shelfCursor = "cursor" // line → the poll's cursor
	shelfCount  = "count"  // countID → counting
	shelfServed = "served" // line → served
)

// served is when a line was last served, by any node.
type served struct {
	Title string    `json:"title,omitempty"`
	At    time.Time `json:"at"`
}

// said is what became of a message: one a citizen wrote, or one of ours.
type said struct {
	Appeal string    `json:"appeal"`
	Event  string    `json:"event"` // "" where it is the appeal itself, or a bot's own words
	At     time.Time `json:"at"`    // of the text that stands
}

// way is how answers go back.
type way struct {
	Line   string `json:"line"`
	Chat   string `json:"chat"`
	Thread string `json:"thread,omitempty"`
	Public bool   `json:"public,omitempty"`
}

// parcel is an answer on its way.
type parcel struct {
	way
	Appeal string `json:"appeal"`
	Event  string `json:"event"` // "": a bot's own words
	Text   string `json:"text"`
	Off    bool   `json:"off,omitempty"` // the region does not let it out
	// Leaving says since when somebody has been sending it: who finds it so after a
	// crash does not know whether it has left.
	Leaving time.Time `json:"leaving,omitzero"`
	// Doubt says when it was first sent without anybody learning what became of it.
	Doubt time.Time `json:"doubt,omitzero"`
	Next  time.Time `json:"next,omitzero"` // not before this
	Tries int       `json:"tries,omitempty"`
}

func item[T any](tx central.Reader, shelf, id string) (v T, ok bool, err error) {
	body, ok, err := tx.Item(shelf, id)
	if err != nil || !ok {
		return v, false, err
	}
	if err := json.Unmarshal(body, &v); err != nil {
		return v, false, fmt.Errorf("shelf %s: %w", shelf, err)
	}
	return v, true, nil
}

func putItem(tx central.Tx, shelf, id string, v any) error {
	body, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("shelf %s: %w", shelf, err)
	}
	return tx.PutItem(shelf, id, body)
}
