package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/userrecord/userrecord/httphandler"
)

// plainJSON is what servers without JSON:API take: the attributes alone.
var plainJSON = requestForm{
	path: "/users/", mediaType: "application/json", wants: everyAttribute,
	body: `{"firstName":"%[2]s","lastName":"%[3]s"}`,
}

// plural is what Fortune takes: JSON:API with a type of its own.
var plural = requestForm{
	path: "/users/", mediaType: httphandler.MediaType, wants: everyAttribute,
	body: strings.Replace(jsonAPI.body, `"User"`, `"users"`, 1),
}

// npm returns the folder in which the packages of peers/package.json are installed.
func (s *site) npm(ctx context.Context) (string, error) {
	if dir, ok := s.built["npm"]; ok {
		return dir, nil
	}
	for _, tool := range []string{"node", "npm"} {
		if _, err := exec.LookPath(tool); err != nil {
			return "", missingError{err}
		}
	}
	out, err := runProgram(program(ctx, nil, "go", "list", "-f", "{{.Dir}}", modulePath+"bench/peers"))
	if err != nil {
		return "", err
	}
	dir := strings.TrimSpace(string(out))
	if err := installPackages(ctx, dir); err != nil {
		return "", missingError{err}
	}
	s.built["npm"] = dir
	return dir, nil
}

// installPackages installs the packages of the lock file in dir. It does so even if some
// are installed, because those may be of another version.
func installPackages(ctx context.Context, dir string) error {
	install := program(ctx, nil, "npm", "ci", "--prefer-offline", "--ignore-scripts", "--no-audit", "--no-fund")
	install.Dir = dir
	_, err := runProgram(install)
	return err
}

// startJSONServer starts json-server on a file beside the name.
func startJSONServer(ctx context.Context, s *site, name string) (*process, error) {
	dir, err := s.npm(ctx)
	if err != nil {
		return nil, err
	}
	if err := s.writeJSONFile(name + ".json"); err != nil {
		return nil, err
	}
	return startProcess(program(ctx, nil, "node", filepath.Join(dir, "json-server.js"), name+".json"))
}

func startFortune(ctx context.Context, s *site, url string) (*process, error) {
	dir, err := s.npm(ctx)
	if err != nil {
		return nil, err
	}
	return startProcess(program(ctx, nil, "node", filepath.Join(dir, "fortune.js"), url, s.lines))
}

// A jsonUser is a record of json-server: flat but for the address.
type jsonUser map[string]any

type jsonFile struct {
	Users []jsonUser `json:"users"`
}

// writeJSONFile writes the users in the form of json-server.
func (s *site) writeJSONFile(name string) error {
	lines, err := os.ReadFile(s.lines)
	if err != nil {
		return err
	}
	var file jsonFile
	for line := range strings.Lines(string(lines)) {
		var u struct {
			ID, CreatedAt string
			Attributes    jsonUser
		}
		if err := json.Unmarshal([]byte(line), &u); err != nil {
			return err
		}
		u.Attributes["id"], u.Attributes["createdAt"] = u.ID, u.CreatedAt
		file.Users = append(file.Users, u.Attributes)
	}
	text, err := json.Marshal(file)
	if err != nil {
		return err
	}
	return os.WriteFile(name, text, 0o600)
}

func readJSONFile(_ context.Context, _ *site, name string) (map[string]string, error) {
	text, err := os.ReadFile(name + ".json")
	if err != nil {
		return nil, err
	}
	var file jsonFile
	if err := json.Unmarshal(text, &file); err != nil {
		return nil, err
	}
	stored := make(map[string]string)
	for _, u := range file.Users {
		stored[fmt.Sprint(u["id"])] = fmt.Sprint(u["firstName"]) + "\t" + fmt.Sprint(u["lastName"])
	}
	return stored, nil
}
