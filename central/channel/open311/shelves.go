package open311

import (
	"encoding/json"
	"fmt"
	"math"
	"time"

	"otklik/app"
	"otklik/central"
)

// Shelves, and what their IDs are.
const (
	shelfInbox  = "open311/inbox"  // moment, token → posted
	shelfOdd    = "open311/odd"    // moment, token → posted that the judge did not take
	shelfSeen   = "open311/seen"   // hash of the key of a request → seen
	shelfToken  = "open311/token"  // token → ticket
	shelfBeside = "open311/beside" // ID of an appeal → beside
	shelfNumber = "open311/number" // number of an appeal → its ID
	shelfLatest = "open311/latest" // later moments first, ID of an appeal → that ID
)

// seen is the last time a request came.
type seen struct {
	Token string    `json:"token"`
	At    time.Time `json:"at"`
}

// ticket is what became of a request.
type ticket struct {
	Number  string `json:"number,omitempty"` // of the appeal, once there is one
	Refused bool   `json:"refused,omitempty"`
}

// beside is what an appeal has no room for.
type beside struct {
	At   time.Time `json:"at"` // when it was requested
	Lat  *float64  `json:"lat,omitempty"`
	Long *float64  `json:"long,omitempty"`
	// What another server last said of its request, and how often that has changed.
	Status  string `json:"status,omitempty"`
	Changes int    `json:"changes,omitempty"`
}

// latest begins an ID so that later moments stand first.
func latest(t time.Time) string { return fmt.Sprintf("%016x/", math.MaxInt64-t.UnixNano()) }

// show lets the public find an appeal.
func show(a *central.Acting, id string, b beside) error {
	stored, ok, err := a.Appeal(id)
	if err != nil || !ok {
		return err
	}
	if err := putItem(a, shelfBeside, id, b); err != nil {
		return err
	}
	if err := a.PutItem(shelfNumber, stored.Number, []byte(id)); err != nil {
		return err
	}
	return a.PutItem(shelfLatest, latest(b.At)+id, []byte(id))
}

func item[T any](tx central.Reader, shelf, id string) (v T, ok bool, err error) {
	body, ok, err := tx.Item(shelf, id)
	if err != nil || !ok {
		return v, false, err
	}
	if err := json.Unmarshal(body, &v); err != nil {
		return v, false, fmt.Errorf("shelf %s: not as it was put there", shelf)
	}
	return v, true, nil
}

func putItem(tx central.Tx, shelf, id string, v any) error {
	return tx.PutItem(shelf, id, app.Encode(v))
}
