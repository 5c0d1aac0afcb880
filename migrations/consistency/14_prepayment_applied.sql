-- title: 预存抵扣与它的分录不符
-- reason: settling a charge from a prepayment is one allocation and one entry of the same amount; taking it back reverses both.
SELECT COALESCE(a.district_id, e.district_id) AS district_id, '核销 ' || COALESCE(a.allocation_id, e.allocation_id) AS subject,
       COALESCE('抵扣 ' || a.amount, '没有这笔抵扣') AS expected, '入账 ' || COALESCE(e.amount, 0) AS found
  FROM (SELECT o.district_id, o.allocation_id, o.amount + COALESCE(r.amount, 0) AS amount
          FROM allocation o
          LEFT JOIN allocation r ON r.district_id = o.district_id AND r.reverses_id = o.allocation_id
         WHERE o.payment_id = 0 AND o.reverses_id IS NULL) a
  FULL JOIN (SELECT e.district_id, e.source_id AS allocation_id, sum(e.amount) AS amount FROM entry e
              WHERE e.source_kind = 3
                AND NOT EXISTS (SELECT 1 FROM entry_reversal r WHERE r.district_id = e.district_id AND r.reversed_entry_id = e.entry_id)
              GROUP BY e.district_id, e.source_id) e ON e.district_id = a.district_id AND e.allocation_id = a.allocation_id
 WHERE COALESCE(a.amount, 0) <> COALESCE(e.amount, 0)
