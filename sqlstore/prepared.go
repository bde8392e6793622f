package sqlstore

import (
	"context"
	"database/sql"
	"sync"
)

// prepared keeps statements prepared, on every connection on which they were
// used: the first [maxShapes] that come. The others work too, more slowly.
type prepared struct {
	db      *sql.DB
	enabled bool

	mu    sync.RWMutex
	stmts map[string]*sql.Stmt
}

// command returns the command of the text. It takes a connection where that is
// not prepared yet, so it must not be called by whoever holds one: a full pool
// would wait for itself.
func (p *prepared) command(ctx context.Context, text string) command {
	return command{text: text, prepared: p.stmt(ctx, text)}
}

func (p *prepared) commands(ctx context.Context, texts []string) []command {
	commands := make([]command, len(texts))
	for i, text := range texts {
		commands[i] = p.command(ctx, text)
	}
	return commands
}

// stmt returns nil where the statement is not prepared; if that fails, its
// execution will tell why.
func (p *prepared) stmt(ctx context.Context, text string) *sql.Stmt {
	if !p.enabled {
		return nil
	}
	p.mu.RLock()
	stmt, n := p.stmts[text], len(p.stmts)
	p.mu.RUnlock()
	if stmt != nil || n >= maxShapes {
		return stmt
	}
	stmt, err := p.db.PrepareContext(ctx, text)
	if err != nil {
		return nil
	}
	return p.keep(text, stmt)
}

// keep keeps the statement, unless somebody was faster.
func (p *prepared) keep(text string, stmt *sql.Stmt) *sql.Stmt {
	p.mu.Lock()
	defer p.mu.Unlock()
	if first := p.stmts[text]; first != nil {
		stmt.Close()
		return first
	}
	if p.stmts == nil {
		p.stmts = make(map[string]*sql.Stmt)
	}
	p.stmts[text] = stmt
	return stmt
}
