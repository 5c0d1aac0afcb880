-- title: 账单与它的分录不符
-- reason: a live charge's entries come to its amount and its tax, against its own household and book; those of a withdrawn or reversed one to nothing.
-- One pass adds the entries that stand and takes the live charges off, by charge, household and book; in whole fen,
-- because a sum of bigint needs a quarter of the memory.
WITH difference AS MATERIALIZED (
    SELECT s.district_id, s.charge_id, s.book_id, s.subject_id, COALESCE(sum(s.amount), 0) / 100 AS amount, COALESCE(sum(s.tax), 0) / 100 AS tax
      FROM (SELECT e.district_id, e.source_id AS charge_id, e.book_id, e.debit_dimension AS subject_id, CAST(e.amount * 100 AS bigint) AS amount,
                   CASE WHEN t.account_id IS NOT NULL THEN CAST(e.amount * 100 AS bigint) END AS tax
              FROM entry e
              LEFT JOIN account t ON t.district_id = e.district_id AND t.account_id = e.credit_account_id AND t.slug = 'output_tax'
             WHERE e.source_kind = 1
               AND NOT EXISTS (SELECT 1 FROM entry_reversal r WHERE r.district_id = e.district_id AND r.reversed_entry_id = e.entry_id)
            UNION ALL
            SELECT district_id, charge_id, book_id, subject_id, CAST(amount * -100 AS bigint), CAST(tax_amount * -100 AS bigint) FROM charge WHERE state = 1) s
     GROUP BY s.district_id, s.charge_id, s.book_id, s.subject_id
    HAVING sum(s.amount) <> 0 OR sum(s.tax) <> 0
)
SELECT d.district_id, '账单 ' || d.charge_id || '，账本 ' || d.book_id || '，户 ' || d.subject_id AS subject,
       CASE WHEN c.charge_id IS NULL THEN '没有这样的账单，不入账'
            WHEN c.state = 1 THEN '入账 ' || c.amount || '，其中税额 ' || c.tax_amount
            ELSE '已撤回或冲销，入账 0' END AS expected,
       '入账 ' || round(d.amount + CASE WHEN c.state = 1 THEN c.amount ELSE 0 END, 2)
           || '，其中税额 ' || round(d.tax + CASE WHEN c.state = 1 THEN c.tax_amount ELSE 0 END, 2) AS found
  FROM difference d
  LEFT JOIN charge c ON c.district_id = d.district_id AND c.charge_id = d.charge_id AND c.book_id = d.book_id AND c.subject_id = d.subject_id
