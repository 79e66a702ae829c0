package channel

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"otklik/app"
	"otklik/central"
)

// batch is how many deliveries are looked up at once.
const batch = 100

// readAll makes appeals of what stands in the inbox, in the order it came.
func (h *Hub) readAll(ctx context.Context, l *Line) error {
	after := ""
	for ctx.Err() == nil {
		var ids []string
		err := h.storage.View(ctx, func(tx central.Reader) (err error) {
			ids, err = tx.Shelf(shelfInbox+l.Name, after, batch)
			return err
		})
		if err != nil || len(ids) == 0 {
			return err
		}
		for _, id := range ids {
			if err := h.read(ctx, l, id); err != nil {
				return fmt.Errorf("read a delivery: %w", err)
			}
			after = id
		}
	}
	return ctx.Err()
}

// read makes appeals of one delivery. All that follows from it is one transaction, the
// last act of which is that it leaves the inbox.
func (h *Hub) read(ctx context.Context, l *Line, id string) error {
	var body []byte
	var ok bool
	err := h.storage.View(ctx, func(tx central.Reader) (err error) {
		body, ok, err = tx.Item(shelfInbox+l.Name, id)
		return err
	})
	if err != nil || !ok { // another node has read it
		return err
	}
	messages, unread := parse(l.Platform, body)
	files := make([][]fetched, len(messages))
	for i, m := range messages {
		files[i] = h.fetch(ctx, l, m)
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	err = h.server.Act(ctx, l.actor(), func(a *central.Acting) error {
		if _, still, err := a.Item(shelfInbox+l.Name, id); err != nil || !still {
			return err
		}
		if len(messages) == 0 {
			// Nobody could read it, or it is of a kind unknown as yet.
			if err := a.PutItem(shelfOdd+l.Name, id, body); err != nil {
				return err
			}
		}
		for i, m := range messages {
			if err := (&reading{h, l, a}).message(m, files[i]); err != nil {
				return err
			}
		}
		return a.DropItem(shelfInbox+l.Name, id)
	})
	var no *unfit
	if errors.As(err, &no) {
		// It would be refused each time, and what comes after it must not wait.
		unread = no
		err = h.storage.Update(ctx, func(tx central.Tx) error {
			return errors.Join(tx.PutItem(shelfOdd+l.Name, id, body), tx.DropItem(shelfInbox+l.Name, id))
		})
	}
	if unread != nil && err == nil {
		h.opts.Meter.Came(l.Name, "unread")
		h.opts.Log.Warn("channel", "line", l.Name, "set aside", unread.Error())
	}
	return err
}

// errPanic says that reading a delivery has panicked; with what may be personal.
var errPanic = errors.New("reading it panicked")

// parse asks the platform what a delivery says. Bytes of a stranger that make it panic
// would otherwise end the server each time it starts.
func parse(p Platform, body []byte) (messages []Message, err error) {
	defer func() {
		if recover() != nil {
			messages, err = nil, errPanic
		}
	}()
	return p.Read(body)
}

// unfit says that the judge does not take what a delivery says.
type unfit struct{ reason app.Code }

func (u *unfit) Error() string { return "not accepted: " + string(u.reason) }

// reading is the transaction in which messages become facts.
type reading struct {
	h *Hub
	l *Line
	a *central.Acting
}

// message finds out what the message is: a text that replaces another, more of an
// appeal, or an appeal.
func (r *reading) message(m Message, files []fetched) error {
	if m.Report != nil {
		return r.report(*m.Report)
	}
	if m.Hello {
		return r.say(m, "", r.l.Greeting)
	}
	if strings.TrimSpace(m.Text) == "" && len(files) == 0 {
		return nil // a sticker asks for nothing
	}
	key := m.Key
	if m.Edits != "" {
		key = m.Edits
	}
	was, known, err := item[said](r.a, shelfSaid+r.l.Name, key)
	switch {
	case err != nil:
		return err
	case known && (m.Edits == "" || !m.At.After(was.At)):
		return nil // said already, or by now in later words
	case known:
		replaces := was.Event
		if replaces == "" { // the text of the appeal itself
			replaces = r.published(key)
		}
		return r.more(was.Appeal, m, key, replaces, files)
	}
	appeal, err := r.belongs(m)
	if err != nil {
		return err
	}
	if appeal != nil {
		return r.more(appeal.ID, m, key, "", files)
	}
	return r.appeal(m, key, files)
}

// belongs finds the appeal the message goes on with, nil where it begins one: what it
// answers, what it is a part of, what the conversation is about as long as that is open.
func (r *reading) belongs(m Message) (*app.Appeal, error) {
	for _, at := range []struct{ shelf, id string }{{shelfSaid, m.ReplyTo}, {shelfAlbum, m.Album}} {
		if at.id == "" {
			continue
		}
		was, known, err := item[said](r.a, at.shelf+r.l.Name, at.id)
		if err != nil {
			return nil, err
		}
		if known {
			a, ok, err := r.a.Appeal(was.Appeal)
			if err != nil || ok {
				return a, err
			}
		}
	}
	if m.Public {
		return nil, nil
	}
	was, known, err := item[said](r.a, shelfChat+r.l.Name, m.Chat)
	if err != nil || !known {
		return nil, err
	}
	a, ok, err := r.a.Appeal(was.Appeal)
	if err != nil || !ok || !a.Status.Open() {
		return nil, err
	}
	return a, nil
}

// more adds to an appeal. What the citizen was asked for ends the question.
func (r *reading) more(appeal string, m Message, key, replaces string, files []fetched) error {
	a, ok, err := r.a.Appeal(appeal)
	if err != nil || !ok {
		return err
	}
	e := app.Event{Type: app.EventMessage, At: m.At, Text: m.Text, Target: replaces}
	if a.Status == app.StatusClarifying && m.Edits == "" && m.Text != "" {
		e.Type, e.Target = app.EventClarified, ""
	}
	e.ID = app.IDFrom("channel", r.l.Name, m.Key, string(e.Type), m.At.UTC().Format(time.RFC3339Nano))
	kept, err := r.keep(files)
	if err != nil {
		return err
	}
	if err := r.event(appeal, e, kept); err != nil {
		return err
	}
	if err := r.lost(appeal, m, files); err != nil {
		return err
	}
	r.h.opts.Meter.Came(r.l.Name, "message")
	return r.remember(m, key, said{appeal, e.ID, m.At})
}

// published is the ID of the event of an appeal that says when it was written.
func (r *reading) published(key string) string {
	return app.IDFrom("channel", r.l.Name, key, "published")
}

// appeal begins one.
func (r *reading) appeal(m Message, key string, files []fetched) error {
	id := app.IDFrom("channel", r.l.Name, key)
	a := app.Appeal{
		ID: id, Kind: m.Kind, Source: r.l.Platform.Source(), External: m.Number, Text: m.Text, Author: m.Author,
		Contact: m.Contact, Place: m.Place, Link: m.Link, Municipality: m.Municipality, Group: m.Group, Topic: m.Topic,
		Due: m.Due, Status: app.StatusNew,
	}
	if a.Kind == "" {
		a.Kind = app.KindIncident
	}
	if _, is := r.l.Platform.(Sender); is {
		a.Channel = r.l.Name // others only bring appeals in
	}
	if m.Page != "" {
		a.Page = app.IDFrom("page", m.Page)
	}
	op := app.IDFrom("channel", r.l.Name, key, "create")
	a.Events = []app.Event{
		{ID: r.published(key), Type: app.EventPublished, At: m.At},
		{ID: op, Type: app.EventDetected, At: r.a.Now()},
	}
	v, err := r.a.Do(app.Op{ID: op, Ent: id, Kind: app.OpCreate, At: r.a.Now(), Payload: app.Encode(a)})
	if err != nil {
		return err
	}
	if v.Verdict == app.VerdictRejected {
		return &unfit{v.Reason}
	}
	kept, err := r.keep(files)
	if err != nil {
		return err
	}
	if len(kept) > 0 {
		e := app.Event{ID: app.IDFrom("channel", r.l.Name, key, "files"), Type: app.EventMessage, At: m.At}
		if err := r.event(id, e, kept); err != nil {
			return err
		}
	}
	if err := r.lost(id, m, files); err != nil {
		return err
	}
	if err := putItem(r.a, shelfWay, id, way{r.l.Name, m.Chat, m.Thread, m.Public}); err != nil {
		return err
	}
	r.h.opts.Meter.Came(r.l.Name, "appeal")
	if err := r.remember(m, key, said{Appeal: id, At: m.At}); err != nil {
		return err
	}
	stored, ok, err := r.a.Appeal(id)
	if err != nil || !ok {
		return err
	}
	return r.say(m, id, strings.ReplaceAll(r.l.Accepted, "{number}", stored.Number))
}

// remember lets later messages find this one.
func (r *reading) remember(m Message, key string, s said) error {
	if err := putItem(r.a, shelfSaid+r.l.Name, key, s); err != nil {
		return err
	}
	if m.Album != "" {
		if err := putItem(r.a, shelfAlbum+r.l.Name, m.Album, s); err != nil {
			return err
		}
	}
	if m.Public {
		return nil
	}
	return putItem(r.a, shelfChat+r.l.Name, m.Chat, s)
}

// event has an event of the appeal judged, by one who knows how the appeal stands.
func (r *reading) event(appeal string, e app.Event, files []app.File) error {
	a, ok, err := r.a.Appeal(appeal)
	if err != nil || !ok {
		return err
	}
	op := app.Op{ID: e.ID, Ent: appeal, Kind: app.OpEvent, At: e.At, Files: files, Payload: app.Encode(e)}
	if register := a.Registers.Of(e.Type); register != nil {
		op.Base = register.Seq
	}
	v, err := r.a.Do(op)
	if err == nil && v.Verdict == app.VerdictRejected {
		err = &unfit{v.Reason}
	}
	return err
}

// say puts a bot's own words into the outbox, where the region lets any out.
func (r *reading) say(m Message, appeal, text string) error {
	if text == "" || m.Public {
		return nil
	}
	if _, is := r.l.Platform.(Sender); !is {
		return nil
	}
	if x, err := r.h.restricted(r.a, r.l); err != nil || !x.Answers {
		return err
	}
	return putItem(r.a, shelfOut+r.l.Name, moment(r.a.Now())+m.Key, parcel{
		way: way{r.l.Name, m.Chat, m.Thread, false}, Appeal: appeal, Text: text,
	})
}

// keep takes the files in, of those that came and that the server takes.
func (r *reading) keep(files []fetched) (out []app.File, err error) {
	for i, f := range files {
		if f.data == nil {
			continue
		}
		kept, err := r.a.Keep(f.name, f.data)
		if errors.Is(err, central.ErrFile) {
			files[i].data = nil
			continue
		}
		if err != nil {
			return nil, err
		}
		if !slices.ContainsFunc(out, func(o app.File) bool { return o.SHA256 == kept.SHA256 }) && len(out) < app.MaxFiles {
			out = append(out, kept)
		}
	}
	return out, nil
}

// lost notes in the history that enclosures did not come; where they are is in the
// link of the appeal.
func (r *reading) lost(appeal string, m Message, files []fetched) error {
	n := 0
	for _, f := range files {
		if f.data == nil {
			n++
		}
	}
	if n == 0 {
		return nil
	}
	e := app.Event{ID: app.IDFrom("channel", r.l.Name, m.Key, "lost"), Type: app.EventNote, At: r.a.Now(), Text: fmt.Sprintf(lostWords, n)}
	return r.event(appeal, e, nil)
}

// lostWords are of the history, which is in the language of the region.
const lostWords = "Вложения, которые не удалось получить: %d"
