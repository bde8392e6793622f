// Command zonesgen writes the zone names of the tz database in the Go
// distribution to a file, sorted, one per line.
package main

import (
	"archive/zip"
	"log"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

func main() {
	log.SetFlags(0)
	if len(os.Args) != 3 {
		log.Fatal("usage: zonesgen GOROOT FILE")
	}
	names, err := zoneNames(filepath.Join(os.Args[1], "lib", "time", "zoneinfo.zip"))
	if err != nil {
		log.Fatal(err)
	}
	text := strings.Join(names, "\n") + "\n"
	if err := os.WriteFile(os.Args[2], []byte(text), 0o644); err != nil {
		log.Fatal(err)
	}
}

func zoneNames(archive string) ([]string, error) {
	r, err := zip.OpenReader(archive)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	var names []string
	for _, f := range r.File {
		// Factory is a placeholder for machines whose zone is not set.
		if !f.FileInfo().IsDir() && f.Name != "Factory" {
			names = append(names, f.Name)
		}
	}
	slices.Sort(names)
	return names, nil
}
