-- title: 分录的科目不存在，或属于另一本账
-- reason: entries carry no foreign keys (a set would take 2.7 times as long), and money of two owners never meets in one book.
SELECT e.district_id, '账本 ' || e.book_id || '，科目 ' || e.account_id || '，如分录 ' || min(e.entry_id) AS subject,
       '科目属于这本账' AS expected,
       COALESCE('科目属于账本 ' || a.book_id, '没有这个科目') || '，涉及分录 ' || sum(e.entries) || ' 笔' AS found
  FROM (SELECT p.district_id, p.book_id, s.account_id, p.entry_id, p.entries
          FROM (SELECT district_id, book_id, debit_account_id, credit_account_id, min(entry_id) AS entry_id, count(*) AS entries
                  FROM entry GROUP BY district_id, book_id, debit_account_id, credit_account_id) p
         CROSS JOIN LATERAL (VALUES (p.debit_account_id), (p.credit_account_id)) s(account_id)) e
  LEFT JOIN account a ON a.district_id = e.district_id AND a.account_id = e.account_id
 WHERE a.book_id IS DISTINCT FROM e.book_id
 GROUP BY e.district_id, e.book_id, e.account_id, a.book_id
