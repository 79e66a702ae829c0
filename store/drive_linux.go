package store

import sys "golang.org/x/sys/unix"

// onNetwork says whether the folder lies on a drive of another machine.
func onNetwork(folder string) bool {
	var s sys.Statfs_t
	if sys.Statfs(folder, &s) != nil {
		return false // whatever it is, opening the file will tell
	}
	return networkType(uint32(s.Type))
}

// networkType knows file systems by their numbers. FUSE is not among them: local
// drives come through it, too.
func networkType(number uint32) bool {
	switch number {
	case sys.NFS_SUPER_MAGIC, sys.SMB_SUPER_MAGIC, sys.SMB2_SUPER_MAGIC, sys.CIFS_SUPER_MAGIC, sys.AFS_SUPER_MAGIC,
		sys.CODA_SUPER_MAGIC, 0x564c /* NCP */ :
		return true
	}
	return false
}

// room gives the bytes that are free for this user.
func room(folder string) (int64, bool) {
	var s sys.Statfs_t
	if sys.Statfs(folder, &s) != nil {
		return 0, false
	}
	return int64(s.Bavail) * s.Bsize, true
}
