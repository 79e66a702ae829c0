package store

import (
	"path/filepath"

	"golang.org/x/sys/windows"
)

// onNetwork says whether the folder lies on a drive of another machine.
func onNetwork(folder string) bool {
	path, err := filepath.Abs(folder)
	if err != nil {
		return false
	}
	volume := filepath.VolumeName(path)
	if len(volume) > 2 {
		return true // \\server\share
	}
	name, err := windows.UTF16PtrFromString(volume + `\`)
	return err == nil && windows.GetDriveType(name) == windows.DRIVE_REMOTE
}

// room gives the bytes that are free for this user.
func room(folder string) (int64, bool) {
	name, err := windows.UTF16PtrFromString(folder)
	if err != nil {
		return 0, false
	}
	var free uint64
	if windows.GetDiskFreeSpaceEx(name, &free, nil, nil) != nil {
		return 0, false
	}
	return int64(free), true
}
