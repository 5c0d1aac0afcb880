-- title: 应收账款按户的余额不等于未收账单
-- reason: the books and the open bills tell one story per household, through the end of time (bills are posted ahead).
WITH owed AS (
    SELECT district_id, account_id FROM account WHERE slug = 'receivable'
)
SELECT s.district_id, '账本 ' || s.book_id || '，户 ' || s.subject_id AS subject,
       '未收账单 ' || COALESCE(sum(s.billed), 0) AS expected, '应收账款 ' || COALESCE(sum(s.booked), 0) AS found
  FROM (SELECT e.district_id, e.book_id, e.debit_dimension AS subject_id, e.amount AS booked, CAST(NULL AS numeric) AS billed
          FROM entry e JOIN owed o ON o.district_id = e.district_id AND o.account_id = e.debit_account_id
        UNION ALL
        SELECT e.district_id, e.book_id, e.credit_dimension, -e.amount, NULL
          FROM entry e JOIN owed o ON o.district_id = e.district_id AND o.account_id = e.credit_account_id
        UNION ALL
        SELECT district_id, book_id, subject_id, NULL, amount - settled FROM charge WHERE state = 1) s
 GROUP BY s.district_id, s.book_id, s.subject_id
HAVING COALESCE(sum(s.billed), 0) <> COALESCE(sum(s.booked), 0)
