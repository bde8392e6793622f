//go:build linux

package engine

import (
	"bufio"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// ownSegments returns the ids of the System V segments that the process made.
func ownSegments(t *testing.T, server int) []string {
	t.Helper()
	text, err := os.ReadFile("/proc/sysvipc/shm")
	must(t, err)
	var ids []string
	for line := range strings.Lines(string(text)) {
		// key shmid perms size cpid ...
		if fields := strings.Fields(line); len(fields) > 4 && fields[4] == fmt.Sprint(server) {
			ids = append(ids, fields[1])
		}
	}
	return ids
}

// victim, set in the environment, turns the test binary into a process that
// starts a server, says where, and waits to be killed. It holds the product's name, and the
// password and the data directory of a server to copy: not to make the data again.
const victim = "USERRECORD_ENGINE_VICTIM"

// TestMain lets all tests run at the same time, on any number of cores: they wait
// for the starts of servers, and the longest for those of Galera. A flag on the command
// line counts more. The tests start servers, whatever the environment names.
func TestMain(m *testing.M) {
	if err := flag.Set("test.parallel", "32"); err != nil {
		panic(err)
	}
	for _, p := range []*product{postgreSQL, mariaDB} {
		if err := os.Unsetenv(p.variable); err != nil {
			panic(err)
		}
	}
	if what := os.Getenv(victim); what != "" {
		part := strings.SplitN(what, " ", 3)
		waitToBeKilled(products[part[0]], part[1], part[2])
	}
	os.Exit(m.Run())
}

func waitToBeKilled(p *product, password, data string) {
	server, err := startCopy(p, password, data)
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	pids, err := descendants(os.Getpid())
	fmt.Println(server.directory.path, strings.Trim(fmt.Sprint(pids), "[]"), err)
	select {}
}

func startCopy(p *product, password, data string) (*Server, error) {
	files, err := readFiles(data)
	if err != nil {
		return nil, err
	}
	p.template.files, p.template.password = files, password
	return obtain(p, []Option{Fast})
}

var products = map[string]*product{"PostgreSQL": postgreSQL, "MariaDB": mariaDB}

// TestDeathOfTests kills a process that has a server. The server ends, and the
// next start removes its files.
func TestDeathOfTests(t *testing.T) {
	t.Parallel()
	for _, tt := range startable {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			model, err := prepare(products[tt.name], nil)
			Require(t, err)
			closeAfter(t, model.Close)
			dir, pids := killVictim(t, tt.name, model.password, model.data())
			must(t, poll("end of the server", func() (bool, error) { return allGone(pids) }))
			must(t, sweep(filepath.Dir(dir)))
			if _, err := os.Stat(dir); err != nil {
				t.Errorf("a young directory was removed (%v)", err)
			}
			long := time.Now().Add(-time.Hour)
			must(t, os.Chtimes(filepath.Join(dir, "lock"), long, long))
			must(t, sweep(filepath.Dir(dir)))
			if _, err := os.Stat(dir); !os.IsNotExist(err) {
				t.Errorf("the directory is still there (%v)", err)
			}
		})
	}
}

// killVictim returns the directory and the processes of a server whose tests
// were killed.
func killVictim(t *testing.T, what ...string) (dir string, pids []int) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), victim+"="+strings.Join(what, " "))
	output, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	line, err := bufio.NewReader(output).ReadString('\n')
	must(t, cmd.Process.Kill())
	if waited := cmd.Wait(); waited == nil {
		t.Error("the process ended before it was killed")
	}
	must(t, err)
	var last string
	words := strings.Fields(line)
	dir, last = words[0], words[len(words)-1]
	if !filepath.IsAbs(dir) || last != "<nil>" || len(words) < 3 {
		t.Fatalf("the process says %q", line)
	}
	for _, word := range words[1 : len(words)-1] {
		var pid int
		_, err := fmt.Sscan(word, &pid)
		must(t, err)
		pids = append(pids, pid)
	}
	return dir, pids
}

// TestSweepKeeps leaves alone what belongs to a living process.
func TestSweepKeeps(t *testing.T) {
	dir, err := newDirectory(account{})
	must(t, err)
	long := time.Now().Add(-time.Hour)
	must(t, os.Chtimes(dir.file("lock"), long, long))
	must(t, sweep(parentDir()))
	if _, err := os.Stat(dir.path); err != nil {
		t.Errorf("a directory in use was removed: %v", err)
	}
	must(t, dir.remove())
	if _, err := os.Stat(dir.path); !os.IsNotExist(err) {
		t.Errorf("the directory is still there (%v)", err)
	}
}
