// Command otklik-central runs the central API as a process of its own.
//
//	otklik-central serve  --data DIR [--listen ADDR] [--demo] [--enrol-code CODE --enrol-name NAME --enrol-roles LIST]
//	otklik-central enrol  --data DIR --name NAME --roles LIST
//	otklik-central revoke --data DIR --device ID
//
// One process at a time may have the data folder open: while the server runs,
// enrol and revoke say so and end. To enrol the first workstation of a running
// server start it with --enrol-code, which accepts that code once.
//
// All three take --postgres URL instead of --data DIR, or the URL from the
// environment as OTKLIK_POSTGRES, where a password is not seen in the list of
// processes. Any number of servers may run over one database, behind any
// balancer, and enrol and revoke work beside them.
//
// It may know everything below it: central, its storages, the sample content
// and the assets.
package main
