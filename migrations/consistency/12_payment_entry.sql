-- title: 收款记入现金与银行的金额不对
-- reason: the entries of a payment bring exactly its amount into cash, bank or channel accounts; those of a reversed payment come to nothing.
SELECT COALESCE(p.district_id, e.district_id) AS district_id, '收款 ' || COALESCE(p.payment_id, e.payment_id) AS subject,
       CASE WHEN p.payment_id IS NULL THEN '有这笔收款'
            ELSE '入账 ' || CASE WHEN v.payment_id IS NULL THEN p.amount ELSE 0 END END AS expected,
       '入账 ' || COALESCE(e.amount, 0) AS found
  FROM payment p
  LEFT JOIN payment_reversal v ON v.district_id = p.district_id AND v.payment_id = p.payment_id
  FULL JOIN (SELECT e.district_id, e.source_id AS payment_id, sum(CASE WHEN d.account_id IS NOT NULL THEN e.amount ELSE 0 END) AS amount
               FROM entry e
               LEFT JOIN account d ON d.district_id = e.district_id AND d.account_id = e.debit_account_id
                                  AND d.slug IN ('cash', 'bank', 'clearing')
              WHERE e.source_kind IN (2, 4)
              GROUP BY e.district_id, e.source_id) e ON e.district_id = p.district_id AND e.payment_id = p.payment_id
 WHERE p.payment_id IS NULL OR COALESCE(e.amount, 0) <> CASE WHEN v.payment_id IS NULL THEN p.amount ELSE 0 END
