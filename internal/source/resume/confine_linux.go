package resume

import (
	"bytes"
	"fmt"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"
)

// confineProcess sets limits that the kernel enforces: address space, no new file or
// socket, no file contents, no core dump. What the process has mapped already, Go's
// reserved address space above all, comes on top.
func confineProcess() error {
	statm, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return err
	}
	first, _, _ := bytes.Cut(statm, []byte(" "))
	pages, err := strconv.ParseUint(string(first), 10, 64)
	if err != nil {
		return err
	}
	ended := make(chan os.Signal, 1)
	signal.Notify(ended, syscall.SIGXCPU)
	go func() {
		<-ended
		os.Exit(3)
	}()
	time.Sleep(time.Microsecond) // the runtime opens what its timers need while it still may
	room := pages*uint64(os.Getpagesize()) + childMemory
	for _, l := range []struct {
		which int
		most  uint64
	}{{syscall.RLIMIT_AS, room}, {syscall.RLIMIT_NOFILE, 0}, {syscall.RLIMIT_FSIZE, 0}, {syscall.RLIMIT_CORE, 0}} {
		if err := syscall.Setrlimit(l.which, &syscall.Rlimit{Cur: l.most, Max: l.most}); err != nil {
			return fmt.Errorf("limit %d: %w", l.which, err)
		}
	}
	return nil
}

// allowCPU gives the next document its processor time. The kernel's signal ends the
// process; the parent's clock ends it too, but the parent may be gone.
func allowCPU() error {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return err
	}
	var l syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_CPU, &l); err != nil {
		return err
	}
	l.Cur = min(l.Max, uint64(u.Utime.Sec+u.Stime.Sec)+childCPU+1)
	return syscall.Setrlimit(syscall.RLIMIT_CPU, &l)
}
