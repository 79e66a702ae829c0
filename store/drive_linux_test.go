package store

import (
	"testing"

	sys "golang.org/x/sys/unix"
)

func TestDrivesOfOtherMachines(t *testing.T) {
	for number, want := range map[int64]bool{
		sys.NFS_SUPER_MAGIC: true, sys.SMB2_SUPER_MAGIC: true, sys.CIFS_SUPER_MAGIC: true,
		sys.EXT4_SUPER_MAGIC: false, sys.TMPFS_MAGIC: false, sys.BTRFS_SUPER_MAGIC: false, sys.FUSE_SUPER_MAGIC: false,
	} {
		if networkType(uint32(number)) != want {
			t.Errorf("%x: %v", number, !want)
		}
	}
	if free, known := room(t.TempDir()); !known || free <= 0 {
		t.Errorf("%d bytes are free, known: %v", free, known)
	}
	if onNetwork(t.TempDir()) {
		t.Error("a temporary folder is on the network")
	}
}
