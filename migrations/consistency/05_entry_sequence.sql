-- title: 分录序号有缺号、重号，或有分录没有编号
-- reason: seals and "as known at" go by one strict sequence that is dense and complete up to the tail.
SELECT t.district_id, '整个区' AS subject,
       '序号 1 至 ' || t.last_sequence || '，不缺号' AS expected,
       '序号 ' || COALESCE(s.first_number, 0) || ' 至 ' || COALESCE(s.last_number, 0) || '，共 ' || COALESCE(s.numbers, 0) || ' 个' AS found
  FROM ledger_tail t
  LEFT JOIN (SELECT district_id, min(sequence) AS first_number, max(sequence) AS last_number, count(*) AS numbers
               FROM entry_sequence GROUP BY district_id) s ON s.district_id = t.district_id
 WHERE t.last_sequence <> COALESCE(s.numbers, 0) OR t.last_sequence <> COALESCE(s.last_number, 0) OR COALESCE(s.first_number, 1) <> 1
UNION ALL
SELECT COALESCE(e.district_id, s.district_id), '分录 ' || COALESCE(e.entry_id, s.entry_id),
       CASE WHEN e.rolled THEN '有序号' WHEN e.entry_id IS NULL THEN '有这笔分录' ELSE '还没有序号' END,
       COALESCE('序号 ' || s.sequence, '没有序号')
  FROM (SELECT e.district_id, e.entry_id, e.xid < t.rolled_xid OR e.entry_id < t.first_live_entry AS rolled
          FROM entry e JOIN ledger_tail t ON t.district_id = e.district_id) e
  FULL JOIN entry_sequence s ON s.district_id = e.district_id AND s.entry_id = e.entry_id
 WHERE e.entry_id IS NULL OR e.rolled <> (s.entry_id IS NOT NULL)
UNION ALL
SELECT e.district_id, '整个区，如分录 ' || min(e.entry_id), '有汇总进度的记录', '没有记录，涉及分录 ' || count(*) || ' 笔'
  FROM entry e
 WHERE NOT EXISTS (SELECT 1 FROM ledger_tail t WHERE t.district_id = e.district_id)
 GROUP BY e.district_id
