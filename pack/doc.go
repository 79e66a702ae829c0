// Package pack makes records small for the disk.
//
// It may know: nothing of the house; a record is bytes to it. It may not know:
// what stands in a record or where one is kept.
package pack
