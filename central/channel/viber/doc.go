// Package viber speaks with a bot of Viber: signed callbacks in, answers out through
// the REST API.
//
// The codes of the API are those of the vendor's documentation as remembered; they
// were not tried against the live service. That a message was delivered or failed later
// is told by callbacks, which are acknowledged and tell nothing: a Platform cannot pass
// them on.
//
// It may know: app, central/channel.
package viber
