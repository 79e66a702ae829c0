package embedded

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"time"

	"otklik/app"
	"otklik/central"
	"otklik/pack"
	"otklik/sync/wire"
)

type writer struct{ reader }

func (w writer) PutLineage(l []wire.Descent) error {
	v, err := json.Marshal(l)
	if err != nil {
		return fmt.Errorf("encode lineage: %w", err)
	}
	return w.tx.Bucket(bucketMeta).Put(keyLineage, v)
}

func (w writer) Append(c *app.Change, r central.Reach) error {
	b := w.tx.Bucket(bucketFeed)
	b.FillPercent = 0.9 // only ever grows at its end
	seq, err := b.NextSequence()
	if err != nil {
		return err
	}
	c.Seq = seq
	line, err := json.Marshal(c)
	if err != nil {
		return fmt.Errorf("encode: %w", err)
	}
	return b.Put(number(seq), withHead(r, pack.Bytes(line)))
}

func (w writer) PutEntered(seq uint64, line []byte) error {
	return w.tx.Bucket(bucketEntered).Put(number(seq), pack.Bytes(line))
}

func (w writer) PutJudgement(op string, j central.Judgement) error {
	v := append([]byte(nil), j.Hash[:]...)
	v = binary.BigEndian.AppendUint64(v, j.Seq)
	v = append(v, j.Verdict...)
	if j.Reason != "" {
		v = append(append(v, 0), j.Reason...)
	}
	return w.tx.Bucket(bucketJudgements).Put([]byte(op), v)
}

func (w writer) PutIssued(device string, inc uint32, n uint64, op string) error {
	return w.tx.Bucket(bucketIssued).Put(issuedKey(device, inc, n), []byte(op))
}

func (w writer) PutSafe(seq uint64) error {
	return w.tx.Bucket(bucketMeta).Put(keySafe, number(seq))
}

func (w writer) PutBackups(all []central.Backup) error {
	return put(w.tx.Bucket(bucketMeta), keyBackups, all)
}

func (w writer) DropFeed(upto uint64) error {
	for _, bucket := range [][]byte{bucketFeed, bucketEntered} {
		c := w.tx.Bucket(bucket).Cursor()
		for k, _ := c.First(); k != nil && binary.BigEndian.Uint64(k) <= upto; k, _ = c.First() {
			if err := c.Delete(); err != nil {
				return err
			}
		}
	}
	return nil
}

func (w writer) PutAppeal(a *app.Appeal) error {
	return put(w.tx.Bucket(bucketAppeals), []byte(a.ID), a)
}

func (w writer) PutPage(p app.Page) error {
	return put(w.tx.Bucket(bucketPages), []byte(p.ID), p)
}

func (w writer) PutTable(t app.Table) error {
	return put(w.tx.Bucket(bucketTables), []byte(t.Name), t)
}

func (w writer) PutCounters(c app.Counters) error {
	return put(w.tx.Bucket(bucketCounters), []byte(c.Day.String()), c)
}

func (w writer) PutConflict(c app.Conflict) error {
	return put(w.tx.Bucket(bucketConflicts), conflictKey(c.Appeal, c.Op), c)
}

func (w writer) PutNumber(year int, n uint64) error {
	return w.tx.Bucket(bucketNumbers).Put(number(uint64(year)), number(n))
}

func (w writer) PutDevice(d central.Device) error {
	return put(w.tx.Bucket(bucketDevices), []byte(d.ID), d)
}

func (w writer) PutSecret(name string, secret []byte) error {
	return w.tx.Bucket(bucketSecrets).Put([]byte(name), secret)
}

func (w writer) PutCode(hash string, id app.Identity) error {
	return put(w.tx.Bucket(bucketCodes), []byte(hash), id)
}

func (w writer) TakeCode(hash string) (app.Identity, bool, error) {
	b := w.tx.Bucket(bucketCodes)
	id, ok, err := get[app.Identity](b, []byte(hash))
	if !ok {
		return id, false, err
	}
	return id, true, b.Delete([]byte(hash))
}

func (w writer) UseNonce(device, nonce string, until, now time.Time) (bool, error) {
	nonces, ends := w.tx.Bucket(bucketNonces), w.tx.Bucket(bucketNonceEnds)
	key := []byte(device + "\x00" + nonce)
	if nonces.Get(key) != nil {
		return false, nil
	}
	c := ends.Cursor()
	for k, v := c.First(); k != nil && int64(binary.BigEndian.Uint64(k)) < now.Unix(); k, v = c.First() {
		if err := nonces.Delete(v); err != nil {
			return false, err
		}
		if err := ends.Delete(k); err != nil {
			return false, err
		}
	}
	end := number(uint64(until.Unix()))
	if err := nonces.Put(key, end); err != nil {
		return false, err
	}
	return true, ends.Put(append(end, key...), key)
}
