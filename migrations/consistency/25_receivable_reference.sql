-- title: 账单、收款、核销或柜台指向不存在的东西
-- reason: charges, payments and allocations are written in sets and carry no foreign keys (docs/decisions/0005).
WITH subject AS (
    SELECT district_id, unit_id AS subject_id FROM unit UNION ALL SELECT district_id, contract_id FROM service_contract
)
SELECT c.district_id, '账单 ' || min(c.charge_id) AS subject, '有账本 ' || c.book_id || ' 和项目 ' || c.item_id AS expected,
       '缺其中之一，涉及账单 ' || count(*) || ' 笔' AS found
  FROM charge c
 WHERE NOT EXISTS (SELECT 1 FROM book b WHERE b.district_id = c.district_id AND b.book_id = c.book_id)
    OR NOT EXISTS (SELECT 1 FROM charge_item i WHERE i.item_id = c.item_id)
 GROUP BY c.district_id, c.book_id, c.item_id
UNION ALL
SELECT c.district_id, '账单 ' || min(c.charge_id), '有这一户(' || c.subject_id || ')', '没有，涉及账单 ' || count(*) || ' 笔' FROM charge c
  LEFT JOIN subject s ON s.district_id = c.district_id AND s.subject_id = c.subject_id
 WHERE s.subject_id IS NULL GROUP BY c.district_id, c.subject_id
UNION ALL
SELECT c.district_id, '账单 ' || min(c.charge_id), '户 ' || c.subject_id || ' 的产权', '产权 ' || c.debtor_id || ' 不属于这一户，或没有'
  FROM charge c
  LEFT JOIN ownership o ON o.district_id = c.district_id AND o.ownership_id = c.debtor_id
 WHERE c.debtor_id <> 0 AND o.unit_id IS DISTINCT FROM c.subject_id
 GROUP BY c.district_id, c.subject_id, c.debtor_id
UNION ALL
SELECT c.district_id, '账单 ' || c.charge_id, '被更正的账单 ' || c.corrects_id || ' 属于同一户', '不属于，或没有' FROM charge c
  LEFT JOIN charge o ON o.district_id = c.district_id AND o.charge_id = c.corrects_id
 WHERE c.corrects_id IS NOT NULL AND o.subject_id IS DISTINCT FROM c.subject_id
UNION ALL
SELECT d.district_id, d.what || ' ' || d.id, '有操作 ' || d.act_id || ' 的记录', '没有'
  FROM (SELECT district_id, '账单' AS what, min(charge_id) AS id, act_id FROM charge GROUP BY district_id, act_id
        UNION ALL SELECT district_id, '收款', min(payment_id), act_id FROM payment GROUP BY district_id, act_id
        UNION ALL SELECT district_id, '收款冲回', min(payment_id), act_id FROM payment_reversal GROUP BY district_id, act_id
        UNION ALL SELECT district_id, '核销', min(allocation_id), act_id FROM allocation GROUP BY district_id, act_id) d
 WHERE NOT EXISTS (SELECT 1 FROM act a WHERE a.district_id = d.district_id AND a.act_id = d.act_id)
UNION ALL
SELECT p.district_id, '收款 ' || p.payment_id, '同一本账的柜台、这一户、经办人', '缺其中之一，或柜台属于另一本账' FROM payment p
  LEFT JOIN counter k ON k.district_id = p.district_id AND k.counter_id = p.counter_id
  LEFT JOIN subject s ON s.district_id = p.district_id AND s.subject_id = p.subject_id
  LEFT JOIN app_user u ON u.user_id = p.user_id
 WHERE k.book_id IS DISTINCT FROM p.book_id OR s.subject_id IS NULL OR u.user_id IS NULL
UNION ALL
SELECT a.district_id, '核销 ' || a.allocation_id, '收款与账单同一户、同一本账', '收款 ' || a.payment_id || '，账单 ' || a.charge_id
  FROM allocation a
  JOIN payment p ON p.district_id = a.district_id AND p.payment_id = a.payment_id
  JOIN charge c ON c.district_id = a.district_id AND c.charge_id = a.charge_id
 WHERE (p.book_id, p.subject_id) <> (c.book_id, c.subject_id)
UNION ALL
SELECT k.district_id, '柜台 ' || k.code, '同一所有人的现金、银行和待到账账户', '账户 ' || v.bank_account_id || ' 不是，或没有' FROM counter k
 CROSS JOIN LATERAL (VALUES (k.cash_account_id), (k.bank_account_id), (k.clearing_account_id)) v(bank_account_id)
  LEFT JOIN bank_account b ON b.district_id = k.district_id AND b.bank_account_id = v.bank_account_id
 WHERE b.legal_owner_id IS DISTINCT FROM k.legal_owner_id
UNION ALL
SELECT r.district_id, '账单批次 ' || r.run_id, '本小区的账本', '账本 ' || r.book_id || ' 不是，或没有' FROM bill_run r
  JOIN estate e ON e.district_id = r.district_id AND e.estate_id = r.estate_id
  LEFT JOIN book b ON b.district_id = r.district_id AND b.book_id = r.book_id
 WHERE b.place_node_id IS DISTINCT FROM e.node_id
UNION ALL
SELECT x.district_id, '账单批次 ' || x.run_id || ' 的例外', '有户 ' || x.unit_id, '没有' FROM bill_run_exclusion x
 WHERE NOT EXISTS (SELECT 1 FROM unit u WHERE u.district_id = x.district_id AND u.unit_id = x.unit_id)
UNION ALL
SELECT f.district_id, '收费标准 ' || f.rate_id, '有项目 ' || f.item_id, '没有' FROM fee_rate f
 WHERE NOT EXISTS (SELECT 1 FROM charge_item i WHERE i.item_id = f.item_id)
UNION ALL
SELECT v.district_id, '收款冲回 ' || v.payment_id, '有经办人 ' || v.user_id, '没有' FROM payment_reversal v
 WHERE NOT EXISTS (SELECT 1 FROM app_user u WHERE u.user_id = v.user_id)
