-- title: 应收账款按户的余额不等于未收账单
-- reason: the books and the open bills tell one story per household, through the end of time (bills are posted ahead).
WITH owed AS (
    SELECT district_id, book_id, account_id FROM account WHERE slug = 'receivable'
), booked AS (
    SELECT s.district_id, s.book_id, s.subject_id, sum(s.amount) AS balance
      FROM (SELECT e.district_id, e.book_id, e.debit_dimension AS subject_id, e.amount
              FROM entry e JOIN owed o ON o.district_id = e.district_id AND o.account_id = e.debit_account_id
            UNION ALL
            SELECT e.district_id, e.book_id, e.credit_dimension, -e.amount
              FROM entry e JOIN owed o ON o.district_id = e.district_id AND o.account_id = e.credit_account_id) s
     GROUP BY s.district_id, s.book_id, s.subject_id
), open AS (
    SELECT district_id, book_id, subject_id, sum(amount - settled) AS balance FROM charge
     WHERE state = 1 GROUP BY district_id, book_id, subject_id
)
SELECT COALESCE(b.district_id, o.district_id) AS district_id,
       '账本 ' || COALESCE(b.book_id, o.book_id) || '，户 ' || COALESCE(b.subject_id, o.subject_id) AS subject,
       '未收账单 ' || COALESCE(o.balance, 0) AS expected, '应收账款 ' || COALESCE(b.balance, 0) AS found
  FROM booked b
  FULL JOIN open o ON o.district_id = b.district_id AND o.book_id = b.book_id AND o.subject_id = b.subject_id
 WHERE COALESCE(b.balance, 0) <> COALESCE(o.balance, 0)
