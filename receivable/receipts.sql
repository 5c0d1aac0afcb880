-- name: receipt_list
-- Receipts where the viewer may see what is paid, newest first, each with what it
-- was for. node 0 is everywhere.
SELECT p.payment_id, s.prefix || '-' || lpad(CAST(t.number AS text), 6, '0') AS receipt_no, t.issued_on, p.business_date, p.channel, p.amount,
       p.prepaid, p.payer, p.note, u.code AS unit_code, p.subject_id, w.name AS taken_by, n.name AS estate_name, p.act_id,
       v.business_date AS reversed_on, COALESCE(v.reason, '') AS reversal_reason, COALESCE(o.names, '') AS owners,
       COALESCE(f.items, '') AS items, f.first_day, f.last_day
  FROM payment p
  JOIN book b ON b.district_id = p.district_id AND b.book_id = p.book_id
  JOIN scope_node n ON n.district_id = b.district_id AND n.node_id = b.place_node_id
  JOIN receipt t ON t.district_id = p.district_id AND t.payment_id = p.payment_id
  JOIN receipt_series s ON s.district_id = t.district_id AND s.series_id = t.series_id
  JOIN unit u ON u.district_id = p.district_id AND u.unit_id = p.subject_id
  JOIN app_user w ON w.user_id = p.user_id
  LEFT JOIN payment_reversal v ON v.district_id = p.district_id AND v.payment_id = p.payment_id
  LEFT JOIN LATERAL (
      SELECT string_agg(DISTINCT i.name, '、') AS items, min(c.segment_start) AS first_day, max(c.segment_end) AS last_day
        FROM allocation a
        JOIN charge c ON c.district_id = a.district_id AND c.charge_id = a.charge_id
        JOIN charge_item i ON i.item_id = c.item_id
       WHERE a.district_id = p.district_id AND a.payment_id = p.payment_id AND a.reverses_id IS NULL) f ON true
  LEFT JOIN LATERAL (
      SELECT string_agg(pe.name, '、' ORDER BY sh.numerator DESC, pe.person_id) AS names
        FROM (SELECT o.ownership_id FROM ownership o
               WHERE o.district_id = p.district_id AND o.unit_id = p.subject_id AND o.valid_from <= p.business_date
               ORDER BY o.valid_from DESC, o.version DESC LIMIT 1) title
        JOIN ownership_share sh ON sh.district_id = p.district_id AND sh.ownership_id = title.ownership_id
        JOIN person pe ON pe.district_id = p.district_id AND pe.person_id = sh.person_id) o ON true
 WHERE p.district_id = :district
   AND receivable_node(b.district_id, b.book_id, :today) IN (SELECT access_nodes(:district, :actor, 'receivable.read', :today))
   AND (CAST(:node AS bigint) = 0 OR b.place_node_id = :node)
   AND p.business_date BETWEEN :from AND :to
   AND (CAST(:counter AS bigint) = 0 OR p.counter_id = :counter)
   AND (CAST(:channel AS text) = '' OR p.channel = :channel)
   AND (CAST(:text AS text) = '' OR u.code = :code OR starts_with(u.code, :text)
        OR position(upper(:text) IN s.prefix || '-' || lpad(CAST(t.number AS text), 6, '0')) > 0)
   AND (CAST(:before_payment AS bigint) = 0 OR p.payment_id < :before_payment)
 ORDER BY p.payment_id DESC LIMIT :limit;

-- name: receipt_sums
-- The same receipts by channel: those that stand, and those reversed.
SELECT p.channel, count(*) FILTER (WHERE v.payment_id IS NULL) AS count, COALESCE(sum(p.amount) FILTER (WHERE v.payment_id IS NULL), 0) AS amount,
       count(v.payment_id) AS voided_count, COALESCE(sum(p.amount) FILTER (WHERE v.payment_id IS NOT NULL), 0) AS voided
  FROM payment p
  JOIN book b ON b.district_id = p.district_id AND b.book_id = p.book_id
  JOIN receipt t ON t.district_id = p.district_id AND t.payment_id = p.payment_id
  JOIN receipt_series s ON s.district_id = t.district_id AND s.series_id = t.series_id
  JOIN unit u ON u.district_id = p.district_id AND u.unit_id = p.subject_id
  LEFT JOIN payment_reversal v ON v.district_id = p.district_id AND v.payment_id = p.payment_id
 WHERE p.district_id = :district
   AND receivable_node(b.district_id, b.book_id, :today) IN (SELECT access_nodes(:district, :actor, 'receivable.read', :today))
   AND (CAST(:node AS bigint) = 0 OR b.place_node_id = :node)
   AND p.business_date BETWEEN :from AND :to
   AND (CAST(:counter AS bigint) = 0 OR p.counter_id = :counter)
   AND (CAST(:channel AS text) = '' OR p.channel = :channel)
   AND (CAST(:text AS text) = '' OR u.code = :code OR starts_with(u.code, :text)
        OR position(upper(:text) IN s.prefix || '-' || lpad(CAST(t.number AS text), 6, '0')) > 0)
 GROUP BY p.channel;

-- name: counter_list
-- The counters, open or closed, of the books the viewer may see; node 0 is everywhere.
SELECT c.counter_id, c.code, c.name, c.book_id, b.place_node_id FROM counter c
  JOIN book b ON b.district_id = c.district_id AND b.book_id = c.book_id
 WHERE c.district_id = :district AND (CAST(:node AS bigint) = 0 OR b.place_node_id = :node)
   AND receivable_node(b.district_id, b.book_id, :today) IN (SELECT access_nodes(:district, :actor, 'receivable.read', :today))
 ORDER BY c.code;
