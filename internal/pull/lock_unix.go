//go:build linux || darwin || freebsd || netbsd || openbsd

package pull

import (
	"fmt"
	"os"
	"syscall"
)

// lock keeps a second pull out of a folder. The system lets go of it when the
// process ends, however it ends.
func lock(path string) (unlock func(), err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		f.Close()
		return nil, fmt.Errorf("another pull into this folder is running (%s is locked)", path)
	}
	return func() { f.Close() }, nil
}
