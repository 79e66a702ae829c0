package app

import "slices"

// ShiftQueues are what a shift is about, the most urgent first.
var ShiftQueues = []Queue{QueueSoon, QueueOverdue, QueueReturned, QueueApproval, QueueUnsent}

// ShiftPart is one queue of a shift: the question that lists it, how many appeals
// there are and the first of them.
type ShiftPart struct {
	Query Query
	Total int
	Rows  []Row
}

// Shift gives the parts of a shift in the order of ShiftQueues with at most so many
// rows each. Own narrows it to what is this person's matter; what was not sent yet
// is all that this workstation has not sent, and whoever approves answers sees all
// that wait for that.
func (d *Desk) Shift(own bool, rows int, gone <-chan struct{}) ([]ShiftPart, error) {
	approves := slices.Contains(d.Me().Roles, RoleApprover)
	parts := make([]ShiftPart, len(ShiftQueues))
	for i, queue := range ShiftQueues {
		p := &parts[i]
		p.Query = Query{Queue: queue, Own: own && queue != QueueUnsent && !(approves && queue == QueueApproval)}
		q := p.Query
		q.Gone = gone
		found, err := d.Find(q)
		if err != nil {
			return nil, err
		}
		p.Total = found.Total
		for _, record := range found.Records[:min(rows, len(found.Records))] {
			row, err := d.Row(record)
			if err != nil {
				return nil, err
			}
			p.Rows = append(p.Rows, row)
		}
	}
	return parts, nil
}
