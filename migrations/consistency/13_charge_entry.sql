-- title: 账单与它的分录不符
-- reason: a live charge's entries come to its amount and its tax, against its own household and book; those of a withdrawn or reversed one to nothing.
WITH posted AS (
    SELECT e.district_id, e.source_id AS charge_id, sum(e.amount) AS amount,
           COALESCE(sum(e.amount) FILTER (WHERE t.account_id IS NOT NULL), 0) AS tax,
           min(e.debit_dimension) AS first_subject, max(e.debit_dimension) AS last_subject,
           min(e.book_id) AS first_book, max(e.book_id) AS last_book
      FROM entry e
      LEFT JOIN account t ON t.district_id = e.district_id AND t.account_id = e.credit_account_id AND t.slug = 'output_tax'
     WHERE e.source_kind = 1
       AND NOT EXISTS (SELECT 1 FROM entry_reversal r WHERE r.district_id = e.district_id AND r.reversed_entry_id = e.entry_id)
     GROUP BY e.district_id, e.source_id
)
SELECT COALESCE(c.district_id, p.district_id) AS district_id, '账单 ' || COALESCE(c.charge_id, p.charge_id) AS subject,
       CASE WHEN c.charge_id IS NULL THEN '有这笔账单'
            WHEN c.state = 1 THEN '入账 ' || c.amount || '，其中税额 ' || c.tax_amount || '，账本 ' || c.book_id || '，户 ' || c.subject_id
            ELSE '已撤回或冲销，入账 0' END AS expected,
       COALESCE('入账 ' || p.amount || '，其中税额 ' || p.tax || '，账本 ' || p.first_book || '，户 ' || p.first_subject, '没有入账') AS found
  FROM charge c
  FULL JOIN posted p ON p.district_id = c.district_id AND p.charge_id = c.charge_id
 WHERE c.charge_id IS NULL
    OR COALESCE(p.amount, 0) <> CASE WHEN c.state = 1 THEN c.amount ELSE 0 END
    OR COALESCE(p.tax, 0) <> CASE WHEN c.state = 1 THEN c.tax_amount ELSE 0 END
    OR p.first_subject <> c.subject_id OR p.last_subject <> c.subject_id OR p.first_book <> c.book_id OR p.last_book <> c.book_id
