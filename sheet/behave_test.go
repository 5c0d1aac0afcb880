package sheet

import (
	"context"
	"errors"
	"strings"
	"testing"
)

func TestRowNumbersAreTheUsers(t *testing.T) {
	// Line 2 is blank, the row in line 3 has a cell of three lines: Excel shows what follows as row 4.
	rows, _ := mustRead(t, csvOf("房号,建筑面积", "", "\"7\n1\n502\",1", ",", "8,2"))
	if len(rows) != 2 || rows[0].number != 3 || rows[1].number != 5 {
		t.Errorf("rows %+v", rows)
	}
}

func TestExampleIsPassedOver(t *testing.T) {
	example := make([]string, len(units.Columns))
	for i, column := range units.Columns {
		example[i] = column.Example
	}
	rows, summary := mustRead(t, csvOf(headers, strings.Join(example, ","), goodLine, strings.Join(example, ",")))
	if !summary.Example || len(rows) != 2 || rows[0].number != 3 {
		t.Errorf("rows %+v, summary %+v", rows, summary)
	}
}

func TestCallerRefusesAndStops(t *testing.T) {
	src := csvOf(headers, goodLine, goodLine, goodLine)
	summary, err := Read(context.Background(), src, units, Limits{MaxBadCells: 2}, func(r *Row) error {
		r.Refuse("room", "小区里没有这套房")
		if r.Number == 3 {
			r.Refuse("", "这一行重复了")
		}
		if r.Number == 3 && strings.Join(r.Reasons(), "|") != "房号：“7-1-502”小区里没有这套房|这一行重复了" {
			t.Errorf("reasons %v", r.Reasons())
		}
		return nil
	})
	if err != nil || summary.BadRows != 3 || summary.BadCells != 4 || len(summary.Bad) != 2 {
		t.Errorf("%v, %+v", err, summary)
	}
	stop := errors.New("stop")
	summary, err = Read(context.Background(), src, units, Limits{}, func(r *Row) error { return stop })
	if err != stop || summary.Rows != 1 {
		t.Errorf("%v, %+v", err, summary)
	}
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	src := csvOf(headers, strings.Repeat(goodLine+"\r\n", 1000))
	if _, err := Read(ctx, src, units, Limits{}, func(*Row) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestQuotesThatBreakTheRules(t *testing.T) {
	rows, _ := mustRead(t, csvOf("房号,业主姓名,建筑面积", "1,绰号\"老\"顾,1", "\"2\" ,\"甲\"乙\"\t,\"2\"", "", " \"a,\"\"b\"\"\",\"\",3"))
	if len(rows) != 3 || rows[0].owner != "绰号\"老\"顾" || rows[1].room != "2" || rows[1].owner != "甲\"乙" || rows[1].area != "2" {
		t.Fatalf("%+v", rows)
	}
	if last := rows[2]; last.room != "a,\"b\"" || last.owner != "" || last.area != "3" || last.number != 5 {
		t.Errorf("%+v", last)
	}
}
