package engine

import (
	"fmt"
	"math/rand/v2"
	"net"
	"sync"
)

// Ports are taken from below the range from which Linux gives a port to outgoing
// connections (from 32768 on). In that range the port of a killed server could
// go to somebody else before it is restarted, even to a client that, trying to
// reconnect, reaches itself.
const firstPort, lastPort = 10240, 32767

var givenPorts = struct {
	sync.Mutex
	taken map[int]bool
}{taken: map[int]bool{}}

// freePort returns a port of 127.0.0.1 that was free a moment ago and that this
// process has not given out before.
func freePort() (int, error) {
	givenPorts.Lock()
	defer givenPorts.Unlock()
	for range 1000 {
		port := firstPort + rand.IntN(lastPort-firstPort+1)
		if givenPorts.taken[port] || !isFree(port) {
			continue
		}
		givenPorts.taken[port] = true
		return port, nil
	}
	return 0, fmt.Errorf("found no free port of 127.0.0.1 from %d to %d", firstPort, lastPort)
}

func isFree(port int) bool {
	listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
	if err != nil {
		return false
	}
	return listener.Close() == nil
}
