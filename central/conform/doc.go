// Package conform holds anybody's server to the published contract
// (sync/wire/openapi.yaml), from outside: it enrols as a workstation does and
// asserts what every workstation relies on.
//
//	run.go            Run: the checks one after another, and their results
//	device.go         one workstation: requests, tokens, pages, operations
//	checks.go         the list of checks
//	check_access.go   enrolment and tokens
//	check_push.go     operations and verdicts
//	check_feed.go     the feed, cursors, long-poll
//	check_scope.go    workstations that may see some municipalities only
//	check_files.go    attachments
//	check_bounds.go   limits and what is no request at all
//
// The checks leave a few appeals behind, which say what they are: the contract
// has no way to take them back. A server with real data is not to be tried.
//
// It may know: package app and sync/wire, the two halves of the contract. It may
// not know: package central, any storage, how the server is made.
package conform
