-- title: 预存余额不等于收进的预存减去抵扣
-- reason: a household's prepayment is what its payments left over less what has settled bills since.
WITH held AS (
    SELECT h.district_id, a.book_id, h.dimension_id AS subject_id, h.balance
      FROM holding h
      JOIN account a ON a.district_id = h.district_id AND a.account_id = h.account_id AND a.slug = 'prepayment'
), documents AS (
    SELECT s.district_id, s.book_id, s.subject_id, sum(s.amount) AS balance
      FROM (SELECT p.district_id, p.book_id, p.subject_id, p.prepaid AS amount FROM payment p
             WHERE p.prepaid <> 0
               AND NOT EXISTS (SELECT 1 FROM payment_reversal v WHERE v.district_id = p.district_id AND v.payment_id = p.payment_id)
            UNION ALL
            SELECT c.district_id, c.book_id, c.subject_id, -a.amount FROM allocation a
              JOIN charge c ON c.district_id = a.district_id AND c.charge_id = a.charge_id
             WHERE a.payment_id = 0) s
     GROUP BY s.district_id, s.book_id, s.subject_id
)
SELECT COALESCE(d.district_id, h.district_id) AS district_id,
       '账本 ' || COALESCE(d.book_id, h.book_id) || '，户 ' || COALESCE(d.subject_id, h.subject_id) AS subject,
       '收进减抵扣 ' || COALESCE(d.balance, 0) AS expected, '余额 ' || COALESCE(h.balance, 0) AS found
  FROM documents d
  FULL JOIN held h ON h.district_id = d.district_id AND h.book_id = d.book_id AND h.subject_id = d.subject_id
 WHERE COALESCE(d.balance, 0) <> COALESCE(h.balance, 0)
