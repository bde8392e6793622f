package engine

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/google/uuid"
)

// writeState writes which history the node's data are of, and their position in it;
// uuid.Nil and -1 if the node does not know.
func (n *node) writeState(history uuid.UUID, position int) error {
	return n.writeData("grastate.dat", fmt.Sprintf(`# GALERA saved state
version: 2.1
uuid:    %s
seqno:   %d
safe_to_bootstrap: 0
`, history, position))
}

// writeView writes the members of the primary component that the node was last in, as
// one of them. When they have found each other, they are one again (pc.recovery).
func (n *node) writeView(own uuid.UUID, members []uuid.UUID) error {
	var list strings.Builder
	for _, member := range members {
		fmt.Fprintf(&list, "member: %s 0\n", member)
	}
	return n.writeData("gvwstate.dat", fmt.Sprintf(`my_uuid: %s
#vwbeg
view_id: 3 %s 1
bootstrap: 0
%s#vwend
`, own, members[0], &list))
}

func (n *node) writeData(name, text string) error {
	return n.server.writeFile(filepath.Join(n.server.data(), name), text)
}
