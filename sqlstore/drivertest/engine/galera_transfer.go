package engine

import (
	"os"
	"path/filepath"
)

// transferMethod is how a node gets what it lacks when it joins: only the writes that it
// missed, which another node still has in memory. MariaDB lets a script arrange that; the
// ones that it comes with can copy all data, too, and sleep for seconds.
const transferMethod = "increment"

// transferScript runs at the joining node and at the one that gives. The joining one
// waits at a pipe, until the other says from where on it sends.
const transferScript = `#!/bin/sh
while [ $# -gt 0 ]; do
	case $1 in
	--role) role=$2 ;;
	--address) pipe=$2 ;;
	--gtid) position=$2 ;;
	--gtid-domain-id) domain=$2 ;;
	--bypass) increment=yes ;;
	esac
	shift
done
if [ "$role" = joiner ]; then
	pipe=$HOME/transfer
	rm -f "$pipe" && mkfifo -m 600 "$pipe" && echo "ready $pipe" && cat "$pipe"
elif [ "$increment" ]; then
	echo "$position $domain" >"$pipe" && echo "done $position $domain"
else
	echo "` + wholeCopy + `" >&2
	exit 1
fi
`

// wholeCopy is in the log of a node that was to copy all its data, and refused.
const wholeCopy = "a node asks for a copy of all data"

// addTransfer puts the script into the node's PATH.
func (n *node) addTransfer() error {
	s := n.server
	bin := s.directory.file("bin")
	if err := os.Mkdir(bin, 0o700); err != nil {
		return err
	}
	s.env = append(s.env, "PATH="+bin+":"+os.Getenv("PATH"))
	if err := s.account.own(bin); err != nil {
		return err
	}
	script := filepath.Join(bin, "wsrep_sst_"+transferMethod)
	if err := s.writeFile(script, transferScript); err != nil {
		return err
	}
	return os.Chmod(script, 0o700)
}
