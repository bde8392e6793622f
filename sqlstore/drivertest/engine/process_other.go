//go:build !linux

package engine

import (
	"os"
	"syscall"
)

// canStart says whether servers can be started on this operating system.
func canStart() error { return unavailable("servers are started on Linux only") }

func attributes(account, syscall.Signal) *syscall.SysProcAttr { return nil }

func (p *process) kill() error { return p.cmd.Process.Kill() }

func claim(*os.File) (bool, error) { return true, nil }

func (p *process) freezeAll() (func() error, error) { return nil, canStart() }

func (p *process) pauseChild(int) error { return canStart() }

func (p *process) resumeChild(int) error { return canStart() }

func freeBytes(string) int64 { return 0 }
