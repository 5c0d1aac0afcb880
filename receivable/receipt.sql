-- name: receipts
SELECT p.payment_id, s.prefix || '-' || lpad(CAST(t.number AS text), 6, '0') AS receipt_no, t.issued_on, p.business_date, p.channel, p.amount,
       p.prepaid, p.payer, p.note, u.code AS unit_code, p.subject_id, w.name AS taken_by, n.name AS estate_name, p.act_id,
       v.business_date AS reversed_on, COALESCE(v.reason, '') AS reversal_reason
  FROM payment p
  JOIN book b ON b.district_id = p.district_id AND b.book_id = p.book_id
  JOIN scope_node n ON n.district_id = b.district_id AND n.node_id = b.place_node_id
  JOIN receipt t ON t.district_id = p.district_id AND t.payment_id = p.payment_id
  JOIN receipt_series s ON s.district_id = t.district_id AND s.series_id = t.series_id
  JOIN unit u ON u.district_id = p.district_id AND u.unit_id = p.subject_id
  JOIN app_user w ON w.user_id = p.user_id
  LEFT JOIN payment_reversal v ON v.district_id = p.district_id AND v.payment_id = p.payment_id
 WHERE p.district_id = :district AND b.place_node_id = :node
   AND access_covers(:district, :actor, 'receivable.read', receivable_node(b.district_id, b.book_id, :today), :today)
   AND p.business_date BETWEEN :from AND :to
   AND (CAST(:before_payment AS bigint) = 0 OR p.payment_id < :before_payment)
 ORDER BY p.payment_id DESC LIMIT :limit;

-- name: receipt
SELECT p.payment_id, s.prefix || '-' || lpad(CAST(t.number AS text), 6, '0') AS receipt_no, t.issued_on, p.business_date, p.posting_date,
       p.channel, p.amount, p.prepaid, p.payer, p.note, u.code AS unit_code, p.subject_id, w.name AS taken_by, n.name AS estate_name, p.act_id,
       v.business_date AS reversed_on, COALESCE(v.reason, '') AS reversal_reason, COALESCE(x.name, '') AS reversed_by,
       COALESCE(v.act_id, 0) AS reversal_act, b.name AS book_name, b.book_id, b.place_node_id, o.name AS issuer
  FROM payment p
  JOIN book b ON b.district_id = p.district_id AND b.book_id = p.book_id
  JOIN legal_owner o ON o.district_id = b.district_id AND o.legal_owner_id = b.legal_owner_id
  JOIN scope_node n ON n.district_id = b.district_id AND n.node_id = b.place_node_id
  JOIN receipt t ON t.district_id = p.district_id AND t.payment_id = p.payment_id
  JOIN receipt_series s ON s.district_id = t.district_id AND s.series_id = t.series_id
  JOIN unit u ON u.district_id = p.district_id AND u.unit_id = p.subject_id
  JOIN app_user w ON w.user_id = p.user_id
  LEFT JOIN payment_reversal v ON v.district_id = p.district_id AND v.payment_id = p.payment_id
  LEFT JOIN app_user x ON x.user_id = v.user_id
 WHERE p.district_id = :district AND p.payment_id = :payment
   AND access_covers(:district, :actor, 'receivable.read', receivable_node(b.district_id, b.book_id, :today), :today);

-- name: receipt_parts
SELECT a.charge_id, i.name AS item_name, c.segment_start, c.segment_end, c.quantity, c.unit_price, a.amount, c.amount AS charged,
       c.amount - c.settled AS open
  FROM payment p
  JOIN book b ON b.district_id = p.district_id AND b.book_id = p.book_id
  JOIN allocation a ON a.district_id = p.district_id AND a.payment_id = p.payment_id AND a.reverses_id IS NULL
  JOIN charge c ON c.district_id = a.district_id AND c.charge_id = a.charge_id
  JOIN charge_item i ON i.item_id = c.item_id
 WHERE p.district_id = :district AND p.payment_id = :payment
   AND access_covers(:district, :actor, 'receivable.read', receivable_node(b.district_id, b.book_id, :today), :today)
 ORDER BY c.segment_start, c.charge_id;

-- name: owners_on
-- The names on a receipt: the owners of a unit on a day.
SELECT COALESCE(string_agg(pe.name, '、' ORDER BY sh.numerator DESC, pe.person_id), '') AS names
  FROM (SELECT o.ownership_id FROM ownership o
         WHERE o.district_id = :district AND o.unit_id = :subject AND o.valid_from <= :on
         ORDER BY o.valid_from DESC, o.version DESC LIMIT 1) title
  JOIN ownership_share sh ON sh.district_id = :district AND sh.ownership_id = title.ownership_id
  JOIN person pe ON pe.district_id = :district AND pe.person_id = sh.person_id
  JOIN unit u ON u.district_id = :district AND u.unit_id = :subject
  JOIN estate e ON e.district_id = u.district_id AND e.estate_id = u.estate_id
 WHERE access_covers(:district, :actor, 'receivable.read', e.node_id, :today);

-- name: day_takings
-- What each cashier took on a day, by channel, reversals of that day apart.
SELECT w.name AS taken_by, p.channel, count(*) AS payments, sum(p.amount) AS amount,
       COALESCE(sum(p.amount) FILTER (WHERE v.payment_id IS NOT NULL), 0) AS reversed
  FROM payment p
  JOIN book b ON b.district_id = p.district_id AND b.book_id = p.book_id
  JOIN app_user w ON w.user_id = p.user_id
  LEFT JOIN payment_reversal v ON v.district_id = p.district_id AND v.payment_id = p.payment_id
 WHERE p.district_id = :district AND b.place_node_id = :node AND p.business_date = :on
   AND access_covers(:district, :actor, 'receivable.read', receivable_node(b.district_id, b.book_id, :today), :today)
 GROUP BY w.name, p.channel ORDER BY w.name, p.channel;
