-- title: 已结账月份的账变过
-- reason: a closed month keeps the count and total it was closed with. A close waits at most 30 seconds for postings under way, so what was recorded a minute later came in behind it.
WITH last_event AS (
    SELECT DISTINCT ON (district_id, book_id, month) district_id, book_id, month, closed, at, entries, total
      FROM period_event ORDER BY district_id, book_id, month, event_no DESC
), through AS (
    SELECT district_id, book_id, max(month) AS month FROM last_event WHERE closed GROUP BY district_id, book_id
), posted AS (
    SELECT e.district_id, e.book_id, CAST(date_trunc('month', e.posting_date) AS date) AS month,
           count(*) AS entries, sum(e.amount) AS total, max(e.recorded_at) AS recorded_at
      FROM entry e
      JOIN through t ON t.district_id = e.district_id AND t.book_id = e.book_id
     WHERE e.posting_date < CAST(t.month + INTERVAL '1 month' AS date)
     GROUP BY e.district_id, e.book_id, CAST(date_trunc('month', e.posting_date) AS date)
)
SELECT COALESCE(c.district_id, p.district_id) AS district_id,
       '账本 ' || COALESCE(c.book_id, p.book_id) || '，' || to_char(COALESCE(c.month, p.month), 'YYYY-MM') AS subject,
       COALESCE('分录 ' || c.entries || ' 笔，合计 ' || c.total, '没有分录：以后的月份已经结账，这个月没有') AS expected,
       '分录 ' || COALESCE(p.entries, 0) || ' 笔，合计 ' || COALESCE(p.total, 0)
           || CASE WHEN p.recorded_at > c.at + INTERVAL '1 minute' THEN '，有结账以后记的' ELSE '' END AS found
  FROM (SELECT * FROM last_event WHERE closed) c
  FULL JOIN posted p ON p.district_id = c.district_id AND p.book_id = c.book_id AND p.month = c.month
 WHERE c.month IS NULL OR COALESCE(p.entries, 0) <> c.entries OR COALESCE(p.total, 0) <> c.total
    OR p.recorded_at > c.at + INTERVAL '1 minute'
