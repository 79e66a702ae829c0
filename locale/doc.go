// Package locale gives the process a language before Fyne looks for one. Fyne
// does so while its packages are initialised, and writes lines of complaint
// about the locales "C" and "POSIX" before main begins; under cron, in a
// container or over ssh every command would end with them.
//
// Packages are initialised in the order of their import paths as soon as all
// they import is; this one imports next to nothing, so that it comes first. It
// may know nothing else.
package locale

import (
	"cmp"
	"os"
	"strings"
)

func init() {
	set, _, _ := strings.Cut(cmp.Or(os.Getenv("LC_ALL"), os.Getenv("LC_MESSAGES"), os.Getenv("LANG")), ".")
	switch set {
	case "", "C", "POSIX":
		_ = os.Setenv("LC_ALL", "ru_RU.UTF-8")
	}
}
