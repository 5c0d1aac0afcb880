-- title: 收款金额不等于核销加预存，或冲回不完整
-- reason: a payment is spent exactly, on charges and on the prepayment; reversing it takes back all its allocations, and nothing else does.
SELECT COALESCE(p.district_id, a.district_id) AS district_id, '收款 ' || COALESCE(p.payment_id, a.payment_id) AS subject,
       CASE WHEN p.payment_id IS NULL THEN '有这笔收款'
            WHEN p.amount <> COALESCE(a.given, 0) + p.prepaid THEN '收款 ' || p.amount
            WHEN v.payment_id IS NULL THEN '没有收回核销'
            ELSE '收回核销 ' || COALESCE(a.given, 0) END AS expected,
       CASE WHEN p.payment_id IS NULL THEN '没有'
            WHEN p.amount <> COALESCE(a.given, 0) + p.prepaid THEN '核销 ' || COALESCE(a.given, 0) || '，预存 ' || p.prepaid
            ELSE '收回核销 ' || COALESCE(-a.taken, 0) END AS found
  FROM payment p
  FULL JOIN (SELECT district_id, payment_id, COALESCE(sum(amount) FILTER (WHERE reverses_id IS NULL), 0) AS given,
                    COALESCE(sum(amount) FILTER (WHERE reverses_id IS NOT NULL), 0) AS taken
               FROM allocation WHERE payment_id <> 0 GROUP BY district_id, payment_id) a
         ON a.district_id = p.district_id AND a.payment_id = p.payment_id
  LEFT JOIN payment_reversal v ON v.district_id = p.district_id AND v.payment_id = p.payment_id
 WHERE p.payment_id IS NULL OR p.amount <> COALESCE(a.given, 0) + p.prepaid
    OR COALESCE(a.taken, 0) <> CASE WHEN v.payment_id IS NULL THEN 0 ELSE -COALESCE(a.given, 0) END
