// Package lists writes lists of the program to files: appeals, pages and tables of any
// screen, as a workbook, a CSV, JSON or a sheet to print, with personal data covered
// unless somebody who may asked for them, and entered into the journal.
//
// The map of the package:
//
//	lists.go    Table, Order, Write: a list on its way into a file
//	appeals.go  appeals: the columns people read, and the layout that is read back
//	pages.go    pages in the layout that is read back
//	paper.go    the sheet to print
//
// It may know: the domain (app), words (assets), the forms of files (exchange, disk),
// documents (report, bulletin). It may not know: windows, the command line, where data
// is kept.
package lists
