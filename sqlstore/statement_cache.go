package sqlstore

import (
	"context"
	"database/sql"
	"sync"
)

// A statementCache keeps the first [maxShapes] statements prepared, on every
// connection on which they were used. Later ones work too, more slowly.
type statementCache struct {
	db      *sql.DB
	enabled bool

	mu    sync.RWMutex
	stmts map[string]*sql.Stmt
}

// command returns the command for the text. It may take a connection to prepare
// the statement, so the caller must hold none: a full pool would wait for itself.
func (c *statementCache) command(ctx context.Context, text string) command {
	return command{text: text, prepared: c.stmt(ctx, text)}
}

func (c *statementCache) commands(ctx context.Context, texts []string) []command {
	commands := make([]command, len(texts))
	for i, text := range texts {
		commands[i] = c.command(ctx, text)
	}
	return commands
}

// stmt returns nil if the statement is not prepared. If preparing fails, executing
// the text will tell why.
func (c *statementCache) stmt(ctx context.Context, text string) *sql.Stmt {
	if !c.enabled {
		return nil
	}
	c.mu.RLock()
	stmt, n := c.stmts[text], len(c.stmts)
	c.mu.RUnlock()
	if stmt != nil || n >= maxShapes {
		return stmt
	}
	stmt, err := c.db.PrepareContext(ctx, text)
	if err != nil {
		return nil
	}
	return c.keep(text, stmt)
}

// keep keeps the statement, unless another caller has kept one for the text first.
func (c *statementCache) keep(text string, stmt *sql.Stmt) *sql.Stmt {
	c.mu.Lock()
	defer c.mu.Unlock()
	if first := c.stmts[text]; first != nil {
		stmt.Close()
		return first
	}
	if c.stmts == nil {
		c.stmts = make(map[string]*sql.Stmt)
	}
	c.stmts[text] = stmt
	return stmt
}
