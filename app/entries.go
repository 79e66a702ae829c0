package app

import "slices"

// Reference lists of the region come from other systems as bare lists: topics with
// their groups, executors. Their lines are added to the region's tables; what stands
// there already is never changed by them. See docs/decisions/0040-reference-lists.md.

// RegionEntry is one line of a reference list.
type RegionEntry struct {
	Table TableName `json:"table"`           // TableTopics or TableExecutors
	Group string    `json:"group,omitempty"` // federal, of a topic
	Name  string    `json:"name,omitempty"`  // of the topic or the executor, "" of a group alone
}

// row gives the entry as its table keeps it.
func (e RegionEntry) row(columns []Column) []string {
	row := make([]string, len(columns))
	for i, c := range columns {
		switch {
		case c == columnGroup:
			row[i] = e.Group
		case c == columnTopic || c == columnExecutor:
			row[i] = e.Name
		}
	}
	return row
}

// Entries are those the region's tables hold. Case and ё do not tell names apart.
type Entries struct {
	region    *Region
	executors map[string]bool
	topics    map[string][]string // groups by topic
}

// Entries gives the region's topics and executors, to be asked and added to.
func (r *Region) Entries() *Entries {
	e := &Entries{region: r, executors: map[string]bool{}, topics: map[string][]string{}}
	for _, name := range r.Executors {
		e.Add(RegionEntry{Table: TableExecutors, Name: name})
	}
	for _, g := range r.Groups {
		for _, topic := range g.Topics {
			e.Add(RegionEntry{Table: TableTopics, Group: g.Name, Name: topic})
		}
	}
	return e
}

// Add puts an entry among those that are known.
func (e *Entries) Add(x RegionEntry) {
	name := Fold(x.Name)
	if x.Table == TableExecutors {
		e.executors[name] = true
	} else {
		e.topics[name] = append(e.topics[name], x.Group)
	}
}

// Has says whether the entry is known. A group is where it is one of the federal ones.
func (e *Entries) Has(x RegionEntry) bool {
	switch {
	case x.Table == TableExecutors:
		return e.executors[Fold(x.Name)]
	case x.Name == "":
		return slices.Contains(e.region.groupNames(), x.Group)
	}
	return slices.Contains(e.topics[Fold(x.Name)], x.Group)
}

// Elsewhere gives a group under which a topic is known that is not known under its
// own, "" where there is none.
func (e *Entries) Elsewhere(x RegionEntry) string {
	groups := e.topics[Fold(x.Name)]
	if x.Table != TableTopics || len(groups) == 0 || slices.Contains(groups, x.Group) {
		return ""
	}
	return groups[0]
}

// entry gathers what the region does not have yet.
func (in *importing) entry(x RegionEntry) error {
	if in.entries == nil {
		if err := in.desk.mayAsk(OpTable); err != nil {
			return err
		}
		in.entries, in.fresh = in.desk.Region().Entries(), map[TableName][]RegionEntry{}
	}
	if in.entries.Has(x) {
		in.report.Unchanged++
		return nil
	}
	in.entries.Add(x)
	in.fresh[x.Table] = append(in.fresh[x.Table], x)
	if len(in.fresh[x.Table]) > TableRowsMost {
		return Fail(CodeRowMany, TableRowsMost, tableBytesMost>>20)
	}
	return nil
}

// importedEntries are what one change of a table added.
type importedEntries struct {
	Op      string        `json:"op"`
	Table   TableName     `json:"table"`
	Entries []RegionEntry `json:"entries"`
}

// putEntries adds what was gathered to the tables, each in one change as the editor of
// tables would make it.
func (in *importing) putEntries() error {
	for _, name := range TableNames() {
		fresh := in.fresh[name]
		if len(fresh) == 0 {
			continue
		}
		t := in.desk.Region().Table(name)
		for _, e := range fresh {
			t.Rows = append(t.Rows, e.row(t.Columns))
		}
		op, problems, err := in.desk.tableOp(t)
		if err != nil {
			return err
		}
		if len(problems) > 0 {
			return problems[0].Err // the table would be too large
		}
		in.ops = append(in.ops, *op)
		in.part.Tables = append(in.part.Tables, importedEntries{Op: op.ID, Table: name, Entries: fresh})
		in.report.Added += len(fresh)
	}
	in.fresh = nil
	return nil
}

// tables takes rows out of the tables again that stand as the import left them; other
// changes of the tables stay.
func (b *takingBack) tables(part importPart) error {
	for _, one := range slices.Backward(part.Tables) {
		t := b.desk.Region().Table(one.Table)
		added := map[string]bool{}
		for _, e := range one.Entries {
			added[string(Encode(e.row(t.Columns)))] = true
		}
		before := len(t.Rows)
		t.Rows = slices.DeleteFunc(t.Rows, func(row []string) bool { return added[string(Encode(row))] })
		removed := before - len(t.Rows)
		if removed > 0 {
			if err := b.putBack(one, t, removed == len(one.Entries)); err != nil {
				return err
			}
			b.report.Removed += removed
		}
		b.report.Entries += b.changed(one, t)
	}
	return nil
}

// putBack puts the table in force without what was added: untouched, the change itself
// may never have left this workstation.
func (b *takingBack) putBack(one importedEntries, t Table, untouched bool) error {
	op, problems, err := b.desk.tableOp(t)
	if err != nil {
		return err
	}
	if len(problems) > 0 {
		return problems[0].Err // nothing would be left of it
	}
	if untouched {
		withdrawn, err := b.withdraw(1, func(int) (string, string) { return string(one.Table), one.Op })
		if err != nil || withdrawn[0] {
			return err
		}
	}
	return b.perform([]Op{*op})
}

// changed counts the entries the table still has: with other cells than the import gave.
func (b *takingBack) changed(one importedEntries, t Table) (n int) {
	now, _ := b.desk.Region().put(t, false)
	known := now.Entries()
	for _, e := range one.Entries {
		if known.Has(e) {
			n++
		}
	}
	return n
}
