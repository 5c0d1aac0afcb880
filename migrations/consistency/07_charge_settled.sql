-- title: 账单的已收金额与核销合计不符
-- reason: settled is kept on the charge because the open-item index needs it; the allocations are what it must add up to.
SELECT COALESCE(c.district_id, a.district_id) AS district_id, '账单 ' || COALESCE(c.charge_id, a.charge_id) AS subject,
       '核销合计 ' || COALESCE(a.amount, 0) AS expected, COALESCE('已收 ' || c.settled, '没有这笔账单') AS found
  FROM charge c
  FULL JOIN (SELECT district_id, charge_id, sum(amount) AS amount FROM allocation GROUP BY district_id, charge_id) a
         ON a.district_id = c.district_id AND a.charge_id = c.charge_id
 WHERE c.charge_id IS NULL OR c.settled <> COALESCE(a.amount, 0) OR (c.state <> 1 AND c.settled <> 0)
