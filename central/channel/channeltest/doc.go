// Package channeltest puts channels to the test: a central server over a storage of
// its own with lines and an operator at a workstation, and the suite every platform
// passes against a stand-in.
//
// The map of the package:
//
//	world.go     a server with lines that can be killed; broken.go: its storage fails when told to
//	operator.go  a person at a workstation
//	spec.go      what only a platform knows of itself, and its stand-in
//	run.go       the suite: what comes in
//	answers.go   the suite: what goes out
//
// It may know: app, central, the channels' package, one storage, the contract.
package channeltest
