// Package app is the domain of «Отклик» and its use cases: everything that a
// screen, a headless command, the exchange or the server may ask about appeals
// and public pages.
//
// The map of the package:
//
//	appeal.go      Appeal and the words it is described by (kind, source, status …)
//	event.go       Event and how history becomes state (Apply)
//	transition.go  the one table of transitions and the judgement over it (Judge)
//	calendar.go    production calendar and working-time arithmetic
//	deadline.go    the table of terms and the deadline that follows from history
//	measure.go     first-response and resolution times, computed from events
//	page.go        public pages, days and counters
//	pagelink.go    addresses of pages, one for all spellings
//	pages.go       lists of pages: the registry, compliance, letters to founders
//	score.go       PageScore: a page held against what the region asks
//	twins.go       entries of the registry that are one page
//	linkcheck.go   Desk.CheckLinks: links that lead nowhere
//	clock.go       Timekeeper: the time of the server by the clocks of a workstation
//	scope.go       what is whose matter: by municipality, and by role
//	op.go          operations pushed, changes pulled, verdicts, conflicts
//	views.go       questions that have a name
//	query.go       what a screen may ask of the store, and what it gets
//	place.go       Place: where an appeal is, whatever way its address is spelled
//	address.go     addresses, word by word
//	alike.go       appeals that look like another, and merging them
//	hotspots.go    Desk.Hotspots: where there are more open appeals than usual
//	facts.go       what the store gives for figures: columns of appeals that match
//	summary.go     periods and response times: exact medians and percentiles
//	stats.go       figures of `otklik stats`
//	inquiry.go     what figures are asked for: periods, steps, hours of the week
//	analytics.go   Desk.Analytics: figures of the screen «Аналитика», of reports and of `otklik stats`
//	study.go       one pass over the columns for them; shares.go: by facet
//	survival.go    first responses by length, and the curve of the unanswered
//	printed.go     these figures in the words of JSON
//	audience.go    subscribers of pages, by network and in all
//	growth.go      pages that have grown most, and those that have fallen
//	suggest.go     Desk.FindTopics, Desk.Suggest: what words and appeals mean among the topics
//	region.go      the region's tables: municipalities, rules, goal line
//	tables.go      how these tables are changed: checked, put in force, told
//	tables_row.go, tables_known.go, tables_places.go, tables_score.go
//	               reading of rows, and what the rows of each table mean
//	lock.go        Desk.Lock, Desk.Leave: nothing of appeals goes in or out
//	retain.go      Desk.ForgetOld: what this workstation has kept for long enough
//	desk.go        Desk: the use cases, all that a screen may call
//	bulk.go        Desk.ActMany: one action on many appeals, and what was refused
//	undo.go        Desk.Undo: the last actions of this person, taken back or answered
//	importing.go   Desk.Import: rows of a spreadsheet become operations
//	template.go    templates of answers: fields, and what is only a template
//	checklist.go   what the program sees in an answer by itself (Desk.Review)
//	plaintext.go   an appeal as text, without personal data or through the journal
//	takein.go      Desk.TakeIn: a pasted table becomes new appeals
//	errors.go      errors with a code for machines and arguments for a sentence
//
// It may know: the standard library. It may not know: where data is kept, how
// it travels, how it is drawn, in which language a sentence is shown. What it
// needs from outside it declares (Store, Exchange) and receives.
package app
