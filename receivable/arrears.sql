-- name: arrears
-- Households of an estate that owe, one row each, worst first by default; ageing
-- by due date (≤3, 3–12, 12–24, 24–36, >36 months). Keyset by amount and unit.
SELECT q.unit_id, q.unit_code, q.open, q.months, q.earliest_due, q.not_due, q.to_3, q.to_12, q.to_24, q.to_36, q.over_36
  FROM (
    SELECT u.unit_id, u.code AS unit_code, sum(c.amount - c.settled) AS open, count(*) AS months, min(c.due_date) AS earliest_due,
           COALESCE(sum(c.amount - c.settled) FILTER (WHERE c.due_date >= :today), 0) AS not_due,
           COALESCE(sum(c.amount - c.settled) FILTER (WHERE c.due_date < :today AND c.due_date >= CAST(:today AS date) - INTERVAL '3 months'), 0) AS to_3,
           COALESCE(sum(c.amount - c.settled) FILTER (WHERE c.due_date < CAST(:today AS date) - INTERVAL '3 months' AND c.due_date >= CAST(:today AS date) - INTERVAL '12 months'), 0) AS to_12,
           COALESCE(sum(c.amount - c.settled) FILTER (WHERE c.due_date < CAST(:today AS date) - INTERVAL '12 months' AND c.due_date >= CAST(:today AS date) - INTERVAL '24 months'), 0) AS to_24,
           COALESCE(sum(c.amount - c.settled) FILTER (WHERE c.due_date < CAST(:today AS date) - INTERVAL '24 months' AND c.due_date >= CAST(:today AS date) - INTERVAL '36 months'), 0) AS to_36,
           COALESCE(sum(c.amount - c.settled) FILTER (WHERE c.due_date < CAST(:today AS date) - INTERVAL '36 months'), 0) AS over_36
      FROM book b
      JOIN charge c ON c.district_id = b.district_id AND c.book_id = b.book_id AND c.state = 1 AND c.settled <> c.amount
      JOIN unit u ON u.district_id = c.district_id AND u.unit_id = c.subject_id
     WHERE b.district_id = :district AND b.place_node_id = :node AND b.kind = 'company_estate'
       AND access_covers(:district, :actor, 'receivable.read', receivable_node(b.district_id, b.book_id, :today), :today)
       AND starts_with(u.code, :code)
     GROUP BY u.unit_id, u.code) q
 WHERE (CAST(:overdue_only AS boolean) = false OR q.open > q.not_due)
   AND (CAST(:after_unit AS bigint) = 0 OR (q.open, q.unit_id) < (CAST(:after_open AS numeric), CAST(:after_unit AS bigint)))
 ORDER BY q.open DESC, q.unit_id DESC
 LIMIT :limit;

-- name: arrears_total
SELECT count(DISTINCT c.subject_id) AS households, count(*) AS months, COALESCE(sum(c.amount - c.settled), 0) AS open,
       COALESCE(sum(c.amount - c.settled) FILTER (WHERE c.due_date >= :today), 0) AS not_due,
       COALESCE(sum(c.amount - c.settled) FILTER (WHERE c.due_date < :today AND c.due_date >= CAST(:today AS date) - INTERVAL '3 months'), 0) AS to_3,
       COALESCE(sum(c.amount - c.settled) FILTER (WHERE c.due_date < CAST(:today AS date) - INTERVAL '3 months' AND c.due_date >= CAST(:today AS date) - INTERVAL '12 months'), 0) AS to_12,
       COALESCE(sum(c.amount - c.settled) FILTER (WHERE c.due_date < CAST(:today AS date) - INTERVAL '12 months' AND c.due_date >= CAST(:today AS date) - INTERVAL '24 months'), 0) AS to_24,
       COALESCE(sum(c.amount - c.settled) FILTER (WHERE c.due_date < CAST(:today AS date) - INTERVAL '24 months' AND c.due_date >= CAST(:today AS date) - INTERVAL '36 months'), 0) AS to_36,
       COALESCE(sum(c.amount - c.settled) FILTER (WHERE c.due_date < CAST(:today AS date) - INTERVAL '36 months'), 0) AS over_36
  FROM book b
  JOIN charge c ON c.district_id = b.district_id AND c.book_id = b.book_id AND c.state = 1 AND c.settled <> c.amount
 WHERE b.district_id = :district AND b.place_node_id = :node AND b.kind = 'company_estate'
   AND access_covers(:district, :actor, 'arrears.summary', receivable_node(b.district_id, b.book_id, :today), :today);

-- name: collection
-- Per estate the viewer may see: what the bills of a span of months come to and
-- what has been collected of them, apart from older arrears recovered in those
-- months (rule of the collection rate), all open debt, and what was taken today.
-- until is the first day after the span.
SELECT b.place_node_id AS node_id, b.book_id,
       COALESCE(m.billed, 0) AS billed, COALESCE(m.collected, 0) AS collected, COALESCE(m.households, 0) AS households,
       COALESCE(o.open, 0) AS open, COALESCE(o.debtors, 0) AS debtors,
       COALESCE(o.overdue, 0) AS overdue, COALESCE(o.overdue_debtors, 0) AS overdue_debtors,
       COALESCE(t.taken, 0) AS taken_today, COALESCE(t.payments, 0) AS payments_today,
       COALESCE(v.recovered, 0) AS recovered, COALESCE(h.prepaid, 0) AS prepaid, COALESCE(h.prepayers, 0) AS prepayers,
       ledger_closed_through(b.district_id, b.book_id) AS closed_through
  FROM book b
  LEFT JOIN LATERAL (
      SELECT sum(c.amount) AS billed, sum(c.settled) AS collected, count(DISTINCT c.subject_id) AS households FROM charge c
       WHERE c.district_id = b.district_id AND c.book_id = b.book_id AND c.state = 1
         AND c.segment_start >= :month AND c.segment_start < :until) m ON true
  LEFT JOIN LATERAL (
      SELECT sum(c.amount - c.settled) AS open, count(DISTINCT c.subject_id) AS debtors,
             sum(c.amount - c.settled) FILTER (WHERE c.due_date < :today) AS overdue,
             count(DISTINCT c.subject_id) FILTER (WHERE c.due_date < :today) AS overdue_debtors
        FROM charge c
       WHERE c.district_id = b.district_id AND c.book_id = b.book_id AND c.state = 1 AND c.settled <> c.amount) o ON true
  LEFT JOIN LATERAL (
      SELECT sum(p.amount) AS taken, count(*) AS payments FROM payment p
       WHERE p.district_id = b.district_id AND p.book_id = b.book_id AND p.business_date = :today
         AND NOT EXISTS (SELECT 1 FROM payment_reversal r WHERE r.district_id = p.district_id AND r.payment_id = p.payment_id)) t ON true
  LEFT JOIN LATERAL (
      SELECT sum(a.amount) AS recovered FROM payment p
        JOIN allocation a ON a.district_id = p.district_id AND a.payment_id = p.payment_id
        JOIN charge c ON c.district_id = a.district_id AND c.charge_id = a.charge_id
       WHERE p.district_id = b.district_id AND p.book_id = b.book_id
         AND p.business_date >= :month AND p.business_date < :until
         AND c.segment_start < :month) v ON true
  LEFT JOIN LATERAL (
      SELECT sum(g.balance) AS prepaid, count(*) AS prepayers
        FROM account a JOIN holding g ON g.district_id = a.district_id AND g.account_id = a.account_id AND g.balance > 0
       WHERE a.district_id = b.district_id AND a.book_id = b.book_id AND a.slug = 'prepayment') h ON true
 WHERE b.district_id = :district AND b.kind = 'company_estate'
   AND receivable_node(b.district_id, b.book_id, :today) IN (SELECT access_nodes(:district, :actor, 'arrears.summary', :today))
   AND (CAST(:node AS bigint) = 0 OR b.place_node_id = :node)
 ORDER BY b.place_node_id;

-- name: collection_months
-- An estate's bills month by month, what has been collected of each, and the
-- older arrears that came in during it. until is the first day after the span.
WITH seen AS (
    SELECT b.district_id, b.book_id FROM book b
     WHERE b.district_id = :district AND b.place_node_id = :node AND b.kind = 'company_estate'
       AND access_covers(:district, :actor, 'arrears.summary', receivable_node(b.district_id, b.book_id, :today), :today)
), bills AS (
    SELECT CAST(date_trunc('month', c.segment_start) AS date) AS month, sum(c.amount) AS billed, sum(c.settled) AS collected,
           count(DISTINCT c.subject_id) AS households
      FROM seen b JOIN charge c ON c.district_id = b.district_id AND c.book_id = b.book_id AND c.state = 1
     WHERE c.segment_start >= :month AND c.segment_start < :until
     GROUP BY 1
), older AS (
    SELECT CAST(date_trunc('month', p.business_date) AS date) AS month, sum(a.amount) AS recovered
      FROM seen b JOIN payment p ON p.district_id = b.district_id AND p.book_id = b.book_id
      JOIN allocation a ON a.district_id = p.district_id AND a.payment_id = p.payment_id
      JOIN charge c ON c.district_id = a.district_id AND c.charge_id = a.charge_id
     WHERE p.business_date >= :month AND p.business_date < :until AND c.segment_start < date_trunc('month', p.business_date)
     GROUP BY 1
)
SELECT COALESCE(bills.month, older.month) AS month, COALESCE(bills.billed, 0) AS billed, COALESCE(bills.collected, 0) AS collected,
       COALESCE(bills.households, 0) AS households, COALESCE(older.recovered, 0) AS recovered
  FROM bills FULL JOIN older ON older.month = bills.month
 ORDER BY 1 DESC;

-- name: owed_by_units
-- What each of some units owes; a unit that owes nothing has no row.
WITH seen AS MATERIALIZED (
    SELECT b.book_id FROM book b
     WHERE b.district_id = :district AND receivable_node(b.district_id, b.book_id, :today) IN (SELECT access_nodes(:district, :actor, 'receivable.read', :today))
)
SELECT c.subject_id AS unit_id, sum(c.amount - c.settled) AS open,
       COALESCE(sum(c.amount - c.settled) FILTER (WHERE c.due_date < :today), 0) AS overdue
  FROM charge c
  JOIN seen ON seen.book_id = c.book_id
 WHERE c.district_id = :district AND c.subject_id = ANY(CAST(:units AS bigint[])) AND c.state = 1 AND c.settled <> c.amount
 GROUP BY c.subject_id;
