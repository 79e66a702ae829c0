// Package vk brings in what people write to a community of VKontakte: messages,
// comments under its posts, entries of its discussions.
//
// The map of the package:
//
//	vk.go     the community, whom it believes, what it keeps deliveries under
//	check.go  what the administrator is told about the credentials
//	call.go   one call of the API
//	types.go  the shapes of the API, as far as they are read
//	read.go   events → messages
//	files.go  what is attached to them
//	poll.go   events asked for instead of delivered
//	send.go   answers, and what the API's errors mean for them
//	count.go  members of communities
//	posts.go  their posts
//
// It may know: app, central/channel. It may not know: storages, the hub, other
// platforms.
package vk
