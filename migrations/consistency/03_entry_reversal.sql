-- title: 红字分录与被冲分录对不上
-- reason: a reversal repeats the sides of its original with the negative amount, is linked both ways once, and is itself never reversed.
SELECT x.district_id, '红字分录 ' || x.reversal_id || '，被冲分录 ' || x.original_id AS subject,
       '同一账本、同一借贷方、金额相反、不早于原分录、双向关联' AS expected,
       CASE WHEN NOT x.linked THEN '没有关联记录'
            WHEN x.amount IS NULL THEN '没有红字分录，或它冲的是另一笔'
            WHEN o.entry_id IS NULL THEN '没有被冲的分录'
            WHEN o.reversed_entry_id IS NOT NULL THEN '被冲的分录自己就是红字'
            WHEN o.amount <> -x.amount THEN '原金额 ' || o.amount || '，红字金额 ' || x.amount
            WHEN x.posting_date < o.posting_date THEN '原记账日 ' || o.posting_date || '，红字记账日 ' || x.posting_date
            ELSE '账本、科目或维度不同' END AS found
  FROM (SELECT COALESCE(e.district_id, r.district_id) AS district_id, COALESCE(e.entry_id, r.reversal_entry_id) AS reversal_id,
               COALESCE(e.reversed_entry_id, r.reversed_entry_id) AS original_id, r.district_id IS NOT NULL AS linked,
               e.book_id, e.debit_account_id, e.debit_dimension, e.credit_account_id, e.credit_dimension, e.amount, e.posting_date
          FROM (SELECT * FROM entry WHERE reversed_entry_id IS NOT NULL) e
          FULL JOIN entry_reversal r ON r.district_id = e.district_id AND r.reversal_entry_id = e.entry_id
                                    AND r.reversed_entry_id = e.reversed_entry_id) x
  LEFT JOIN entry o ON o.district_id = x.district_id AND o.entry_id = x.original_id
 WHERE NOT x.linked OR x.amount IS NULL OR o.entry_id IS NULL OR o.reversed_entry_id IS NOT NULL OR o.amount <> -x.amount
    OR x.posting_date < o.posting_date
    OR (o.book_id, o.debit_account_id, o.debit_dimension, o.credit_account_id, o.credit_dimension)
       <> (x.book_id, x.debit_account_id, x.debit_dimension, x.credit_account_id, x.credit_dimension)
