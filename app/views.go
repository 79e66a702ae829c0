package app

import (
	"encoding/json"
	"slices"
	"strings"
)

// View is a question that has a name: a queue, a filter, words and an order.
type View struct {
	Name   string `json:"name"`
	Query  Query  `json:"query"`
	Shared bool   `json:"-"` // the region's own: it comes with the region's tables
}

// settingViews holds the views of this workstation, in the order they are listed.
const settingViews = "views"

// ViewName is how many letters the name of a view has at most.
const ViewName = 60

// Clone gives a question that shares nothing with q.
func (q Query) Clone() Query {
	q.Sources, q.Networks, q.Kinds = slices.Clone(q.Sources), slices.Clone(q.Networks), slices.Clone(q.Kinds)
	for _, chosen := range []*[]string{&q.Groups, &q.Topics, &q.Municipalities, &q.Executors, &q.Assignees} {
		*chosen = slices.Clone(*chosen)
	}
	q.Took, q.Hour = copied(q.Took), copied(q.Hour)
	return q
}

// copied gives a copy of what is pointed to; nil of nil.
func copied[V any](v *V) *V {
	if v == nil {
		return nil
	}
	c := *v
	return &c
}

// Same says whether both ask the same, whoever asks and when.
func (q Query) Same(o Query) bool {
	return q.Queue == o.Queue && q.Own == o.Own && q.Order == o.Order &&
		strings.TrimSpace(q.Words) == strings.TrimSpace(o.Words) && q.Filter.Same(o.Filter)
}

// Same says whether both leave the same appeals.
func (f Filter) Same(o Filter) bool {
	return f.Page == o.Page && f.Place == o.Place && f.Since.Equal(o.Since) && f.Until.Equal(o.Until) &&
		sameValues(f.Sources, o.Sources) && sameValues(f.Groups, o.Groups) && sameValues(f.Topics, o.Topics) &&
		sameValues(f.Municipalities, o.Municipalities) && sameValues(f.Executors, o.Executors) &&
		sameValues(f.Assignees, o.Assignees) && sameValues(f.Kinds, o.Kinds) && sameValues(f.Networks, o.Networks) &&
		f.Closed.From.Equal(o.Closed.From) && f.Closed.To.Equal(o.Closed.To) && f.Late == o.Late &&
		samePointed(f.Took, o.Took) && samePointed(f.Hour, o.Hour)
}

func samePointed[V comparable](a, b *V) bool { return a == b || a != nil && b != nil && *a == *b }

func sameValues[V ~string](a, b []V) bool {
	return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
}

// Views gives the views of this workstation, and after them the region's.
func (d *Desk) Views() ([]View, error) {
	views, err := d.ownViews()
	for _, v := range d.Region().Views {
		v.Shared = true
		views = append(views, v)
	}
	return views, err
}

func (d *Desk) ownViews() (views []View, err error) {
	raw, err := d.Setting(settingViews)
	if err != nil || raw == "" {
		return nil, err
	}
	return views, json.Unmarshal([]byte(raw), &views)
}

// SaveView keeps a view under its name, in the place of one's own that has it.
func (d *Desk) SaveView(v View) error {
	return d.changeViews(func(own []View) ([]View, error) {
		var err error
		if v.Name, err = d.viewName(v.Name); err != nil {
			return nil, err
		}
		v.Query = v.Query.Clone()
		if at := viewAt(own, v.Name); at >= 0 {
			own[at] = v
			return own, nil
		}
		return append(own, v), nil
	})
}

// RenameView gives one's own view another name, which no other may have.
func (d *Desk) RenameView(name, to string) error {
	return d.changeViews(func(own []View) ([]View, error) {
		to, err := d.viewName(to)
		if err != nil {
			return nil, err
		}
		at, other := viewAt(own, name), viewAt(own, to)
		switch {
		case at < 0:
			return nil, Fail(CodeNotFound, name)
		case other >= 0 && other != at:
			return nil, Fail(CodeViewTaken, to)
		}
		own[at].Name = to
		return own, nil
	})
}

// RemoveView forgets one's own view.
func (d *Desk) RemoveView(name string) error {
	return d.changeViews(func(own []View) ([]View, error) {
		return slices.DeleteFunc(own, func(v View) bool { return v.Name == name }), nil
	})
}

// viewName trims a name and refuses one that cannot be.
func (d *Desk) viewName(name string) (string, error) {
	name = strings.Join(strings.Fields(name), " ")
	switch {
	case name == "" || len([]rune(name)) > ViewName:
		return "", Fail(CodeViewName, ViewName)
	case viewAt(d.Region().Views, name) >= 0:
		return "", Fail(CodeViewTaken, name)
	}
	return name, nil
}

// viewAt finds a view by its name, as people read it.
func viewAt(views []View, name string) int {
	return slices.IndexFunc(views, func(v View) bool { return Fold(v.Name) == Fold(name) })
}

func (d *Desk) changeViews(change func(own []View) ([]View, error)) error {
	d.viewing.Lock()
	defer d.viewing.Unlock()
	own, err := d.ownViews()
	if err != nil {
		return err
	}
	if own, err = change(own); err != nil {
		return err
	}
	return d.SaveSetting(settingViews, string(Encode(own)))
}
