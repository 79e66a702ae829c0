package postgres

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"

	"otklik/app"
	"otklik/central"
	"otklik/pack"
	"otklik/sync/wire"
)

type writer struct {
	reader
	*attempt
}

// put keeps the value as packed JSON.
func (w writer) put(t table, id string, v any) error {
	body, err := encode(v)
	if err != nil {
		return err
	}
	w.written[key{t, id}] = body
	return nil
}

func (w writer) PutLineage(l []wire.Descent) error { return w.put(tableMeta, lineage, l) }

func (w writer) Append(c *app.Change, r central.Reach) error {
	head, err := w.Head()
	if err != nil {
		return err
	}
	c.Seq = head + 1
	line, err := json.Marshal(c)
	if err != nil {
		return fmt.Errorf("encode: %w", err)
	}
	w.appended, w.reaches = append(w.appended, line), append(w.reaches, r)
	return nil
}

func (w writer) PutEntered(seq uint64, line []byte) error {
	w.written[key{tableEntered, string(number(seq))}] = pack.Bytes(line)
	return nil
}

func (w writer) PutJudgement(op string, j central.Judgement) error {
	return w.put(tableJudgements, op, judgement{Hash: j.Hash[:], Seq: j.Seq, Verdict: j.Verdict, Reason: j.Reason})
}

func (w writer) DropFeed(upto uint64) error {
	w.dropped = max(w.dropped, upto)
	return nil
}

func (w writer) PutIssued(device string, inc uint32, n uint64, op string) error {
	w.written[key{tableIssued, issuedID(device, inc, n)}] = []byte(op)
	return nil
}

func (w writer) PutSafe(seq uint64) error { return w.put(tableMeta, safe, seq) }

func (w writer) PutBackups(all []central.Backup) error { return w.put(tableMeta, backups, all) }

func (w writer) PutAppeal(a *app.Appeal) error { return w.put(tableAppeals, a.ID, a) }

func (w writer) PutPage(p app.Page) error { return w.put(tablePages, p.ID, p) }

func (w writer) PutTable(t app.Table) error { return w.put(tableTables, string(t.Name), t) }

func (w writer) PutCounters(c app.Counters) error {
	return w.put(tableCounters, c.Day.String(), c)
}

func (w writer) PutConflict(c app.Conflict) error {
	all, err := w.Conflicts(c.Appeal)
	if err != nil {
		return err
	}
	i, ok := place(all, c.Op)
	if ok {
		all[i] = c
	} else {
		all = slices.Insert(all, i, c)
	}
	return w.put(tableConflicts, c.Appeal, all)
}

func (w writer) PutNumber(year int, n uint64) error {
	return w.put(tableNumbers, strconv.Itoa(year), n)
}

func (w writer) PutDevice(d central.Device) error { return w.put(tableDevices, d.ID, d) }

func (w writer) PutSecret(name string, secret []byte) error {
	w.written[key{tableSecrets, name}] = append([]byte{}, secret...) // never nil
	return nil
}

func (w writer) PutCode(hash string, id app.Identity) error { return w.put(tableCodes, hash, id) }

func (w writer) TakeCode(hash string) (app.Identity, bool, error) {
	id, ok, err := get[app.Identity](w.reader, tableCodes, hash)
	if ok {
		w.written[key{tableCodes, hash}] = nil
	}
	return id, ok, err
}

// sqlForget passes over what another server is forgetting at this moment.
const sqlForget = `DELETE FROM nonce WHERE ws = $1 AND id IN (
	SELECT id FROM nonce WHERE ws = $1 AND body < $2 FOR UPDATE SKIP LOCKED)`

func (w writer) UseNonce(device, nonce string, until, now time.Time) (bool, error) {
	id := device + "\x00" + nonce
	if _, used, err := w.load(tableNonces, id); used || err != nil {
		return false, err
	}
	w.written[key{tableNonces, id}] = number(uint64(until.Unix()))
	w.forget = number(uint64(now.Unix()))
	return true, nil
}
