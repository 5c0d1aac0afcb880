-- title: 科目月发生额与分录合计不符
-- reason: balances are turnovers of whole months plus what is not rolled up yet; so a turnover must be exactly the sum of the rolled-up entries.
-- One pass adds the entries and takes the turnovers off; what does not come to nothing is then shown from both
-- sides. In whole fen, because a sum of bigint needs a quarter of the memory.
WITH rolled AS NOT MATERIALIZED (
    SELECT e.district_id, e.book_id, e.debit_account_id, e.debit_dimension, e.credit_account_id, e.credit_dimension,
           CAST(date_trunc('month', CAST(e.posting_date AS timestamp)) AS date) AS month, CAST(e.amount * 100 AS bigint) AS amount
      FROM entry e
      JOIN ledger_tail t ON t.district_id = e.district_id
     WHERE e.xid < t.rolled_xid OR e.entry_id < t.first_live_entry
), difference AS MATERIALIZED (
    SELECT s.district_id, s.account_id, s.dimension_id, s.month, s.book_id, COALESCE(sum(s.debit), 0) / 100 AS debit, COALESCE(sum(s.credit), 0) / 100 AS credit
      FROM (SELECT district_id, debit_account_id AS account_id, debit_dimension AS dimension_id, month, book_id, amount AS debit, CAST(NULL AS bigint) AS credit
              FROM rolled
            UNION ALL
            SELECT district_id, credit_account_id, credit_dimension, month, book_id, NULL, amount FROM rolled
            UNION ALL
            SELECT district_id, account_id, dimension_id, month, book_id, CAST(debit * -100 AS bigint), CAST(credit * -100 AS bigint) FROM turnover) s
     GROUP BY s.district_id, s.account_id, s.dimension_id, s.month, s.book_id
    HAVING sum(s.debit) <> 0 OR sum(s.credit) <> 0
)
SELECT d.district_id,
       '账本 ' || d.book_id || '，科目 ' || d.account_id || '，维度 ' || d.dimension_id || '，' || to_char(d.month, 'YYYY-MM') AS subject,
       '借 ' || round(COALESCE(t.debit, 0) + d.debit, 2) || '，贷 ' || round(COALESCE(t.credit, 0) + d.credit, 2) AS expected,
       COALESCE('借 ' || t.debit || '，贷 ' || t.credit, '没有发生额记录') AS found
  FROM difference d
  LEFT JOIN turnover t ON t.district_id = d.district_id AND t.account_id = d.account_id AND t.dimension_id = d.dimension_id
                      AND t.month = d.month AND t.book_id = d.book_id
