// Package embedded keeps what a central API knows in one bbolt file: the
// default, for one server process.
//
// It may know: central's Storage, the domain's types, bbolt and pack. It may
// not know: HTTP, how operations are judged, who asks.
package embedded
