package screens

import (
	"context"
	"errors"
	"time"

	"estateledger/access"
	"estateledger/civil"
	"estateledger/jobs"
	"estateledger/postgres"
	"estateledger/server/pages"
	"estateledger/server/web"
)

// recentJobs is how many pieces of work a list shows.
const recentJobs = 30

func (d *desk) showJobs(q *web.Request) error {
	var view pages.JobsView
	err := d.read(q, func(ctx context.Context, r postgres.Reader, s access.Scope) error {
		work, err := jobs.ProgressOf(ctx, r, s, recentJobs)
		if err != nil {
			return err
		}
		view.Running, view.Jobs = progressRows(q, work)
		view.Pager = pages.Pager{Total: len(work), Shown: len(work)}
		if !q.Holds[access.JobsRead] {
			return nil
		}
		runs, err := jobs.Tickers(ctx, r)
		view.Tickers = tickerRows(runs)
		return err
	})
	if err != nil {
		return err
	}
	return d.show(q, view)
}

func (d *desk) showJob(q *web.Request) error {
	number, err := q.ParamID("job")
	if err != nil {
		return err
	}
	var view pages.JobView
	err = d.read(q, func(ctx context.Context, r postgres.Reader, s access.Scope) error {
		p, err := jobs.ProgressByID(ctx, r, s, number)
		if errors.Is(err, postgres.ErrNoRow) {
			return web.NotFound()
		}
		row := jobRow(q, p)
		view.Progress = *row.Progress
		view.Facts = []pages.Pair{{Name: "谁", Value: row.Who}, {Name: "开始", Value: row.Started}, {Name: "用时", Value: row.Took}}
		return err
	})
	if err != nil {
		return err
	}
	return d.show(q, view)
}

// progressRows parts what is under way from what has ended.
func progressRows(q *web.Request, work []jobs.Progress) (running []pages.Progress, ended []pages.JobRow) {
	for _, p := range work {
		row := jobRow(q, p)
		if p.State == "running" {
			running = append(running, *row.Progress)
			continue
		}
		ended = append(ended, row)
	}
	return running, ended
}

// jobRow is a piece of the user's own work.
func jobRow(q *web.Request, p jobs.Progress) pages.JobRow {
	progress := pages.Progress{ID: p.ProgressID, Title: p.Title, Done: int(p.Done), Total: int(p.Total), State: p.State, Message: p.Message,
		Started: clock(p.StartedAt)}
	if p.Link != "" && localAddress(p.Link) {
		progress.Link = pages.Link{Label: "看结果", URL: p.Link}
	}
	row := pages.JobRow{ID: p.ProgressID, Title: p.Title, Who: q.Session.Name, Started: clock(p.StartedAt), Took: "还在做", Rows: int(p.Done),
		State: progress.Tag(), Message: p.Message, Result: progress.Link, Progress: &progress}
	if p.FinishedAt != nil {
		row.Took = took(p.StartedAt, *p.FinishedAt)
	}
	return row
}

// tickerRows are the last runs of what happens by itself, by the titles of the
// program.
func tickerRows(runs []jobs.TickerRun) []pages.JobRow {
	titles := map[string]string{}
	for _, t := range jobs.Tasks {
		titles[t.Name] = t.Title
	}
	var rows []pages.JobRow
	for _, run := range runs {
		title, current := titles[run.Name]
		if !current {
			continue
		}
		row := pages.JobRow{Title: title, Who: "系统", Started: clock(run.StartedAt), Took: "正在做", Rows: int(run.Rows),
			State: pages.Tag{Tone: pages.Info, Word: "正在做"}}
		if run.FinishedAt != nil {
			row.Took, row.State = took(run.StartedAt, *run.FinishedAt), pages.Tag{Tone: pages.Good, Word: "好"}
			if run.Outcome != row.State.Word {
				row.State = pages.Tag{Tone: pages.Bad, Word: "出错"}
				row.Message = run.Outcome
			}
		}
		rows = append(rows, row)
	}
	return rows
}

// clock is a moment as people read it.
func clock(t time.Time) string { return t.In(civil.Shanghai).Format("2006-01-02 15:04") }

// clockOf is clock for a moment that may be missing.
func clockOf(t *time.Time) string {
	if t == nil {
		return "—"
	}
	return clock(*t)
}

// took is how long something went, in whole seconds or, above an hour, minutes.
func took(from, to time.Time) string {
	d := to.Sub(from)
	switch {
	case d < time.Second:
		return "不到 1 秒"
	case d < time.Minute:
		return countText(int64(d/time.Second)) + " 秒"
	case d < time.Hour:
		return countText(int64(d/time.Minute)) + " 分 " + countText(int64(d%time.Minute/time.Second)) + " 秒"
	}
	return countText(int64(d/time.Hour)) + " 小时 " + countText(int64(d%time.Hour/time.Minute)) + " 分"
}
