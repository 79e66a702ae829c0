// Package telegram brings in what people write to a bot of Telegram, and what they
// write under posts of channels whose discussions the bot is in.
//
// The map of the package:
//
//	telegram.go  the platform, what it checks
//	call.go      one call of the Bot API, and what its errors mean
//	types.go     the shapes of the Bot API, as far as they are read
//	read.go      updates → messages
//	poll.go      updates asked for instead of delivered
//	send.go      answers
//	fetch.go     files
//	count.go     subscribers of channels
//
// It may know: app, central/channel. It may not know: storages, the hub, other
// platforms. The token is part of every address, so that no address gets into an error.
package telegram
