-- title: 分录的维度不属于它的账本
-- reason: a dimension is a bare subject id; a unit must lie in the book's place, a bank account must belong to the book's owner.
WITH used AS (
    SELECT DISTINCT s.district_id, s.book_id, s.dimension_id
      FROM (SELECT DISTINCT district_id, book_id, debit_dimension AS dimension_id FROM entry WHERE debit_dimension <> 0
            UNION ALL
            SELECT DISTINCT district_id, book_id, credit_dimension FROM entry WHERE credit_dimension <> 0) s
)
SELECT d.district_id, '账本 ' || d.book_id || '，维度 ' || d.dimension_id AS subject,
       '本账本所在小区的户或合同，或同一所有人的资金账户' AS expected,
       CASE WHEN COALESCE(u.unit_id, c.contract_id, k.bank_account_id) IS NULL THEN '没有这个对象'
            WHEN k.bank_account_id IS NOT NULL THEN '另一个所有人的资金账户'
            ELSE '另一个小区的户或合同' END AS found
  FROM used d
  LEFT JOIN book b ON b.district_id = d.district_id AND b.book_id = d.book_id
  LEFT JOIN unit u ON u.district_id = d.district_id AND u.unit_id = d.dimension_id
  LEFT JOIN service_contract c ON c.district_id = d.district_id AND c.contract_id = d.dimension_id
  LEFT JOIN bank_account k ON k.district_id = d.district_id AND k.bank_account_id = d.dimension_id
  LEFT JOIN estate e ON e.district_id = d.district_id AND e.estate_id = COALESCE(u.estate_id, c.estate_id)
 WHERE COALESCE(u.unit_id, c.contract_id, k.bank_account_id) IS NULL
    OR (k.bank_account_id IS NOT NULL AND k.legal_owner_id IS DISTINCT FROM b.legal_owner_id)
    OR (e.estate_id IS NOT NULL AND b.kind NOT IN ('company_head', 'sub_district') AND e.node_id IS DISTINCT FROM b.place_node_id)
