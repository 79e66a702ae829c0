// Package ok brings in what people write to a group of Odnoklassniki, takes answers
// back, and counts the members of groups.
//
// The map of the package:
//
//	ok.go    the platform, who may deliver, what it checks
//	call.go  one call of the API, and what its errors mean
//	read.go  notifications → messages
//	send.go  answers
//	count.go members of groups, and what their names stand for
//
// The platform signs nothing: a secret in the address and the networks it publishes
// stand in for that. It tells of no edits. There are no recorded deliveries of it: the
// shapes are those of its documentation (apiok.ru), and were not tried against the live
// service. How many letters a message holds, and how many groups one call counts, the
// documentation does not say.
//
// It may know: app, central/channel. It may not know: storages, the hub, other
// platforms.
package ok
