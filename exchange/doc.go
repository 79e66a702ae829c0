// Package exchange reads the tables other systems give out and says in
// the terms of the domain what their rows mean; and it writes lists for them.
//
// The map of the package:
//
//	read.go      Open and Reader: from a file to pieces of an app.Batch
//	look.go      Look: the first rows, and what is wrong with them cell by cell
//	find.go      where the headings stand, and over how many rows
//	encoding.go  encodings of texts
//	text.go      CSV: separator, rows with broken quotes
//	xlsx.go      XLSX as a stream: raw values of cells
//	shelf.go     shared texts of a workbook, enciphered where they go to disk
//	json.go      JSON as a table
//	dates.go     dates and durations as people and systems write them
//	profile.go   profiles: which headings a format is known by (data, not code)
//	row.go       one row by field: texts, moments, what is wrong with it
//	zones.go     regions whose clock differs from Moscow's
//	network.go   addresses of pages as files write them
//	tables.go     the region's own tables: read and written by their headings
//	paste.go     a table out of the clipboard: columns by headings, by looks, by asking
//	incident.go, registry.go, portal.go, city.go, daily.go,
//	months.go, open311.go
//	             one format each: what its rows mean
//	reference.go  reference lists of the region, with a heading or without
//	own.go       the program's own lists: written and read by one table of fields
//	list.go      List: a table on its way into a file, whole or not there;
//	             list_forms.go: as CSV, XLSX or JSON
//
// It may know: app, the layout of foreign files, how files get to the disk (disk). It may not know: where the
// rows are kept (app.Desk.Import writes them), windows, translations, assets.
//
// Every row of data is either in the Rows or in the Skipped of a piece with a reason;
// nothing is left out silently and nothing the file does not say is made up.
package exchange
