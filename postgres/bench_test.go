package postgres_test

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"

	"estateledger/postgres"
)

// Which shape of a one-statement write costs what; docs/performance.md quotes it.
func BenchmarkOneStatementWrite(b *testing.B) {
	ctx := context.Background()
	db := notebook(b)
	var id atomic.Int64
	doc := func() map[string]any {
		return map[string]any{"doc": fmt.Sprintf(`{"id": %d, "words": "三十号楼 1 单元 101 室"}`, id.Add(1))}
	}
	run := func(name string, write func() error) {
		b.Run(name, func(b *testing.B) {
			b.SetParallelism(8)
			b.RunParallel(func(p *testing.PB) {
				for p.Next() {
					if err := write(); err != nil {
						b.Error(err)
						return
					}
				}
			})
		})
	}
	run("Write", func() error {
		return db.App.Write(ctx, func(tx postgres.Tx) error {
			var got int64
			return tx.Get(ctx, &got, q.Get("add_note_json"), doc())
		})
	})
	run("WriteOnce", func() error {
		var got int64
		return db.App.WriteOnce(ctx, q.Get("add_note_json"), doc(), &got)
	})
}
