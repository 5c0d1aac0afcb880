package bench

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"estateledger/access"
	"estateledger/billing"
	"estateledger/civil"
)

const (
	districts = 20
	// perEstate is the size of a renovated estate.
	perEstate = 1000
	// workers is how many connections the job has, and the limit as well.
	workers = 2
)

func (r *run) estates() int { return max(districts, r.Households/perEstate) }

// thisMonth is billed in every round; the tables are empty before each.
var thisMonth = today.Month()

// biller is the user the billing job acts as (fixture.psql).
var biller = access.Actor{UserID: 1, Name: "system:billing"}

// estateAt says where the fixture has put the n-th estate, from 1.
type estateAt struct{ district, estate int64 }

func (r *run) estateAt(n int) estateAt {
	return estateAt{district: int64(1 + (n-1)*districts/r.estates()), estate: int64(100000 + n)}
}

// payEstate is the one where payments are taken.
func (r *run) payEstate() estateAt {
	return estateAt{district: districts + 1, estate: int64(100000 + r.estates() + 1)}
}

// measureBillRun publishes a month for all households, one act per estate, and
// loads the very same rows by COPY into the same, empty tables.
func measureBillRun(ctx context.Context, r *run) ([]float64, error) {
	fmt.Fprintf(r.Out, "  product  billing's use case per estate: act, run, charges, entries, prepayments; %d workers, empty tables\n", workers)
	fmt.Fprintf(r.Out, "  limit    COPY of the same rows from binary files on the server, %d connections with half the districts each,\n", workers)
	fmt.Fprintln(r.Out, "           one transaction per table and half, same tables, indexes and constraints, empty before")
	rows := filepath.Join(r.folder, "rows")
	if err := os.Mkdir(rows, 0o777); err != nil {
		return nil, err
	}
	if err := os.Chmod(rows, 0o777); err != nil { // the server writes there
		return nil, err
	}
	var ratios []float64
	for round := 1; round <= r.Rounds; round++ {
		if _, err := r.script(ctx, r.super(), "billrun_empty.psql", nil); err != nil {
			return nil, err
		}
		product, err := r.publishAll(ctx, thisMonth)
		if err != nil {
			return nil, err
		}
		counts, err := r.script(ctx, r.super(), "billrun_export.psql", variables{"folder": rows, "half": districts / 2})
		if err != nil {
			return nil, err
		}
		limit, err := r.copyBack(ctx, rows)
		if err != nil {
			return nil, err
		}
		ratios = append(ratios, product.Seconds()/limit.Seconds())
		fmt.Fprintf(r.Out, "  round %d  product %.2f s, COPY %.2f s, ratio %.2f, load %s; rows %s",
			round, product.Seconds(), limit.Seconds(), product.Seconds()/limit.Seconds(), load(), counts)
	}
	return ratios, nil
}

// publishAll publishes the month of every estate, as a job with its workers
// does, and answers how long it took.
func (r *run) publishAll(ctx context.Context, month civil.Month) (time.Duration, error) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Minute)
	defer cancel()
	var last, billed atomic.Int64
	started := time.Now()
	err := together(ctx, workers, func(ctx context.Context, _ int) error {
		for n := int(last.Add(1)); n <= r.estates() && ctx.Err() == nil; n = int(last.Add(1)) {
			count, err := r.publish(ctx, r.estateAt(n), month)
			if err != nil {
				return err
			}
			billed.Add(int64(count))
		}
		return nil
	})
	took := time.Since(started)
	if err == nil && billed.Load() != int64(r.Households) {
		err = fmt.Errorf("%d of %d households were billed", billed.Load(), r.Households)
	}
	return took, err
}

// publish bills an estate's month in one act and answers how many were billed.
func (r *run) publish(ctx context.Context, e estateAt, month civil.Month) (int, error) {
	key := fmt.Sprintf("bench:%d:%s", e.estate, month)
	out, err := billing.PublishNow(ctx, r.gate, biller, e.district, key, billing.DraftRequest{Estate: e.estate, Month: month})
	return out.Result.Count, err
}

// copyBack empties the tables and loads the exported rows, a connection per half.
func (r *run) copyBack(ctx context.Context, rows string) (time.Duration, error) {
	if _, err := r.script(ctx, r.super(), "billrun_empty.psql", nil); err != nil {
		return 0, err
	}
	started := time.Now()
	err := together(ctx, workers, func(ctx context.Context, half int) error {
		_, err := r.script(ctx, r.super(), "billrun_limit.psql", variables{"folder": rows, "half": half})
		return err
	})
	return time.Since(started), err
}
