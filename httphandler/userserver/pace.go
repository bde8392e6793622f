package main

import (
	"context"
	"time"
)

// A pace sizes the transactions of an import, and leaves gaps between them in SQLite, so
// that another writer, such as a server, does not wait for long.
type pace struct {
	gap   time.Duration // after a transaction, or 0
	most  int           // batches of the next transaction, or 0 at the start
	began time.Time
}

const (
	maxBatches = 16                     // of a transaction
	maxHold    = 500 * time.Millisecond // after which the next transaction is smaller
	sqliteGap  = 3 * time.Millisecond   // longer than a waiting userserver sleeps
)

// batches returns how many batches the next transaction may have.
func (p *pace) batches() int { return max(p.most, 1) }

func (p *pace) begin() { p.began = time.Now() }

func (p *pace) startOver() { p.most = 1 }

// end adjusts the pace to the time that so many batches have taken since begin, without
// their commit.
func (p *pace) end(batches int) {
	switch took := time.Since(p.began); {
	case took > maxHold:
		p.most = max(batches/2, 1)
	case batches == p.batches() && took < maxHold/2:
		p.most = min(2*batches, maxBatches)
	}
}

// giveWay lets another writer begin.
func (p *pace) giveWay(ctx context.Context) {
	if p.gap == 0 {
		return
	}
	select {
	case <-time.After(p.gap):
	case <-ctx.Done():
	}
}
