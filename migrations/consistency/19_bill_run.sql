-- title: 账单批次的户数或合计与账单不符
-- reason: a published run keeps the count and total it published; a bill reversed alone still belongs to it, a withdrawn run has no live bill, and a draft none at all.
SELECT COALESCE(r.district_id, c.district_id) AS district_id, '账单批次 ' || COALESCE(r.run_id, c.run_id) AS subject,
       CASE WHEN r.run_id IS NULL THEN '有这个批次'
            WHEN r.state = 'published' THEN r.count || ' 笔，合计 ' || r.total
            WHEN r.state = 'withdrawn' THEN '没有有效账单'
            ELSE '没有账单' END AS expected,
       CASE WHEN r.state = 'withdrawn' THEN '有效账单 ' || c.live || ' 笔'
            ELSE COALESCE(c.count, 0) || ' 笔，合计 ' || COALESCE(c.total, 0) END AS found
  FROM bill_run r
  FULL JOIN (SELECT district_id, run_id, count(*) FILTER (WHERE state <> 2) AS count, sum(amount) FILTER (WHERE state <> 2) AS total,
                    count(*) FILTER (WHERE state = 1) AS live, min(book_id) AS book_id, max(book_id) AS last_book_id
               FROM charge WHERE run_id <> 0 GROUP BY district_id, run_id) c ON c.district_id = r.district_id AND c.run_id = r.run_id
 WHERE r.run_id IS NULL
    OR (r.state = 'published' AND (r.count IS DISTINCT FROM COALESCE(c.count, 0) OR r.total IS DISTINCT FROM COALESCE(c.total, 0)
                                   OR c.book_id <> r.book_id OR c.last_book_id <> r.book_id))
    OR (r.state = 'withdrawn' AND c.live > 0)
    OR (r.state IN ('draft', 'discarded') AND c.run_id IS NOT NULL)
