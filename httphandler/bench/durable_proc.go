package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// These functions read /proc, which Linux has (proc(5)).

// tick is the unit of the times in /proc/PID/stat: USER_HZ is 100 on every Linux.
const tick = 10 * time.Millisecond

// A procStat is what /proc/PID/stat says.
type procStat struct {
	parent      int
	own, reaped time.Duration // processor time of the process, and of children that it has waited for
}

// parseStat parses the text of /proc/PID/stat.
func parseStat(text string) (s procStat, err error) {
	// pid (name) state ppid ...: the name may contain anything.
	fields := strings.Fields(text[strings.LastIndexByte(text, ')')+1:])
	if len(fields) < 15 {
		return s, fmt.Errorf("/proc/PID/stat has %d fields after the name", len(fields))
	}
	var numbers [5]int
	for i, field := range []int{1, 11, 12, 13, 14} { // ppid, utime, stime, cutime, cstime
		if numbers[i], err = strconv.Atoi(fields[field]); err != nil {
			return s, err
		}
	}
	own, reaped := numbers[1]+numbers[2], numbers[3]+numbers[4]
	return procStat{numbers[0], time.Duration(own) * tick, time.Duration(reaped) * tick}, nil
}

func statOf(pid int) (procStat, error) {
	text, err := os.ReadFile(procFile(pid, "stat"))
	if err != nil {
		return procStat{}, err
	}
	return parseStat(string(text))
}

func procFile(pid int, name string) string { return fmt.Sprintf("/proc/%d/%s", pid, name) }

// timeOf returns the processor time that a process has used.
func timeOf(pid int) (time.Duration, error) {
	s, err := statOf(pid)
	return s.own, err
}

// treeTimeOf returns the processor time that a process and all below it have used, those
// that have ended included.
func treeTimeOf(root int) (time.Duration, error) {
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return 0, err
	}
	all := make(map[int]procStat)
	for _, entry := range entries {
		pid, err := strconv.Atoi(entry.Name())
		if err != nil {
			continue // not a process
		}
		s, err := statOf(pid)
		if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ESRCH) {
			continue // ended by now
		}
		if err != nil {
			return 0, err
		}
		all[pid] = s
	}
	return sumBelow(all, root), nil
}

// sumBelow adds up the processor time of the root and all processes below it.
func sumBelow(all map[int]procStat, root int) time.Duration {
	sum := all[root].own + all[root].reaped
	for pid, s := range all {
		if s.parent == root {
			sum += sumBelow(all, pid)
		}
	}
	return sum
}

var peakLine = []byte("VmHWM:")

// parsePeak returns the largest resident set, in bytes, from the text of
// /proc/PID/status.
func parsePeak(text []byte) (int64, error) {
	for line := range bytes.Lines(text) {
		if value, ok := bytes.CutPrefix(line, peakLine); ok {
			kibibytes, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(string(value)), " kB"), 10, 64)
			return kibibytes << 10, err
		}
	}
	return 0, errors.New("/proc/PID/status has no VmHWM")
}

// peakOf returns the largest resident set of a process, in bytes, since resetPeak.
func peakOf(pid int) (int64, error) {
	text, err := os.ReadFile(procFile(pid, "status"))
	if err != nil {
		return 0, err
	}
	return parsePeak(text)
}

// resetPeak makes the present resident set of a process the largest.
func resetPeak(pid int) error { return os.WriteFile(procFile(pid, "clear_refs"), []byte("5"), 0) }
