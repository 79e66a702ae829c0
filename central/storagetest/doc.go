// Package storagetest is what every storage of the central API has to pass.
//
// It may know: central's Storage and the domain's types. It may not know: any
// one storage.
package storagetest
