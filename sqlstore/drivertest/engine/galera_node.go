package engine

import (
	"fmt"
	"os"
	"regexp"
)

// galera is MariaDB with the library that makes it a node.
var galera = func() *product {
	p := *mariaDB
	p.name, p.variable, p.find = "Galera", "", findGalera
	return &p
}()

func findGalera() (string, error) {
	if _, found := galeraLibrary(); !found {
		return "", unavailable("no libgalera_smm.so; install the Debian package galera-4")
	}
	if _, found := findBinary("rsync"); !found {
		return "", unavailable("no rsync, by which nodes copy data; install the Debian package rsync")
	}
	return findMariaDB()
}

func galeraLibrary() (string, bool) {
	for _, path := range []string{"/usr/lib/galera/libgalera_smm.so", "/usr/lib/libgalera_smm.so"} {
		if _, err := os.Stat(path); err == nil {
			return path, true
		}
	}
	return "", false
}

// A node has, beside the port of its server, three more for the other nodes.
type node struct {
	server                 *Server
	group, increment, copy int
}

func newNode(options []Option) (*node, error) {
	s, err := prepare(galera, options)
	if err != nil {
		return nil, err
	}
	n := &node{server: s}
	for _, port := range []*int{&n.group, &n.increment, &n.copy} {
		if *port, err = freePort(); err != nil {
			return n, err
		}
	}
	return n, nil
}

func (n *node) groupAddress() string { return fmt.Sprintf("127.0.0.1:%d", n.group) }

// addSettings makes the server a node of the cluster at the address. Timeouts
// are below the defaults, so that the others notice a killed node in two seconds.
func (n *node) addSettings(cluster string) {
	library, _ := galeraLibrary() // found before
	for _, setting := range []string{
		"binlog-format=ROW",
		"default-storage-engine=InnoDB",
		"innodb-autoinc-lock-mode=2",
		"wsrep-on=ON",
		"wsrep-provider=" + library,
		"wsrep-cluster-name=userrecord",
		"wsrep-cluster-address=" + cluster,
		"wsrep-node-address=" + n.groupAddress(),
		"wsrep-sst-method=rsync",
		fmt.Sprintf("wsrep-sst-receive-address=127.0.0.1:%d", n.copy),
		"wsrep-slave-threads=2",
		fmt.Sprintf("wsrep-provider-options=base_host=127.0.0.1;base_port=%[1]d;gmcast.listen_addr=tcp://127.0.0.1:%[1]d;"+
			"ist.recv_addr=127.0.0.1:%[2]d;gcache.size=8M;gcache.dir=%[3]s;"+
			"evs.suspect_timeout=PT2S;evs.inactive_timeout=PT4S;evs.inactive_check_period=PT0.5S;"+
			"evs.keepalive_period=PT0.5S;evs.join_retrans_period=PT0.3S", n.group, n.increment, n.server.data()),
	} {
		n.server.addSetting(setting)
	}
}

func startPosition(position string) string { return "--wsrep-start-position=" + position }

var recovered = regexp.MustCompile(`Recovered position: *(\S+)`)

// recoverPosition reads from the node's data up to which change it has them. With
// it a killed node gets what it missed; without it, it would get a whole copy. Galera
// heeds it only where grastate.dat names the history, which it does not during DDL.
func (n *node) recoverPosition() (string, error) {
	log := n.server.directory.file("recovery.log")
	if err := n.server.writeFile(log, ""); err != nil {
		return "", err
	}
	argv := n.server.commandLine([]string{"--wsrep-recover", "--log-error=" + log})
	if err := n.server.tool(argv...); err != nil {
		return "", fmt.Errorf("%w\n%s", err, tail(log))
	}
	text, err := os.ReadFile(log)
	if err != nil {
		return "", err
	}
	found := recovered.FindSubmatch(text)
	if found == nil {
		return "", fmt.Errorf("no position in the data\n%s", tail(log))
	}
	return string(found[1]), nil
}
