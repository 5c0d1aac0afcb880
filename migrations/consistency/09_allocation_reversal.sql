-- title: 收回的核销与原核销对不上
-- reason: taking back an allocation repeats it with the negative amount, for the same charge and payment.
SELECT r.district_id, '核销 ' || r.allocation_id || '，原核销 ' || COALESCE(CAST(r.reverses_id AS text), '无') AS subject,
       '账单、收款相同，金额相反' AS expected,
       CASE WHEN r.reverses_id IS NULL THEN '金额 ' || r.amount || '，却没有原核销'
            WHEN o.allocation_id IS NULL THEN '没有原核销'
            WHEN o.amount <> -r.amount THEN '原金额 ' || o.amount || '，收回 ' || r.amount
            ELSE '账单或收款不同' END AS found
  FROM allocation r
  LEFT JOIN allocation o ON o.district_id = r.district_id AND o.allocation_id = r.reverses_id
 WHERE (r.reverses_id IS NOT NULL OR r.amount < 0)
   AND (o.allocation_id IS NULL OR o.reverses_id IS NOT NULL OR o.amount <> -r.amount
        OR (o.charge_id, o.payment_id) <> (r.charge_id, r.payment_id))
