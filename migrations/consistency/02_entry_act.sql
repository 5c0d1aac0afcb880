-- title: 分录不是任何一次操作记下的
-- reason: every entry is written by an act (who, when, why); the act is no foreign key of the entry.
SELECT e.district_id, '操作 ' || e.act_id || '，如分录 ' || e.entry_id AS subject,
       '有这次操作的记录' AS expected, '没有记录，涉及分录 ' || e.entries || ' 笔' AS found
  FROM (SELECT district_id, act_id, min(entry_id) AS entry_id, count(*) AS entries FROM entry GROUP BY district_id, act_id) e
 WHERE NOT EXISTS (SELECT 1 FROM act a WHERE a.district_id = e.district_id AND a.act_id = e.act_id)
