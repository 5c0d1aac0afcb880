-- title: 按户余额与分录合计不符
-- reason: where a balance is a condition, the row that is locked must hold exactly what the entries say.
WITH held AS (
    SELECT district_id, account_id FROM account WHERE holding
), derived AS (
    SELECT s.district_id, s.account_id, s.dimension_id, sum(s.amount) AS balance
      FROM (SELECT e.district_id, e.credit_account_id AS account_id, e.credit_dimension AS dimension_id, e.amount
              FROM entry e JOIN held h ON h.district_id = e.district_id AND h.account_id = e.credit_account_id
            UNION ALL
            SELECT e.district_id, e.debit_account_id, e.debit_dimension, -e.amount
              FROM entry e JOIN held h ON h.district_id = e.district_id AND h.account_id = e.debit_account_id) s
     GROUP BY s.district_id, s.account_id, s.dimension_id
)
SELECT COALESCE(d.district_id, h.district_id) AS district_id,
       '科目 ' || COALESCE(d.account_id, h.account_id) || '，维度 ' || COALESCE(d.dimension_id, h.dimension_id) AS subject,
       CAST(COALESCE(d.balance, 0) AS text) AS expected, COALESCE(CAST(h.balance AS text), '没有余额记录') AS found
  FROM derived d
  FULL JOIN holding h ON h.district_id = d.district_id AND h.account_id = d.account_id AND h.dimension_id = d.dimension_id
 WHERE COALESCE(d.balance, 0) <> COALESCE(h.balance, 0)
