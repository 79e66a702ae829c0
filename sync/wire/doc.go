// Package wire is what travels between a workstation and a central API: the
// envelopes around the domain's operations and changes, the paths, headers and
// limits, and the contract itself (openapi.yaml).
//
// It may know: package app, whose Op, Change and Verdict are the payload. It
// may not know: HTTP clients and servers, storage, how anything is judged.
package wire
