// Package max brings in what people write to a bot of MAX, and what they write in chats
// the bot is in.
//
// The map of the package:
//
//	max.go    the platform, what it checks
//	call.go   one call of the bot API, and what its errors mean
//	types.go  the shapes of the bot API, as far as they are read
//	read.go   updates → messages
//	poll.go   updates asked for instead of delivered
//	send.go   answers
//	fetch.go  films, whose links are asked for
//	count.go  members and posts of channels
//
// It may know: app, central/channel. It may not know: storages, the hub, other
// platforms.
package max
