package engine

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

// canStart says whether servers can be started on this operating system.
func canStart() error { return nil }

func attributes(a account, deathSignal syscall.Signal) *syscall.SysProcAttr {
	// A process group of its own: ^C in a terminal is for the tests, which then
	// end the server.
	attr := &syscall.SysProcAttr{Setpgid: true, Pdeathsig: deathSignal}
	if a.drop {
		attr.Credential = &syscall.Credential{Uid: uint32(a.uid), Gid: uint32(a.gid)}
	}
	return attr
}

// kill ends the process and all its descendants with SIGKILL, at once, and
// returns when none is left. The server is stopped first: it can then neither
// start another child, nor reap one, so that the ids stay theirs.
func (p *process) kill() error {
	if p.hasEnded() {
		return nil
	}
	if err := p.freeze(); err != nil {
		return err
	}
	victims, err := descendants(p.cmd.Process.Pid)
	if err != nil {
		return err
	}
	if err := signalAll(victims, syscall.SIGKILL); err != nil {
		return err
	}
	if err := p.end(syscall.SIGKILL); err != nil {
		return err
	}
	return poll("end of the children", func() (bool, error) { return allGone(victims) })
}

// freeze stops the process and returns when it has stopped, or has ended.
func (p *process) freeze() error {
	if err := p.cmd.Process.Signal(syscall.SIGSTOP); err != nil && !p.hasEnded() {
		return err
	}
	return poll("stop of the process", func() (bool, error) {
		stat, err := readStat(p.cmd.Process.Pid)
		return stat.state == 'T' || stat.gone(), err
	})
}

// freezeAll stops the process and all its descendants; resume lets them go on.
func (p *process) freezeAll() (resume func() error, err error) {
	if err := p.freeze(); err != nil {
		return nil, err
	}
	children, err := descendants(p.cmd.Process.Pid)
	all := append(children, p.cmd.Process.Pid)
	resume = func() error { return signalAll(all, syscall.SIGCONT) }
	return resume, errors.Join(err, signalAll(all, syscall.SIGSTOP))
}

func signalAll(pids []int, signal syscall.Signal) error {
	for _, pid := range pids {
		if err := syscall.Kill(pid, signal); err != nil && !errors.Is(err, syscall.ESRCH) {
			return err
		}
	}
	return nil
}

// A procStat is what /proc says of a process; the zero value is of none.
type procStat struct {
	parent int
	state  byte
}

// gone says whether it has ended, if perhaps nobody has asked for its status.
func (s procStat) gone() bool { return s.state == 0 || s.state == 'Z' || s.state == 'X' }

func readStat(pid int) (procStat, error) {
	text, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "stat"))
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ESRCH) {
		return procStat{}, nil
	}
	if err != nil {
		return procStat{}, err
	}
	// pid (name) state parent ...; the name may hold anything.
	fields := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
	if len(fields) < 2 {
		return procStat{}, fmt.Errorf("/proc/%d/stat is not as expected", pid)
	}
	parent, err := strconv.Atoi(fields[1])
	return procStat{parent: parent, state: fields[0][0]}, err
}

// descendants returns the ids of all processes below the given one.
func descendants(root int) ([]int, error) {
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return nil, err
	}
	children := map[int][]int{}
	for _, entry := range entries {
		pid, err := strconv.Atoi(entry.Name())
		if err != nil {
			continue // not a process
		}
		stat, err := readStat(pid)
		if err != nil {
			return nil, err
		}
		children[stat.parent] = append(children[stat.parent], pid)
	}
	below := children[root]
	for i := 0; i < len(below); i++ {
		below = append(below, children[below[i]]...)
	}
	return below, nil
}

func allGone(pids []int) (bool, error) {
	for _, pid := range pids {
		stat, err := readStat(pid)
		if err != nil || !stat.gone() {
			return false, err
		}
	}
	return true, nil
}

// pauseChild stops a descendant with SIGSTOP, resumeChild lets it go on.
func (p *process) pauseChild(pid int) error { return p.signalChild(pid, syscall.SIGSTOP) }

func (p *process) resumeChild(pid int) error { return p.signalChild(pid, syscall.SIGCONT) }

func (p *process) signalChild(pid int, signal syscall.Signal) error {
	children, err := descendants(p.cmd.Process.Pid)
	if err != nil {
		return err
	}
	if !slices.Contains(children, pid) {
		return fmt.Errorf("process %d is none of the server's", pid)
	}
	return syscall.Kill(pid, signal)
}
