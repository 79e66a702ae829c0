// Package bulletin composes the documents a centre publishes: figures of the domain,
// words of a language and charts become a report.Document, which package report writes
// as PDF, XLSX, PNG, SVG or plain text.
//
// The map of the package:
//
//	bulletin.go   Kind, Format, Make, Write, FileName, the usual periods
//	labels.go     words and number formats of the charts
//	file.go       a document as a file, whole or not at all
//	schedule.go   documents made by the clock: when one is due
//	planner.go    the schedules of a workstation, kept and carried out
//
// It may know: the domain and its use cases (app), charts and documents (report), words
// (assets). It may not know: windows, where data is kept. It holds no state.
//
// No document holds personal data: no text, author, address or contact of an appeal, no
// name of a person who works on it.
package bulletin
