// Command otklik-central runs the central API as a process of its own.
//
//	otklik-central serve   --data DIR [--listen ADDR] [--tls-cert FILE --tls-key FILE] [--metrics ADDR] [--demo]
//	                       [--enrol-code CODE --enrol-name NAME --enrol-roles LIST --enrol-municipalities LIST]
//	                       [--rate-device N] [--rate-address N] [--keep-days N]
//	                       [--channels FILE]
//	otklik-central enrol   --data DIR --name NAME --roles LIST [--municipalities LIST]
//	otklik-central scope   --data DIR --device ID --municipalities LIST
//	otklik-central revoke  --data DIR --device ID
//	otklik-central take    FILE --data DIR [--json]
//	otklik-central channels test  --channels FILE
//	otklik-central channels count --data DIR [--channels FILE] [--now]
//	otklik-central open311 load FILE --data DIR [--jurisdiction ID] [--json]
//	otklik-central backup  --data DIR --to FILE
//	otklik-central restore --data DIR --from FILE
//	otklik-central restored --postgres URL
//	otklik-central conform URL --code CODE[,CODE[,CODE]] [--ca FILE]
//	otklik-central version
//
// One process at a time may have the data open: while the server runs, enrol, scope,
// revoke, take, channels count, open311 load and backup have it do the work, by way of
// a file in the data folder that says where it listens on loopback. restore asks that
// no server runs; it begins a new epoch, so that workstations send again what came
// after the backup. conform holds anybody's server to the contract and fails where it does
// not keep to it; it leaves a few appeals behind.
//
// take judges the operations of a file that a workstation exported because it
// cannot send them («otklik outbox export»). Its signature is checked against the
// key of the device, a revoked one too; what the server knows already is not
// judged again. It prints verdicts, and nothing of what the file says.
//
// channels test asks every platform of the file whether the credentials work, and says
// in a line each what is wrong. channels count counts the subscribers of pages, which a
// server with channels does by itself once a day. docs/channels.ru.md has the file.
//
// open311 load takes in requests that another server of GeoReport v2 gave out as JSON. A
// request that is here already is known by its number: what is new of it is added, its
// status too. It prints what became of them, and of those it skipped their places.
//
// A PostgreSQL database is backed up and restored with its own tools; restored,
// while no server runs over it, tells the database that this has happened.
//
// serve, enrol, scope, revoke, take, channels count and open311 load take --postgres URL
// instead of --data DIR, or the URL from the environment as OTKLIK_POSTGRES, where a
// password is not seen in the list of processes. Any number of servers may run over one database, behind any
// balancer.
//
// It may know everything below it: central, its storages, the sample content
// and the assets.
package main
