package store

import (
	"strings"
	"testing"

	"github.com/ncruces/go-sqlite3/util/vfsutil"
	"github.com/ncruces/go-sqlite3/vfs"
)

// disk is the operating system's file system with a test in between.
type disk struct {
	vfs.VFS
	// write is asked before each write to a file; its error is the write's.
	write func(name string, n int) error
	// synced is told when what was written to a file has reached the disk.
	synced func(name string)
}

// newDisk makes a disk, and returns the name by which openOn finds it.
func newDisk(t *testing.T, d *disk) string {
	t.Helper()
	d.VFS = vfs.Find(osVFS)
	name := strings.ToLower(strings.ReplaceAll(t.Name(), "/", "-"))
	vfs.Register(name, d)
	t.Cleanup(func() { vfs.Unregister(name) })
	return name
}

// OpenFilename implements vfs.VFSFilename.
func (d *disk) OpenFilename(name *vfs.Filename, flags vfs.OpenFlag) (vfs.File, vfs.OpenFlag, error) {
	f, flags, err := vfsutil.WrapOpenFilename(d.VFS, name, flags)
	if err != nil {
		return nil, flags, err
	}
	return &diskFile{File: f, disk: d, name: name.String()}, flags, nil
}

// diskFile is a file of a disk.
type diskFile struct {
	vfs.File
	disk *disk
	name string
}

// SharedMemory implements vfs.FileSharedMemory, without which there is no
// write-ahead log.
func (f *diskFile) SharedMemory() vfs.SharedMemory { return vfsutil.WrapSharedMemory(f.File) }

func (f *diskFile) WriteAt(p []byte, off int64) (int, error) {
	if f.disk.write != nil {
		if err := f.disk.write(f.name, len(p)); err != nil {
			return 0, err
		}
	}
	return f.File.WriteAt(p, off)
}

func (f *diskFile) Sync(flags vfs.SyncFlag) error {
	err := f.File.Sync(flags)
	if err == nil && f.disk.synced != nil {
		f.disk.synced(f.name)
	}
	return err
}
