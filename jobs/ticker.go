package jobs

import (
	"context"
	"embed"
	"fmt"
	"log/slog"
	"time"

	"github.com/robfig/cron/v3"

	"estateledger/access"
	"estateledger/civil"
	"estateledger/estate"
	"estateledger/ledger"
	"estateledger/postgres"
)

//go:embed *.sql
var sqlFiles embed.FS

var queries = postgres.MustLoad(sqlFiles)

// Queries are the named queries of the room, for the laws' tests.
func Queries() []postgres.Query { return queries.All() }

// Task is something that happens by itself. Run answers how many rows it
// touched.
type Task struct {
	Name  string
	Title string
	Every string // as robfig/cron reads it, Asia/Shanghai
	Run   func(ctx context.Context, db *postgres.DB) (int64, error)
}

// Tasks are the tickers of this capability.
var Tasks = []Task{
	{"roll_up", "汇总发生额、给分录编号", "@every 5s", ledger.RollUp},
	{"orphans", "标记没做完的工作", "@every 5m", failOrphans},
	{"uploads", "清除没有确认的导入文件", "@every 1h", purgeUploads},
}

// maxRun bounds one run of a task.
const maxRun = 15 * time.Minute

// Ticker fires tasks on one node.
type Ticker struct {
	cron *cron.Cron
	db   *postgres.DB
	stop context.CancelFunc
}

// Start begins to fire the tasks. A task that is still running is not started
// again; a panic of one is logged and does not stop the others.
func Start(ctx context.Context, db *postgres.DB, tasks []Task) (*Ticker, error) {
	ctx, cancel := context.WithCancel(ctx)
	logger := cron.PrintfLogger(slog.NewLogLogger(slog.Default().Handler(), slog.LevelWarn))
	t := &Ticker{db: db, stop: cancel,
		// Recover inside SkipIfStillRunning: the other way round a panic keeps
		// the running mark for ever and the task never fires again.
		cron: cron.New(cron.WithLocation(civil.Shanghai), cron.WithChain(cron.SkipIfStillRunning(logger), cron.Recover(logger)))}
	for _, task := range tasks {
		if _, err := t.cron.AddFunc(task.Every, func() { t.run(ctx, task) }); err != nil {
			cancel()
			return nil, fmt.Errorf("task %s: %w", task.Name, err)
		}
	}
	t.cron.Start()
	return t, nil
}

// lastWait is how long a task under way may still take when the ticker stops;
// after it the task is cut short, which loses nothing: the next run goes on.
const lastWait = 5 * time.Second

// Stop fires no more and lets running tasks end, within bounds.
func (t *Ticker) Stop() {
	ended := t.cron.Stop()
	select {
	case <-ended.Done():
	case <-time.After(lastWait):
	}
	t.stop()
	<-ended.Done()
}

func (t *Ticker) run(ctx context.Context, task Task) {
	ctx, cancel := context.WithTimeout(ctx, maxRun)
	defer cancel()
	note := func(query string, arg map[string]any) {
		arg["name"] = task.Name
		err := t.db.Housekeep(ctx, "job", func(tx postgres.Tx) error {
			_, err := tx.Exec(ctx, queries.Get(query), arg)
			return err
		})
		if err != nil && ctx.Err() == nil {
			slog.Warn("ticker note", "task", task.Name, "error", err)
		}
	}
	note("ticker_started", map[string]any{})
	rows, err := task.Run(ctx, t.db)
	outcome := "好"
	if err != nil {
		outcome = "出错,下次再试"
		if ctx.Err() == nil {
			slog.Error("ticker", "task", task.Name, "error", err)
		}
	}
	note("ticker_finished", map[string]any{"outcome": outcome, "rows": rows})
}

// keepUploads is how long an uploaded file waits for its confirmation.
const keepUploads = 24 * time.Hour

func purgeUploads(ctx context.Context, db *postgres.DB) (int64, error) {
	return estate.PurgeUploads(ctx, db, civil.SystemClock().Now().Add(-keepUploads))
}

func failOrphans(ctx context.Context, db *postgres.DB) (int64, error) {
	var n int64
	err := db.Housekeep(ctx, "progress", func(tx postgres.Tx) error {
		var err error
		n, err = tx.Exec(ctx, queries.Get("fail_orphans"), nil)
		return err
	})
	return n, err
}

// TickerRun is the last run of a task.
type TickerRun struct {
	Name       string     `db:"name" json:"name"`
	StartedAt  time.Time  `db:"started_at" json:"started_at"`
	FinishedAt *time.Time `db:"finished_at" json:"finished_at"`
	Outcome    string     `db:"outcome" json:"outcome"`
	Rows       int64      `db:"rows" json:"rows"`
}

// Tickers lists the last run of each task.
func Tickers(ctx context.Context, r postgres.Reader) ([]TickerRun, error) {
	var runs []TickerRun
	err := r.Select(ctx, &runs, queries.Get("tickers"), nil)
	return runs, err
}

// Progress is how far a piece of long work has come.
type Progress struct {
	ProgressID int64      `db:"progress_id" json:"progress_id,string"`
	Kind       string     `db:"kind" json:"kind"`
	Title      string     `db:"title" json:"title"`
	Done       int64      `db:"done" json:"done"`
	Total      int64      `db:"total" json:"total"`
	State      string     `db:"state" json:"state"`
	Message    string     `db:"message" json:"message"`
	Link       string     `db:"link" json:"link"`
	StartedAt  time.Time  `db:"started_at" json:"started_at"`
	UpdatedAt  time.Time  `db:"updated_at" json:"updated_at"`
	FinishedAt *time.Time `db:"finished_at" json:"finished_at"`
}

// progressArg asks for a user's own work.
type progressArg struct {
	access.Scope
	Progress int64 `db:"progress"`
	Limit    int   `db:"limit"`
}

// ProgressOf lists a user's own work, newest first.
func ProgressOf(ctx context.Context, r postgres.Reader, s access.Scope, limit int) ([]Progress, error) {
	var list []Progress
	err := r.Select(ctx, &list, queries.Get("progress_of"), progressArg{Scope: s, Limit: limit})
	return list, err
}

// ProgressByID is one piece of the user's own work; postgres.ErrNoRow when it
// is not there or not his.
func ProgressByID(ctx context.Context, r postgres.Reader, s access.Scope, id int64) (Progress, error) {
	var p Progress
	err := r.Get(ctx, &p, queries.Get("progress_by_id"), progressArg{Scope: s, Progress: id})
	return p, err
}
