package open311

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"otklik/app"
	"otklik/central"
)

// repeats is for how long a request that bears no Idempotency-Key is the same again.
const repeats = 10 * time.Minute

// post takes a request in: it stands in the inbox before anything is made of it. It is
// acknowledged with its number where that can be given at once, otherwise with a token.
func (e *Endpoint) post(out reply, r *http.Request, trial bool) {
	r.Body = http.MaxBytesReader(out.w, r.Body, maxBody)
	fields, picture, err := form(r)
	if err == nil && int64(len(picture)) > e.MaxPicture {
		err = wrong(http.StatusBadRequest, "снимок слишком велик")
	}
	if err == nil && !e.may(fields.Get("api_key")) {
		err = wrong(http.StatusForbidden, "нет ключа или он неизвестен (api_key)")
	}
	if err == nil {
		err = e.jurisdiction(fields.Get("jurisdiction_id"))
	}
	var p posted
	if err == nil {
		err = e.Storage.View(r.Context(), func(tx central.Reader) error {
			v, err := e.view(tx)
			if err != nil {
				return err
			}
			p, err = read(fields, picture, v.services, v.region)
			return err
		})
	}
	if err != nil {
		e.fail(out, "post", err)
		return
	}
	if trial {
		out.send(http.StatusOK, listed([]request{{ID: "test", Notice: "Проверка: обращение не принято"}}))
		return
	}
	token, id, err := e.take(r.Context(), keyOf(r, fields, picture), r.Header.Get("Idempotency-Key") != "", p)
	if err != nil {
		e.fail(out, "post", err)
		return
	}
	if err := e.readOne(r.Context(), id); err != nil {
		e.Log.Error("open311", "work", "read", "err", err.Error())
		select {
		case e.wake <- struct{}{}:
		default:
		}
	}
	a, err := e.acknowledgement(r.Context(), token)
	if err != nil {
		e.fail(out, "post", err)
		return
	}
	out.send(http.StatusOK, a)
}

// keyOf gives the key by which a request is known again; see the package.
func keyOf(r *http.Request, fields url.Values, picture []byte) string {
	own := r.Header.Get("Idempotency-Key")
	if own == "" {
		sum := sha256.Sum256(picture)
		own = fields.Encode() + hex.EncodeToString(sum[:])
	}
	sum := sha256.Sum256([]byte(fields.Get("api_key") + "\x00" + own))
	return hex.EncodeToString(sum[:])
}

// take keeps the request, unless it was kept before. id is of the inbox.
func (e *Endpoint) take(ctx context.Context, key string, forever bool, p posted) (token, id string, err error) {
	fresh := rand.Text()
	now := e.Now().UTC()
	err = e.Storage.Update(ctx, func(tx central.Tx) error {
		was, known, err := item[seen](tx, shelfSeen, key)
		if err != nil {
			return err
		}
		if known && (forever || now.Sub(was.At) < repeats) {
			token, id = was.Token, inboxID(was)
			return nil
		}
		one := seen{fresh, now}
		token, id = fresh, inboxID(one)
		if err := putItem(tx, shelfSeen, key, one); err != nil {
			return err
		}
		if err := putItem(tx, shelfToken, token, ticket{}); err != nil {
			return err
		}
		p.At = now
		return putItem(tx, shelfInbox, id, p)
	})
	return token, id, err
}

func inboxID(s seen) string { return fmt.Sprintf("%016x/%s", s.At.UnixNano(), s.Token) }

// acknowledgement tells what became of the request so far: its number or its token.
func (e *Endpoint) acknowledgement(ctx context.Context, token string) (answer, error) {
	one := request{Token: token}
	err := e.Storage.View(ctx, func(tx central.Reader) error {
		t, _, err := item[ticket](tx, shelfToken, token)
		switch {
		case err != nil:
			return err
		case t.Refused:
			return errRefused
		case t.Number != "":
			one = request{ID: t.Number}
		}
		return nil
	})
	return listed([]request{one}), err
}

var errRefused = wrong(http.StatusBadRequest, "обращение не принято")

// token tells the number of the appeal a token stands for, once it has one.
func (v view) token(token string) (answer, error) {
	t, known, err := item[ticket](v.tx, shelfToken, token)
	switch {
	case err != nil:
		return answer{}, err
	case !known:
		return answer{}, wrong(http.StatusNotFound, "такого временного номера нет (token)")
	case t.Refused:
		return answer{}, errRefused
	}
	return listed([]request{{ID: t.Number, Token: token}}), nil
}

// readAll makes appeals of what stands in the inbox, in the order it came. What cannot
// be read now does not hold up the rest.
func (e *Endpoint) readAll(ctx context.Context) error {
	var failed error
	after := ""
	for ctx.Err() == nil {
		var ids []string
		err := e.Storage.View(ctx, func(tx central.Reader) (err error) {
			ids, err = tx.Shelf(shelfInbox, after, 100)
			return err
		})
		if err != nil || len(ids) == 0 {
			return errors.Join(failed, err)
		}
		for _, id := range ids {
			failed = errors.Join(failed, e.readOne(ctx, id))
			after = id
		}
	}
	return ctx.Err()
}

// readOne makes an appeal of one request; what is not in the inbox any more was read.
func (e *Endpoint) readOne(ctx context.Context, id string) error {
	_, token, _ := strings.Cut(id, "/")
	return e.Server.Act(ctx, e.Actor, func(a *central.Acting) error {
		p, ok, err := item[posted](a, shelfInbox, id)
		if err != nil || !ok {
			return err
		}
		number, err := appeal(a, token, p)
		if err != nil {
			return err
		}
		if number == "" { // it would be refused each time
			e.Log.Warn("open311", "set aside", "not accepted")
			if err := putItem(a, shelfOdd, id, p); err != nil {
				return err
			}
		}
		if err := putItem(a, shelfToken, token, ticket{Number: number, Refused: number == ""}); err != nil {
			return err
		}
		return a.DropItem(shelfInbox, id)
	})
}

// appeal begins one and gives its number, "" where the judge does not take it.
func appeal(a *central.Acting, token string, p posted) (string, error) {
	id, op := app.IDFrom("open311", token), app.IDFrom("open311", token, "create")
	one := app.Appeal{
		ID: id, Kind: app.KindIncident, Source: app.SourceOpen311, External: token, Text: p.Description, Author: p.Author, Contact: p.Contact,
		Place: p.Address, Link: p.Link, Municipality: p.Municipality, Group: p.Group, Topic: p.Topic, Status: app.StatusNew,
		Events: []app.Event{
			{ID: app.IDFrom("open311", token, "published"), Type: app.EventPublished, At: p.At},
			{ID: op, Type: app.EventDetected, At: a.Now()},
		},
	}
	if one.Text == "" {
		one.Text = p.Service
	}
	v, err := a.Do(app.Op{ID: op, Ent: id, Kind: app.OpCreate, At: a.Now(), Payload: app.Encode(one)})
	if err != nil || v.Verdict == app.VerdictRejected {
		return "", err
	}
	if err := show(a, id, beside{At: p.At, Lat: p.Lat, Long: p.Long}); err != nil {
		return "", err
	}
	if err := picture(a, id, token, p); err != nil {
		return "", err
	}
	stored, _, err := a.Appeal(id)
	if err != nil {
		return "", err
	}
	return stored.Number, nil
}

// picture attaches what came with the request.
func picture(a *central.Acting, id, token string, p posted) error {
	if len(p.Picture) == 0 {
		return nil
	}
	f, err := a.Keep(app.FileName("open311", app.FileType(p.Picture)), p.Picture)
	if err != nil {
		return err
	}
	m := app.Event{ID: app.IDFrom("open311", token, "picture"), Type: app.EventMessage, At: p.At}
	_, err = a.Do(app.Op{ID: m.ID, Ent: id, Kind: app.OpEvent, At: m.At, Files: []app.File{f}, Payload: app.Encode(m)})
	return err
}
