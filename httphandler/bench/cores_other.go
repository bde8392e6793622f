//go:build !linux

package main

import (
	"errors"
	"os/exec"
	"time"
)

var errNotLinux = errors.New("-loopback runs on Linux only: it sets processor affinities")

func twoCores() ([2]int, error)             { return [2]int{}, errNotLinux }
func startOn(int, *exec.Cmd) error          { return errNotLinux }
func processorTime() (time.Duration, error) { return 0, errNotLinux }
