-- name: settle_lines
-- What is open in a book of a unit and what a sum would settle of it, by the very
-- function that posts the payment. Only where the viewer may take money.
SELECT c.charge_id, i.code AS item_code, i.name AS item_name, c.segment_start, c.segment_end, c.due_date, c.amount, c.settled,
       c.quantity, c.unit_price, c.days, c.month_days, COALESCE(s.part, 0) AS pays
  FROM charge c
  JOIN charge_item i ON i.item_id = c.item_id
  JOIN book b ON b.district_id = c.district_id AND b.book_id = c.book_id
  LEFT JOIN receivable_settle(:district, :book, :subject, :amount, CAST(:first AS bigint[])) s ON s.charge_id = c.charge_id
 WHERE c.district_id = :district AND c.book_id = :book AND c.subject_id = :subject AND c.state = 1 AND c.settled <> c.amount
   AND receivable_node(b.district_id, b.book_id, :today) = b.place_node_id
   AND access_covers(:district, :actor, 'payment.take', b.place_node_id, :today)
 ORDER BY c.due_date, i.pay_rank, c.segment_start, c.charge_id;

-- name: settle_shown
SELECT receivable_shown(:amount, array_agg(s.charge_id) FILTER (WHERE s.charge_id IS NOT NULL), array_agg(s.part) FILTER (WHERE s.charge_id IS NOT NULL))
  FROM book b
  LEFT JOIN LATERAL receivable_settle(:district, :book, :subject, :amount, CAST(:first AS bigint[])) s ON true
 WHERE b.district_id = :district AND b.book_id = :book
   AND receivable_node(b.district_id, b.book_id, :today) = b.place_node_id
   AND access_covers(:district, :actor, 'payment.take', b.place_node_id, :today);

-- name: payers
-- Of some units those whose money the viewer may take, with what they owe.
SELECT u.unit_id, COALESCE(sum(c.amount - c.settled), 0) AS open
  FROM unit u
  JOIN estate e ON e.district_id = u.district_id AND e.estate_id = u.estate_id
  LEFT JOIN book b ON b.district_id = e.district_id AND b.place_node_id = e.node_id
       AND receivable_node(b.district_id, b.book_id, :today) = e.node_id
  LEFT JOIN charge c ON c.district_id = u.district_id AND c.book_id = b.book_id AND c.subject_id = u.unit_id
       AND c.state = 1 AND c.settled <> c.amount
 WHERE u.district_id = :district AND u.unit_id = ANY (CAST(:units AS bigint[]))
   AND e.node_id IN (SELECT access_nodes(:district, :actor, 'payment.take', :today))
 GROUP BY u.unit_id;

-- name: last_payment
-- The last payment of a unit that stands.
SELECT p.payment_id, p.amount, p.channel, p.business_date
  FROM payment p
  JOIN book b ON b.district_id = p.district_id AND b.book_id = p.book_id
 WHERE p.district_id = :district AND p.subject_id = :subject
   AND NOT EXISTS (SELECT 1 FROM payment_reversal v WHERE v.district_id = p.district_id AND v.payment_id = p.payment_id)
   AND access_covers(:district, :actor, 'receivable.read', receivable_node(b.district_id, b.book_id, :today), :today)
 ORDER BY p.business_date DESC, p.payment_id DESC LIMIT 1;
