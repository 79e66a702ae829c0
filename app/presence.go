package app

import (
	"context"
	"time"
)

// Doing is what somebody does with an appeal.
type Doing string

// What may be done with an appeal that others would like to know of.
const (
	DoingReads  Doing = "reads"  // it is open before them
	DoingWrites Doing = "writes" // they write an answer
)

// Companion is somebody else who has an appeal open.
type Companion struct {
	Name  string `json:"name"` // of the person at the workstation, never of an applicant
	Doing Doing  `json:"doing"`
}

// Times of presence. Who was not heard of for PresenceLife is gone.
const (
	PresenceEvery = 10 * time.Second
	PresenceLife  = 25 * time.Second
)

// besideTimeout bounds the question: an answer that comes late says nothing.
const besideTimeout = 5 * time.Second

// Beside tells the server that the person here has the appeal open, "" for none, and
// who else has. Nobody is kept from anything by it, and without a server there is
// nobody.
func (d *Desk) Beside(ctx context.Context, appeal string, doing Doing) []Companion {
	if d.Exchange() == nil || d.Exchange().State().Link != LinkOnline || d.store.check() != nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, besideTimeout)
	defer cancel()
	others, err := d.Exchange().Beside(ctx, appeal, doing)
	if err != nil {
		return nil // the exchange itself tells of a link that is down
	}
	return others
}
