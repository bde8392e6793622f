package main

import (
	"errors"
	"os/exec"
	"runtime"
	"time"

	"golang.org/x/sys/unix"
)

// twoCores returns two of the cores that this process may use.
func twoCores() (cores [2]int, err error) {
	var allowed unix.CPUSet
	if err := unix.SchedGetaffinity(0, &allowed); err != nil {
		return cores, err
	}
	if allowed.Count() < len(cores) {
		return cores, errors.New("-loopback needs two cores: one for the server, one for the load")
	}
	n := 0
	for core := 0; n < len(cores); core++ {
		if allowed.IsSet(core) {
			cores[n] = core
			n++
		}
	}
	return cores, nil
}

// startOn starts a process on one core: it inherits the affinity of the thread that
// starts it. Its Go runtime then uses one processor.
func startOn(core int, cmd *exec.Cmd) (err error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var before, one unix.CPUSet
	if err := unix.SchedGetaffinity(0, &before); err != nil {
		return err
	}
	one.Set(core)
	if err := unix.SchedSetaffinity(0, &one); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, unix.SchedSetaffinity(0, &before)) }()
	return cmd.Start()
}

// processorTime returns how much processor time this process has used.
func processorTime() (time.Duration, error) {
	var usage unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &usage); err != nil {
		return 0, err
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano()), nil
}
