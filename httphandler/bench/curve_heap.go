package main

import (
	"context"
	"fmt"
	"io"
	"runtime"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/memstore"
	"github.com/userrecord/userrecord/userstore"
)

// heapCurve prints how much heap a user takes in memstore and in a plain map.
func heapCurve(ctx context.Context, sizes curveSizes, stdout io.Writer) error {
	rows := [][]string{{"users", "text", "plain struct in a map", "memstore", "ratio"}}
	for _, n := range sizes.users {
		if err := ctx.Err(); err != nil {
			return err
		}
		row, err := heapRow(n)
		if err != nil {
			return err
		}
		rows = append(rows, row)
	}
	return writeTable(stdout, "Heap of a user, in bytes:", rows)
}

func heapRow(n int) ([]string, error) {
	text := 0
	inMap, err := heapOf(n, func() (any, func(userstore.User) error) {
		bare := make(map[uuid.UUID]plainUser)
		return bare, func(u userstore.User) error {
			record := plain(u)
			bare[u.ID], text = record, record.textBytes()
			return nil
		}
	})
	if err != nil {
		return nil, err
	}
	inStore, err := heapOf(n, func() (any, func(userstore.User) error) {
		store := new(memstore.Store)
		return store, func(u userstore.User) error { _, err := store.Create(context.Background(), u); return err }
	})
	return []string{label(n), fmt.Sprint(text), digits(inMap), digits(inStore), digits(inStore / inMap)}, err
}

// heapOf returns the heap that each of n users takes in a collection.
func heapOf(n int, create func() (all any, keep func(userstore.User) error)) (float64, error) {
	before := heap()
	all, keep := create()
	if err := newUsers(n, keep); err != nil {
		return 0, err
	}
	taken := float64(heap()) - float64(before)
	runtime.KeepAlive(all)
	return taken / float64(n), nil
}

func heap() uint64 {
	runtime.GC()
	runtime.GC() // frees what finalizers and pools held
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}
