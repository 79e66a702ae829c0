// Package open311 speaks Open311 GeoReport v2: apps of citizens find the services of
// the region, hand in requests and ask what became of them; requests that another
// server gives out are loaded.
//
// The map of the package:
//
//	endpoint.go  Endpoint: what it needs, its addresses, its work in the background
//	shapes.go    answers as the standard has them, in XML and JSON; its tables are in
//	             testdata/georeport_v2.txt, and tests hold every answer to them
//	services.go  services out of the region's topics, and what they ask
//	post.go      a request read and checked
//	intake.go    inbox, appeal, token
//	list.go      requests asked for
//	public.go    what everybody may know of an appeal
//	shelves.go   what is kept beside appeals
//	load.go      requests of another server
//
// The standard asks for no key of who reads, so that public answers never hold a name,
// a telephone, a mail address, the device, or words of the citizen or the operator.
// Only appeals that came through this package are told of.
//
// The standard has no idempotency either. A request is the same one again where it
// bears the same header Idempotency-Key under the same api_key, or, without the header,
// where every field and the picture are the same within ten minutes.
//
// It may know: app, central. It may not know: which storage is underneath,
// windows, where its configuration comes from.
package open311
