package main

import (
	"bufio"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/userstore"
)

// BenchmarkUsers patches two attributes of random users, by servers with files of
// different sizes that take turns. Reported are the medians of the rounds, a patch,
// the ratio to the smallest file, and the memory of the server with the largest one:
//
//	go test -run '^$' -bench Users -benchtime 10x ./httphandler/userserver
func BenchmarkUsers(b *testing.B) {
	var servers []benchServer
	for _, n := range []int{1_000, 100_000, 1_000_000} {
		servers = append(servers, startWith(b, fillFile(b, n), n))
	}
	for _, conns := range []int{1, 16, 64} {
		b.Run(fmt.Sprintf("conns=%d", conns), func(b *testing.B) {
			costs := make([][]float64, len(servers))
			for b.Loop() {
				for i, s := range servers {
					costs[i] = append(costs[i], s.patchAll(b, conns, 1000*min(conns, 8)))
				}
			}
			first := middle(costs[0])
			for i, s := range servers {
				b.ReportMetric(middle(costs[i]), fmt.Sprintf("µs-of-%d", s.users))
				b.ReportMetric(middle(costs[i])/first, fmt.Sprintf("x-of-%d", s.users))
			}
			b.ReportMetric(0, "ns/op") // an op is a round
			b.ReportMetric(servers[len(servers)-1].resident(b), "resident-MiB")
		})
	}
}

// BenchmarkColdStart patches random users over 16 connections right after the start,
// while nothing of the file is in the memory of the operating system. Reported is what
// a patch costs in each of the first thousands:
//
//	go test -run '^$' -bench ColdStart -benchtime 3x ./httphandler/userserver
func BenchmarkColdStart(b *testing.B) {
	for _, n := range []int{1_000, 1_000_000} {
		file := fillFile(b, n)
		b.Run(fmt.Sprintf("users=%d", n), func(b *testing.B) {
			costs := make([][]float64, 6)
			for b.Loop() {
				forget(b, file)
				s := startWith(b, file, n)
				for i := range costs {
					costs[i] = append(costs[i], s.patchAll(b, 16, 4000))
				}
				s.stop(b)
			}
			for i := range costs {
				b.ReportMetric(middle(costs[i]), fmt.Sprintf("µs-%d", i+1))
			}
			b.ReportMetric(0, "ns/op")
		})
	}
}

func middle(values []float64) float64 {
	return slices.Sorted(slices.Values(values))[len(values)/2]
}

// benchID is the id of the user of this number.
func benchID(n int) (id uuid.UUID) {
	random := rand.NewPCG(uint64(n), 0)
	id, _ = uuid.NewRandomFromReader(readUint64{random})
	return id
}

type readUint64 struct{ rand.Source }

func (r readUint64) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(r.Uint64())
	}
	return len(p), nil
}

// fillFile returns a new file with so many users.
func fillFile(b *testing.B, users int) string {
	name := filepath.Join(b.TempDir(), "users.db")
	s, err := openSQL(b.Context(), sqliteFile(name), slog.New(slog.DiscardHandler))
	require.NoError(b, err)
	defer s.close()
	for n := 0; n < users; {
		tx, err := s.db.BeginTx(b.Context(), nil)
		require.NoError(b, err)
		some := make([]userstore.User, min(users, 10_000))
		for i := range some {
			some[i] = userstore.ExampleUser()
			some[i].ID = benchID(n)
			n++
		}
		require.NoError(b, s.store.WithTx(tx).CreateAll(b.Context(), some))
		require.NoError(b, tx.Commit())
	}
	return name
}

// forget makes the operating system drop what it has cached of the file.
func forget(b *testing.B, file string) {
	out, err := exec.Command("dd", "if="+file, "iflag=nocache", "count=0", "status=none").CombinedOutput()
	require.NoErrorf(b, err, "%s", out)
}

// A benchServer is a server in a process of its own.
type benchServer struct {
	users   int
	address string
	command *exec.Cmd
}

func startWith(b *testing.B, file string, users int) benchServer {
	program, err := itself()
	require.NoError(b, err)
	command := exec.Command(program, "-addr", "127.0.0.1:0", "-db", file)
	command.Env, command.Stderr = []string{}, os.Stderr
	out, err := command.StdoutPipe()
	require.NoError(b, err)
	require.NoError(b, command.Start())
	b.Cleanup(func() { command.Process.Kill() })
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if base, ok := strings.CutPrefix(lines.Text(), "PATCH http://"); ok {
			go io.Copy(io.Discard, out)
			return benchServer{users, strings.TrimSuffix(base, "/users/{userId}"), command}
		}
	}
	b.Fatal("it did not start")
	panic("unreachable")
}

func (s benchServer) stop(b *testing.B) {
	require.NoError(b, s.command.Process.Signal(os.Interrupt))
	require.NoError(b, s.command.Wait())
}

// resident returns the memory of the process, in MiB.
func (s benchServer) resident(b *testing.B) float64 {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.command.Process.Pid))
	require.NoError(b, err)
	_, rest, _ := strings.Cut(string(status), "VmRSS:")
	var kib float64
	_, err = fmt.Sscan(rest, &kib)
	require.NoError(b, err)
	return kib / 1024
}

// patchAll sends n patches over so many connections, and returns the microseconds of a
// patch.
func (s benchServer) patchAll(b *testing.B, conns, n int) float64 {
	done := make(chan error, conns)
	begin := time.Now()
	for range conns {
		go func() { done <- s.patchSome(n / conns) }()
	}
	for range conns {
		if err := <-done; err != nil {
			b.Error(err)
		}
	}
	return float64(time.Since(begin).Microseconds()) / float64(n/conns*conns)
}

// patchSome sends n patches over one connection.
func (s benchServer) patchSome(n int) error {
	conn, err := net.Dial("tcp", s.address)
	if err != nil {
		return err
	}
	defer conn.Close()
	answers := bufio.NewReader(conn)
	for range n {
		id := benchID(rand.IntN(s.users))
		body := fmt.Sprintf(`{"data":{"type":"User","id":"%s","attributes":{"firstName":"First %d","lastName":"Last %d"}}}`, id, rand.IntN(1e6), rand.IntN(1e6))
		_, err := fmt.Fprintf(conn, "PATCH /users/%s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Type: application/vnd.api+json\r\nContent-Length: %d\r\n\r\n%s", id, demoToken, len(body), body)
		if err != nil {
			return err
		}
		answer, err := http.ReadResponse(answers, nil)
		if err != nil {
			return err
		}
		if _, err := io.Copy(io.Discard, answer.Body); err != nil || answer.StatusCode != 200 {
			return fmt.Errorf("status %d, %w", answer.StatusCode, err)
		}
	}
	return nil
}
