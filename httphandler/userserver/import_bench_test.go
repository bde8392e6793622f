package main

import (
	"fmt"
	"io"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/uuid"
)

// BenchmarkImport imports 100,000 users with all attributes and random ids.
func BenchmarkImport(b *testing.B) {
	const users = 100_000
	lines := randomUsers(users)
	for b.Loop() {
		p := testProcess(nil, io.Discard, new(buffer))
		p.stdin = strings.NewReader(lines)
		if status := run(b.Context(), []string{"import", "-db", filepath.Join(b.TempDir(), "users.db")}, p); status != exitOK {
			b.Fatal("exit status", status)
		}
	}
	b.ReportMetric(float64(b.N)*users/b.Elapsed().Seconds(), "users/s")
}

func randomUsers(n int) string {
	random := rand.NewChaCha8([32]byte{})
	var lines strings.Builder
	for i := range n {
		id, _ := uuid.NewRandomFromReader(random)
		fmt.Fprintf(&lines, `{"id":"%s","attributes":{"firstName":"Jane","lastName":"Smith %d","email":"jane%d@example.com","phoneNumber":"+49 351 %d","pictureUrl":"https://example.com/pictures/%d.png","gender":"female","birthDate":"1988-12-01T00:00:00Z","address":{"country":"DE","locality":"Dresden","street":"Hauptstraße","houseNo":%d,"additionalAddressLink":"2nd floor","region":"Sachsen","postalCode":"01067"},"locale":"de-DE","zoneInfo":"Europe/Berlin"},"createdAt":"2021-09-01T23:12:56Z"}`+"\n", id, i, i, i, i, i%200)
	}
	return lines.String()
}
