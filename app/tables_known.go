package app

import (
	"encoding/json"
	"slices"
	"strings"
)

// Columns of the region's tables.
const (
	columnKind         Column = "kind"
	columnGroup        Column = "group"
	columnTopic        Column = "topic"
	columnSeverity     Column = "severity"
	columnStart        Column = "start"
	columnLength       Column = "length"
	columnUnit         Column = "unit"
	columnPauseOn      Column = "pause_on"
	columnFinal        Column = "final"
	columnEnd          Column = "end"
	columnBegin        Column = "begin"
	columnLunchStart   Column = "lunch_start"
	columnLunchEnd     Column = "lunch_end"
	columnDate         Column = "date"
	columnDayKind      Column = "day_kind"
	columnName         Column = "name"
	columnResidents    Column = "residents"
	columnZone         Column = "zone"
	columnMust         Column = "must"
	columnNot          Column = "not"
	columnWords        Column = "words"
	columnExecutor     Column = "executor"
	columnMunicipality Column = "municipality"
	columnText         Column = "text"
	columnCheck        Column = "check"
	columnReasonOf     Column = "reason_of"
	columnReason       Column = "reason"
	columnQuery        Column = "query"
	columnAim          Column = "aim"
	columnOffDay       Column = "off_day"
	columnTileColumn   Column = "tile_column"
	columnTileRow      Column = "tile_row"
)

// tableSpecs are all tables; each may refer to those before it.
var tableSpecs = []*tableSpec{
	municipalitiesTable, topicsTable, executorsTable, routesTable, rulesTable, hoursTable, daysTable,
	templatesTable, checklistTable, reasonsTable, viewsTable, occasionsTable, pageScoreTable, channelsTable, releaseTable,
}

// codes turns values of the domain into cells.
func codes[T ~string](all []T) []string {
	out := make([]string, len(all))
	for i, v := range all {
		out[i] = string(v)
	}
	return out
}

// of is codes the other way round.
func of[T ~string](cells []string) []T {
	out := make([]T, len(cells))
	for i, v := range cells {
		out[i] = T(v)
	}
	return out
}

// names makes rows of one column.
func names(all []string) [][]string {
	rows := make([][]string, len(all))
	for i, v := range all {
		rows[i] = []string{v}
	}
	return rows
}

// topicsTable has the topics of the federal groups, which are not the region's to
// change, with what the region says about them.
var topicsTable = &tableSpec{
	name: TableTopics, need: true,
	columns: []ColumnSpec{
		{Name: columnGroup, Need: true, From: (*Region).groupNames},
		{Name: columnTopic, Need: true},
		{Name: columnMust, Kind: CellText},
		{Name: columnNot, Kind: CellText},
		{Name: columnWords, Kind: CellText},
	},
	read: func(r *Region, rows []*tableRow) {
		known := r.groupNames()
		topics := map[string][]string{}
		r.TopicTexts = nil
		for _, row := range rows {
			group := row.words(columnGroup)
			if row.in.strict && group != "" && !slices.Contains(known, group) {
				row.wrong(CodeRowGroup, columnGroup, group)
			}
			t := TopicText{
				Topic: row.words(columnTopic), Must: row.words(columnMust), Not: row.words(columnNot), Words: row.list(columnWords),
			}
			if !row.once(group, t.Topic) {
				continue
			}
			topics[group] = append(topics[group], t.Topic)
			if t.Must != "" || t.Not != "" || len(t.Words) > 0 {
				r.TopicTexts = append(r.TopicTexts, t)
			}
		}
		r.Groups = slices.Clone(r.Groups)
		for i := range r.Groups {
			r.Groups[i].Topics = topics[r.Groups[i].Name]
		}
	},
	write: func(r *Region) [][]string {
		var rows [][]string
		for _, g := range r.Groups {
			for _, topic := range g.Topics {
				t := r.textOf(topic)
				rows = append(rows, []string{g.Name, topic, t.Must, t.Not, strings.Join(t.Words, ", ")})
			}
		}
		return rows
	},
}

var executorsTable = &tableSpec{
	name: TableExecutors, need: true,
	columns: []ColumnSpec{{Name: columnExecutor, Need: true}},
	read: func(r *Region, rows []*tableRow) {
		r.Executors = nil
		for _, row := range rows {
			if e := row.words(columnExecutor); row.once(e) {
				r.Executors = append(r.Executors, e)
			}
		}
	},
	write: func(r *Region) [][]string { return names(r.Executors) },
}

var routesTable = &tableSpec{
	name: TableRoutes,
	columns: []ColumnSpec{
		{Name: columnGroup, From: (*Region).groupNames},
		{Name: columnTopic, From: (*Region).topicNames},
		{Name: columnMunicipality, From: (*Region).municipalityNames},
		{Name: columnExecutor, Need: true, From: func(r *Region) []string { return r.Executors }},
	},
	read: func(r *Region, rows []*tableRow) {
		r.Routes = nil
		for _, row := range rows {
			group, topic := row.topic(r)
			municipality := row.words(columnMunicipality)
			route := Route{
				Group: group, Topic: topic,
				Municipality: row.refers(columnMunicipality, TableMunicipalities, slices.Contains(r.municipalityNames(), municipality)),
				Executor:     row.refers(columnExecutor, TableExecutors, slices.Contains(r.Executors, row.words(columnExecutor))),
			}
			if row.once(group, topic, municipality) {
				r.Routes = append(r.Routes, route)
			}
		}
	},
	write: func(r *Region) [][]string {
		var rows [][]string
		for _, t := range r.Routes {
			rows = append(rows, []string{t.Group, t.Topic, t.Municipality, t.Executor})
		}
		return rows
	},
}

// topic reads a group and a topic, which stand in the table of topics.
func (r *tableRow) topic(region *Region) (group, topic string) {
	group = r.refers(columnGroup, TableTopics, slices.Contains(region.groupNames(), r.words(columnGroup)))
	topics := region.topicNames()
	if i := slices.IndexFunc(region.Groups, func(g TopicGroup) bool { return g.Name == group }); i >= 0 {
		topics = region.Groups[i].Topics
	}
	return group, r.refers(columnTopic, TableTopics, slices.Contains(topics, r.words(columnTopic)))
}

// yes is what a cell says that is set or not.
const yes = "yes"

// Choices of the table of rules.
var (
	units  = []Unit{UnitWorkHours, UnitHours, UnitWorkDays, UnitDays}
	starts = []EventType{EventPublished, EventDetected, EventRegistered, EventRouted}

	kindColumn    = ColumnSpec{Name: columnKind, Kind: CellChoice, Of: codes(Kinds), Family: "kind"}
	startColumn   = ColumnSpec{Name: columnStart, Kind: CellMany, Of: codes(starts), Family: "start"}
	unitColumn    = ColumnSpec{Name: columnUnit, Kind: CellChoice, Need: true, Of: codes(units), Family: "unit"}
	pauseOnColumn = ColumnSpec{Name: columnPauseOn, Kind: CellMany, Of: codes(Statuses), Family: "status"}
	aimColumn     = ColumnSpec{Name: columnAim, Kind: CellChoice, Of: codes(Aims[1:]), Family: "aim"} // empty: the answer
	offDayColumn  = ColumnSpec{Name: columnOffDay, Kind: CellChoice, Of: codes([]OffDay{OffDayBefore, OffDayAfter}), Family: "off_day"}
	finalColumn   = ColumnSpec{Name: columnFinal, Kind: CellChoice, Of: []string{yes}, Family: "flag"}
)

var rulesTable = &tableSpec{
	name: TableRules, need: true,
	columns: []ColumnSpec{
		aimColumn,
		kindColumn,
		{Name: columnGroup, From: (*Region).groupNames},
		{Name: columnTopic, From: (*Region).topicNames},
		{Name: columnSeverity, Kind: CellNumber},
		startColumn,
		{Name: columnLength, Kind: CellNumber, Need: true},
		unitColumn, pauseOnColumn, finalColumn, offDayColumn,
	},
	read: func(r *Region, rows []*tableRow) {
		r.Rules = nil
		for _, row := range rows {
			r.Rules = append(r.Rules, row.rule(r))
		}
	},
	write: func(r *Region) [][]string {
		var rows [][]string
		for _, u := range r.Rules {
			rows = append(rows, u.cells())
		}
		return rows
	},
}

// rule reads a row of the table of rules, and cells writes one.
func (r *tableRow) rule(region *Region) Rule {
	group, topic := r.topic(region)
	u := Rule{
		Aim: Aim(r.one(aimColumn)), Kind: Kind(r.one(kindColumn)), Group: group, Topic: topic, Severity: Severity(r.whole(columnSeverity, 4)),
		Start: of[EventType](r.many(startColumn)), Length: r.number(columnLength, 0.01, 3650), Unit: Unit(r.one(unitColumn)),
		PauseOn: of[Status](r.many(pauseOnColumn)), Final: r.one(finalColumn) == yes,
		OffDay: OffDay(r.one(offDayColumn)),
	}
	if !u.Final && u.Aim != AimExtend && len(u.Start) == 0 {
		r.wrong(CodeRowEmpty, columnStart)
	}
	return u
}

func (u Rule) cells() []string {
	final := ""
	if u.Final {
		final = yes
	}
	return []string{
		string(u.Aim), string(u.Kind), u.Group, u.Topic, figureOrNone(float64(u.Severity)), strings.Join(codes(u.Start), ", "),
		figure(u.Length), string(u.Unit), strings.Join(codes(u.PauseOn), ", "), final, string(u.OffDay),
	}
}

// hoursTable is the working day: one row.
var hoursTable = &tableSpec{
	name: TableHours, need: true,
	columns: []ColumnSpec{
		{Name: columnBegin, Kind: CellClock, Need: true},
		{Name: columnEnd, Kind: CellClock, Need: true},
		{Name: columnLunchStart, Kind: CellClock},
		{Name: columnLunchEnd, Kind: CellClock},
	},
	read: func(r *Region, rows []*tableRow) {
		for i, row := range rows {
			if i > 0 {
				row.wrong(CodeRowOne)
			}
			r.Hours = row.hours()
		}
	},
	write: func(r *Region) [][]string { return [][]string{r.Hours.cells()} },
}

// hours reads a working day, and cells writes one.
func (r *tableRow) hours() Hours {
	h := Hours{
		Start: r.clock(columnBegin), End: r.clock(columnEnd),
		LunchStart: r.clock(columnLunchStart), LunchEnd: r.clock(columnLunchEnd),
	}
	lunch := h.LunchStart != h.LunchEnd
	switch {
	case h.End-h.Start < 2*60: // a short day is an hour shorter, and has to have something left
		r.wrong(CodeRowOrder, columnBegin, columnEnd)
	case lunch && (h.LunchStart < h.Start || h.LunchEnd > h.End || h.LunchStart > h.LunchEnd):
		r.wrong(CodeRowOrder, columnLunchStart, columnLunchEnd)
	}
	return h
}

func (h Hours) cells() []string {
	cell := func(c TimeOfDay) string {
		b, _ := c.MarshalText() // never fails
		return string(b)
	}
	row := []string{cell(h.Start), cell(h.End), "", ""}
	if h.LunchStart != h.LunchEnd {
		row[2], row[3] = cell(h.LunchStart), cell(h.LunchEnd)
	}
	return row
}

var dayKindColumn = ColumnSpec{
	Name: columnDayKind, Kind: CellChoice, Need: true, Of: codes([]DayKind{DayOff, DayShort, DayMoved, DayWork}), Family: "day_kind",
}

var daysTable = &tableSpec{
	name: TableDays,
	columns: []ColumnSpec{
		{Name: columnDate, Kind: CellDay, Need: true}, dayKindColumn, {Name: columnName},
	},
	read: func(r *Region, rows []*tableRow) {
		r.Days = nil
		for _, row := range rows {
			d := RegionDay{Date: row.day(columnDate), Kind: DayKind(row.one(dayKindColumn)), Name: row.words(columnName)}
			if row.once(d.Date.String()) {
				r.Days = append(r.Days, d)
			}
		}
	},
	write: func(r *Region) [][]string {
		var rows [][]string
		for _, d := range r.Days {
			rows = append(rows, []string{d.Date.String(), string(d.Kind), d.Name})
		}
		return rows
	},
}

var templatesTable = &tableSpec{
	name: TableTemplates,
	columns: []ColumnSpec{
		{Name: columnName, Need: true}, {Name: columnText, Kind: CellText, Need: true},
	},
	read: func(r *Region, rows []*tableRow) {
		r.Templates = nil
		for _, row := range rows {
			t := Template{Name: row.words(columnName), Text: row.words(columnText)}
			if strings.Count(t.Text, "{") != strings.Count(t.Text, "}") {
				row.wrong(CodeRowBraces, columnText)
			}
			if row.once(t.Name) {
				r.Templates = append(r.Templates, t)
			}
		}
	},
	write: func(r *Region) [][]string {
		var rows [][]string
		for _, t := range r.Templates {
			rows = append(rows, []string{t.Name, strings.TrimSpace(t.Text)})
		}
		return rows
	},
}

var checklistTable = &tableSpec{
	name:    TableChecklist,
	columns: []ColumnSpec{{Name: columnCheck, Need: true}},
	read: func(r *Region, rows []*tableRow) {
		r.Checklist = nil
		for _, row := range rows {
			if c := row.words(columnCheck); row.once(c) {
				r.Checklist = append(r.Checklist, c)
			}
		}
	},
	write: func(r *Region) [][]string { return names(r.Checklist) },
}

// What reasons are for.
const (
	reasonRework    = "rework"
	reasonRejection = "rejection"
)

var reasonOfColumn = ColumnSpec{
	Name: columnReasonOf, Kind: CellChoice, Need: true, Of: []string{reasonRework, reasonRejection}, Family: "reason_of",
}

var reasonsTable = &tableSpec{
	name:    TableReasons,
	columns: []ColumnSpec{reasonOfColumn, {Name: columnReason, Need: true}},
	read: func(r *Region, rows []*tableRow) {
		r.Reasons, r.Rejections = nil, nil
		for _, row := range rows {
			to, of := &r.Reasons, row.one(reasonOfColumn)
			if of == reasonRejection {
				to = &r.Rejections
			}
			if reason := row.words(columnReason); row.once(of, reason) {
				*to = append(*to, reason)
			}
		}
	},
	write: func(r *Region) [][]string {
		var rows [][]string
		for _, reason := range r.Reasons {
			rows = append(rows, []string{reasonRework, reason})
		}
		for _, reason := range r.Rejections {
			rows = append(rows, []string{reasonRejection, reason})
		}
		return rows
	},
}

var viewsTable = &tableSpec{
	name: TableViews,
	columns: []ColumnSpec{
		{Name: columnName, Need: true}, {Name: columnQuery, Kind: CellText, Need: true},
	},
	read: func(r *Region, rows []*tableRow) {
		r.Views = nil
		for _, row := range rows {
			v := View{Name: row.words(columnName)}
			if asked := row.words(columnQuery); asked != "" && json.Unmarshal([]byte(asked), &v.Query) != nil {
				row.wrong(CodeRowView, columnQuery)
			}
			if row.once(v.Name) {
				r.Views = append(r.Views, v)
			}
		}
	},
	write: func(r *Region) [][]string {
		var rows [][]string
		for _, v := range r.Views {
			rows = append(rows, []string{v.Name, string(Encode(v.Query))})
		}
		return rows
	},
}

func (r *Region) groupNames() []string {
	out := make([]string, len(r.Groups))
	for i, g := range r.Groups {
		out[i] = g.Name
	}
	return out
}

func (r *Region) topicNames() []string {
	var out []string
	for _, g := range r.Groups {
		out = append(out, g.Topics...)
	}
	return out
}

func (r *Region) municipalityNames() []string {
	out := make([]string, len(r.Municipalities))
	for i, m := range r.Municipalities {
		out[i] = m.Name
	}
	return out
}

// textOf gives what the region says about a topic.
func (r *Region) textOf(topic string) TopicText {
	i := slices.IndexFunc(r.TopicTexts, func(t TopicText) bool { return t.Topic == topic })
	if i < 0 {
		return TopicText{Topic: topic}
	}
	return r.TopicTexts[i]
}
