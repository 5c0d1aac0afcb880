-- title: 账本一侧的记录指向不存在的东西
-- reason: what the books name without a foreign key - scope nodes, the book of a period, the account of a turnover, users, acts.
SELECT b.district_id, '账本 ' || b.book_id AS subject, '有管辖节点 ' || v.node_id AS expected, '没有' AS found
  FROM book b CROSS JOIN LATERAL (VALUES (b.node_id), (b.place_node_id)) v(node_id)
 WHERE NOT EXISTS (SELECT 1 FROM scope_node n WHERE n.district_id = b.district_id AND n.node_id = v.node_id)
UNION ALL
SELECT o.district_id, '资金所有人 ' || o.legal_owner_id, '有管辖节点 ' || o.node_id, '没有' FROM legal_owner o
 WHERE NOT EXISTS (SELECT 1 FROM scope_node n WHERE n.district_id = o.district_id AND n.node_id = o.node_id)
UNION ALL
SELECT p.district_id, '结账记录，账本 ' || p.book_id || '，' || to_char(p.month, 'YYYY-MM'), '有这本账、这次操作和经办人', '缺其中之一' FROM period_event p
 WHERE NOT EXISTS (SELECT 1 FROM book b WHERE b.district_id = p.district_id AND b.book_id = p.book_id)
    OR NOT EXISTS (SELECT 1 FROM act a WHERE a.district_id = p.district_id AND a.act_id = p.act_id)
    OR NOT EXISTS (SELECT 1 FROM app_user u WHERE u.user_id = p.user_id)
UNION ALL
SELECT t.district_id, '发生额，科目 ' || t.account_id, '属于账本 ' || t.book_id, '不属于，或没有这个科目'
  FROM (SELECT DISTINCT district_id, account_id, book_id FROM turnover) t
 WHERE NOT EXISTS (SELECT 1 FROM account a WHERE a.district_id = t.district_id AND a.account_id = t.account_id AND a.book_id = t.book_id)
UNION ALL
SELECT b.district_id, '账本 ' || b.book_id, '有操作 ' || b.act_id || ' 的记录', '没有' FROM book b
 WHERE NOT EXISTS (SELECT 1 FROM act a WHERE a.district_id = b.district_id AND a.act_id = b.act_id)
UNION ALL
SELECT a.district_id, '操作 ' || min(a.act_id), '有用户 ' || a.user_id || ' 和节点 ' || a.node_id, '缺其中之一，涉及操作 ' || count(*) || ' 次' FROM act a
 WHERE NOT EXISTS (SELECT 1 FROM app_user u WHERE u.user_id = a.user_id)
    OR NOT EXISTS (SELECT 1 FROM scope_node n WHERE n.district_id = a.district_id AND n.node_id = a.node_id)
 GROUP BY a.district_id, a.user_id, a.node_id
UNION ALL
SELECT v.district_id, '凭证 ' || v.voucher_id, '有经办人 ' || v.user_id || ' 和操作 ' || v.act_id || ' 的记录', '缺其中之一' FROM voucher v
 WHERE NOT EXISTS (SELECT 1 FROM app_user u WHERE u.user_id = v.user_id)
    OR NOT EXISTS (SELECT 1 FROM act a WHERE a.district_id = v.district_id AND a.act_id = v.act_id)
