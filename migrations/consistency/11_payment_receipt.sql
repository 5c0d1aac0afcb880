-- title: 收款没有收据、有多张收据，或收据与收款不符
-- reason: each payment has exactly one receipt, of its own amount, in a series of its own counter.
SELECT COALESCE(p.district_id, r.district_id) AS district_id, '收款 ' || COALESCE(p.payment_id, r.payment_id) AS subject,
       COALESCE('一张收据，金额 ' || p.amount, '有这笔收款') AS expected,
       COALESCE(r.receipts || ' 张收据，金额 ' || r.amount
                || CASE WHEN r.counter_id IS DISTINCT FROM p.counter_id THEN '，属于另一个柜台' ELSE '' END, '没有收据') AS found
  FROM payment p
  FULL JOIN (SELECT t.district_id, t.payment_id, count(*) AS receipts, sum(t.amount) AS amount, min(s.counter_id) AS counter_id
               FROM receipt t
               LEFT JOIN receipt_series s ON s.district_id = t.district_id AND s.series_id = t.series_id
              GROUP BY t.district_id, t.payment_id) r ON r.district_id = p.district_id AND r.payment_id = p.payment_id
 WHERE r.receipts IS DISTINCT FROM 1 OR r.amount IS DISTINCT FROM p.amount OR r.counter_id IS DISTINCT FROM p.counter_id
