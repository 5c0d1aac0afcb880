-- name: ticker_started
INSERT INTO ticker_run (name, started_at) VALUES (:name, clock_timestamp())
ON CONFLICT (name) DO UPDATE SET started_at = clock_timestamp(), finished_at = NULL, outcome = '';

-- name: ticker_finished
UPDATE ticker_run SET finished_at = clock_timestamp(), outcome = :outcome, rows = :rows WHERE name = :name;

-- name: tickers
SELECT name, started_at, finished_at, outcome, rows FROM ticker_run ORDER BY name;

-- name: start_progress
INSERT INTO progress (district_id, user_id, kind, title, total) VALUES (:district, :user, :kind, :title, :total) RETURNING progress_id;

-- name: advance_progress
UPDATE progress SET done = :done, total = GREATEST(total, :done), updated_at = clock_timestamp() WHERE progress_id = :progress;

-- name: finish_progress
UPDATE progress SET state = :state, message = :message, link = :link, done = CASE WHEN :state = 'done' THEN total ELSE done END,
       updated_at = clock_timestamp(), finished_at = clock_timestamp()
 WHERE progress_id = :progress;

-- name: fail_orphans
-- Work that was running when the service stopped is running no more.
UPDATE progress SET state = 'failed', message = '服务重启,这项工作没有做完。请重新开始,已写入的不会重复。', finished_at = clock_timestamp()
 WHERE state = 'running' AND updated_at < clock_timestamp() - INTERVAL '10 minutes';

-- name: progress_of
-- A user's own work, newest first.
SELECT progress_id, kind, title, done, total, state, message, link, started_at, updated_at, finished_at FROM progress
 WHERE district_id = :district AND user_id = :actor ORDER BY progress_id DESC LIMIT :limit;

-- name: progress_by_id
SELECT progress_id, kind, title, done, total, state, message, link, started_at, updated_at, finished_at FROM progress
 WHERE district_id = :district AND user_id = :actor AND progress_id = :progress;
