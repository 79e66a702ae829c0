// Package disk puts files on the disk whole or not at all.
//
// It may know files alone.
package disk
