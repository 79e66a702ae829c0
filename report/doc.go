// Package report draws the charts of «Отклик» as pictures, puts an appeal on paper, and
// writes documents as PDF, XLSX, PNG, SVG and plain text.
//
// The map of the package:
//
//	look.go       Look and Palette: size, scale, colours, what is hidden, occasions
//	labels.go     Labels: every word and number format, given by the caller
//	picture.go    Picture and Hover: what lies under the pointer and beside it
//	places.go     where values stand: along x, or in a field each
//	surface.go    what a chart is drawn on: an image, an SVG, a page
//	svg.go        the surface that becomes an SVG
//	frame.go      canvas box, margins, grid, dates, «нет данных»; images by go-chart
//	legend.go     the names of series below the dates
//	occasions.go  what happened, marked on axes of time
//	pen.go        antialiased lines and areas
//	curve.go      lines between gaps, dashed where a value is not final
//	ticks.go      round numbers, round durations, days and months on axes
//	steps.go      days, weeks and months on an axis of time
//	thin.go       which of a million values to draw; stretches between gaps
//	growth.go     subscribers of one page
//	networks.go   subscribers of all networks, stacked (stack.go: their sums)
//	responses.go  median, mean, band and goal of the first response
//	heat.go       appeals by weekday and hour
//	pace.go       new and closed appeals and the backlog
//	intime.go     share in time
//	networkshares.go  parts of the networks, stacked
//	lines.go      subscribers of several pages
//	bars.go       level bars: rankings, topics, municipalities
//	boxes.go      spread of response times by rows
//	histogram.go  response times by their length
//	unanswered.go what share is still unanswered after how long
//	tilemap.go    municipalities as squares
//	ladder.go     the layout of rows: names, bars, words at the right
//	columns.go    columns from zero, and axes that end with the values
//	stops.go      the axis of customary lengths of a wait
//	pins.go       upright lines with words, values and units beside axes
//	sparkline.go  the tiny line of a table's row
//	sheet.go      one appeal on paper, as a page for the system's browser
//	document.go   Document: figures, tables, charts and prose, before they have a form
//	say.go        a value as people read it
//	fonts.go      PT Sans, its breadths, and words in the characters it has
//	page.go       a page laid out, the paper it is painted on, lines of words
//	layout.go     pages: margins, breaks, what stands together; layout_blocks.go and
//	              layout_table.go: the blocks on them
//	pdf.go        WritePDF; charts on it are vectors
//	png.go        WritePNG: the document as one picture; svg_document.go WriteSVG
//	preview.go   its first pages at the pixels of a screen
//	xlsx.go       WriteXLSX: the first sheet; xlsx_table.go the others, xlsx_chart.go
//	              charts of the spreadsheet, xlsx_style.go formats
//	message.go    WriteText: for a messenger
//
// It may know: the domain (app), go-chart, fpdf, excelize and image libraries. It may not know:
// windows, widgets and translations (words come in as Labels), where data is
// kept, what time it is. It holds no state; every function may be called from
// any goroutine.
//
// A day without a count is a gap in the picture, never a zero and never a
// bridge.
package report
