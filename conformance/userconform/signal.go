package main

import (
	"os"
	"os/signal"
	"syscall"
	"time"
)

// sameSignal is how long after the first signal another is taken for the same one:
// timeout(1) signals the process and then its group, and CI systems do alike.
const sameSignal = 2 * time.Second

// onSignal calls stop when a signal asks the process to end. One that comes later ends it
// at once. A run that died of the first would leave the user as it was at that moment.
func onSignal(stop func()) {
	signal.Ignore(syscall.SIGPIPE) // a reader such as head may go: writing says so too
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	if !signal.Ignored(syscall.SIGHUP) { // as under nohup
		signal.Notify(signals, syscall.SIGHUP)
	}
	go func() {
		<-signals
		stop()
		time.Sleep(sameSignal)
		signal.Stop(signals)
	}()
}
