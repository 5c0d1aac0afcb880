-- name: open_charges
SELECT c.charge_id, c.item_id, i.code AS item_code, i.name AS item_name, c.segment_start, c.segment_end, c.due_date, c.amount, c.settled,
       c.quantity, c.unit_price, c.days, c.month_days, c.debtor_id
  FROM charge c
  JOIN charge_item i ON i.item_id = c.item_id
  JOIN book b ON b.district_id = c.district_id AND b.book_id = c.book_id
 WHERE c.district_id = :district AND c.subject_id = :subject AND c.state = 1 AND c.settled <> c.amount
   AND access_covers(:district, :actor, 'receivable.read', receivable_node(b.district_id, b.book_id, :today), :today)
 ORDER BY c.due_date, i.pay_rank, c.segment_start, c.charge_id;

-- name: charges_of
SELECT c.charge_id, c.item_id, i.code AS item_code, i.name AS item_name, c.segment_start, c.segment_end, c.due_date, c.posting_date,
       c.amount, c.settled, c.tax_amount, c.tax_rate, c.quantity, c.unit_price, c.days, c.month_days, c.rounding, c.state, c.run_id,
       c.debtor_id, c.act_id, c.book_id
  FROM charge c
  JOIN charge_item i ON i.item_id = c.item_id
  JOIN book b ON b.district_id = c.district_id AND b.book_id = c.book_id
 WHERE c.district_id = :district AND c.subject_id = :subject
   AND access_covers(:district, :actor, 'receivable.read', receivable_node(b.district_id, b.book_id, :today), :today)
 ORDER BY c.segment_start DESC, c.charge_id DESC LIMIT :limit;

-- name: charge_by_id
SELECT c.charge_id, c.item_id, i.code AS item_code, i.name AS item_name, c.segment_start, c.segment_end, c.due_date, c.posting_date,
       c.amount, c.settled, c.tax_amount, c.tax_rate, c.quantity, c.unit_price, c.days, c.month_days, c.rounding, c.state, c.run_id,
       c.debtor_id, c.act_id, c.book_id
  FROM charge c
  JOIN charge_item i ON i.item_id = c.item_id
  JOIN book b ON b.district_id = c.district_id AND b.book_id = c.book_id
 WHERE c.district_id = :district AND c.charge_id = :charge
   AND access_covers(:district, :actor, 'receivable.read', receivable_node(b.district_id, b.book_id, :today), :today);

-- name: prepayments_of
SELECT COALESCE(sum(h.balance), 0)
  FROM holding h
  JOIN account a ON a.district_id = h.district_id AND a.account_id = h.account_id AND a.slug = 'prepayment'
  JOIN book b ON b.district_id = a.district_id AND b.book_id = a.book_id
 WHERE h.district_id = :district AND h.dimension_id = :subject
   AND access_covers(:district, :actor, 'receivable.read', receivable_node(b.district_id, b.book_id, :today), :today);

-- name: household_lines
-- One line of time: bills, withdrawals, payments and reversals of a household,
-- in the order in which they count. amount is what it adds to the debt. A bill
-- taken back before its own day counts on that day, never without the bill.
SELECT l.at, l.kind, l.id, l.text, l.amount, l.act_id FROM (
    SELECT c.posting_date AS at, 1 AS place, 'bill' AS kind, c.charge_id AS id, i.name || ' ' || to_char(c.segment_start, 'YYYY-MM') AS text,
           c.amount, c.act_id, c.book_id
      FROM charge c JOIN charge_item i ON i.item_id = c.item_id
     WHERE c.district_id = :district AND c.subject_id = :subject
    UNION ALL
    SELECT GREATEST(c.posting_date, x.business_date), 2, CASE WHEN c.state = 2 THEN 'withdrawn' ELSE 'reversed' END, c.charge_id,
           i.name || ' ' || to_char(c.segment_start, 'YYYY-MM'), -c.amount, x.act_id, c.book_id
      FROM charge c JOIN charge_item i ON i.item_id = c.item_id
     CROSS JOIN LATERAL (
         SELECT back.business_date, back.act_id FROM entry e
           JOIN entry_reversal r ON r.district_id = e.district_id AND r.reversed_entry_id = e.entry_id
           JOIN entry back ON back.district_id = r.district_id AND back.entry_id = r.reversal_entry_id
          WHERE e.district_id = c.district_id AND e.book_id = c.book_id AND e.posting_date = c.posting_date
            AND e.source_kind = 1 AND e.source_id = c.charge_id LIMIT 1) x
     WHERE c.district_id = :district AND c.subject_id = :subject AND c.state <> 1
    UNION ALL
    SELECT p.business_date, 3, 'payment', p.payment_id, s.prefix || '-' || lpad(CAST(t.number AS text), 6, '0'), -p.amount, p.act_id, p.book_id
      FROM payment p
      JOIN receipt t ON t.district_id = p.district_id AND t.payment_id = p.payment_id
      JOIN receipt_series s ON s.district_id = t.district_id AND s.series_id = t.series_id
     WHERE p.district_id = :district AND p.subject_id = :subject
    UNION ALL
    SELECT v.business_date, 4, 'payment_reversed', p.payment_id, s.prefix || '-' || lpad(CAST(t.number AS text), 6, '0'), p.amount, v.act_id, p.book_id
      FROM payment p
      JOIN payment_reversal v ON v.district_id = p.district_id AND v.payment_id = p.payment_id
      JOIN receipt t ON t.district_id = p.district_id AND t.payment_id = p.payment_id
      JOIN receipt_series s ON s.district_id = t.district_id AND s.series_id = t.series_id
     WHERE p.district_id = :district AND p.subject_id = :subject) l
  JOIN book b ON b.district_id = :district AND b.book_id = l.book_id
 WHERE access_covers(:district, :actor, 'receivable.read', receivable_node(b.district_id, b.book_id, :today), :today)
 ORDER BY l.at, l.place, l.id;
