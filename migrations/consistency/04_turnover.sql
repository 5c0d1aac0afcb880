-- title: 科目月发生额与分录合计不符
-- reason: balances are turnovers of whole months plus what is not rolled up yet; so a turnover must be exactly the sum of the rolled-up entries.
WITH rolled AS (
    SELECT e.district_id, e.book_id, e.debit_account_id, e.debit_dimension, e.credit_account_id, e.credit_dimension,
           CAST(date_trunc('month', e.posting_date) AS date) AS month, e.amount
      FROM entry e
      JOIN ledger_tail t ON t.district_id = e.district_id
     WHERE e.xid < t.rolled_xid OR e.entry_id < t.first_live_entry
), derived AS (
    SELECT s.district_id, s.account_id, s.dimension_id, s.month, s.book_id, sum(s.debit) AS debit, sum(s.credit) AS credit
      FROM (SELECT district_id, debit_account_id AS account_id, debit_dimension AS dimension_id, month, book_id,
                   sum(amount) AS debit, 0 AS credit
              FROM rolled GROUP BY district_id, debit_account_id, debit_dimension, month, book_id
            UNION ALL
            SELECT district_id, credit_account_id, credit_dimension, month, book_id, 0, sum(amount)
              FROM rolled GROUP BY district_id, credit_account_id, credit_dimension, month, book_id) s
     GROUP BY s.district_id, s.account_id, s.dimension_id, s.month, s.book_id
)
SELECT COALESCE(d.district_id, t.district_id) AS district_id,
       '账本 ' || COALESCE(d.book_id, t.book_id) || '，科目 ' || COALESCE(d.account_id, t.account_id)
           || '，维度 ' || COALESCE(d.dimension_id, t.dimension_id) || '，' || to_char(COALESCE(d.month, t.month), 'YYYY-MM') AS subject,
       '借 ' || COALESCE(d.debit, 0) || '，贷 ' || COALESCE(d.credit, 0) AS expected,
       COALESCE('借 ' || t.debit || '，贷 ' || t.credit, '没有发生额记录') AS found
  FROM derived d
  FULL JOIN turnover t ON t.district_id = d.district_id AND t.account_id = d.account_id AND t.dimension_id = d.dimension_id
                      AND t.month = d.month AND t.book_id = d.book_id
 WHERE t.debit IS DISTINCT FROM d.debit OR t.credit IS DISTINCT FROM d.credit
