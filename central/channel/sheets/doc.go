// Package sheets takes in the spreadsheets of systems that speak no other way: the
// exports of «Госуслуги. Решаем вместе» and of «Инцидент Менеджмент», dropped into a
// watched folder or posted to an address.
//
// The map of the package:
//
//	sheets.go  Inlet, Sheets: what is watched, and until when
//	post.go    the address: a file that is posted is put into the folder
//	folder.go  the folder: which files are whole, and where they go when they are read
//	rows.go    rows become operations, as an import at a workstation makes them
//
// It may know: app, central, channel, exchange, assets for the words in reports, disk. It may
// not know: which storage is underneath, where its configuration comes from. Nothing of
// what a file says goes into a log.
package sheets
