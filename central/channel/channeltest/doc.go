// Package channeltest puts channels to the test: a central server over a storage of
// its own with one line and an operator at a workstation, and the suite every platform
// passes against a stand-in.
package channeltest
