// Command otklik-central runs the central API as a process of its own.
//
//	otklik-central serve   --data DIR [--listen ADDR] [--tls-cert FILE --tls-key FILE] [--metrics ADDR] [--demo]
//	                       [--enrol-code CODE --enrol-name NAME --enrol-roles LIST] [--rate-device N] [--rate-address N]
//	                       [--keep-days N]
//	otklik-central enrol   --data DIR --name NAME --roles LIST
//	otklik-central revoke  --data DIR --device ID
//	otklik-central backup  --data DIR --to FILE
//	otklik-central restore --data DIR --from FILE
//	otklik-central conform URL --code CODE[,CODE] [--ca FILE]
//
// One process at a time may have the data open: while the server runs, enrol,
// revoke and backup have it do the work, by way of a file in the data folder
// that says where it listens on loopback. restore asks that no server runs; it
// begins a new epoch, so that workstations send again what came after the
// backup. conform holds anybody's server to the contract and fails where it does
// not keep to it; it leaves a few appeals behind.
//
// serve, enrol and revoke take --postgres URL instead of --data DIR, or the URL
// from the environment as OTKLIK_POSTGRES, where a password is not seen in the
// list of processes. Any number of servers may run over one database, behind any
// balancer.
//
// It may know everything below it: central, its storages, the sample content
// and the assets.
package main
