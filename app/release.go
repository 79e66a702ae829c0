package app

// Release is the version of the program that the region's administrator has
// announced as the current one, as the server hands it on: words of a stranger, to
// be shown by way of assets.Newer and never followed. The zero Release says that
// nothing was announced.
type Release struct {
	Version string `json:"version"`         // 1.2.3, as assets.Version
	Place   string `json:"place,omitempty"` // where to get it: an address, a shared folder
}
