-- name: lock_period
SELECT pg_advisory_xact_lock(ledger_period_key(:district, :book));

-- name: closed_through
SELECT ledger_closed_through(:district, :book);

-- name: last_event
SELECT COALESCE(max(event_no), 0) FROM period_event WHERE district_id = :district AND book_id = :book AND month = :month;

-- name: first_open_with_entries
-- The earliest month before :month that holds entries and is not closed.
SELECT CAST(date_trunc('month', min(e.posting_date)) AS date) FROM entry e
 WHERE e.district_id = :district AND e.book_id = :book AND e.posting_date < :month
   AND e.posting_date >= COALESCE(ledger_closed_through(:district, :book) + INTERVAL '1 month', DATE '1900-01-01');

-- name: month_totals
SELECT count(*) AS entries, COALESCE(sum(amount), 0) AS total FROM entry
 WHERE district_id = :district AND book_id = :book AND posting_date >= :month
   AND posting_date < CAST(CAST(:month AS date) + INTERVAL '1 month' AS date);

-- name: insert_event
INSERT INTO period_event (district_id, book_id, month, event_no, closed, reason, user_id, at, entries, total, act_id)
VALUES (:district, :book, :month, :event_no, :closed, :reason, :user, :at, :entries, :total, :act);

-- name: period_events
SELECT p.month, p.event_no, p.closed, p.reason, p.at, p.entries, p.total, u.name AS user_name, p.act_id
  FROM period_event p
  JOIN book b ON b.district_id = p.district_id AND b.book_id = p.book_id
  JOIN app_user u ON u.user_id = p.user_id
 WHERE p.district_id = :district AND p.book_id = :book AND access_covers(:district, :actor, 'books.read', b.node_id, :today)
 ORDER BY p.month DESC, p.event_no DESC;

-- name: insert_voucher
INSERT INTO voucher (district_id, book_id, business_date, summary, paper, user_id, act_id)
VALUES (:district, :book, :business, :summary, :paper, :user, :act) RETURNING voucher_id;

-- name: voucher
SELECT v.voucher_id, v.business_date, v.summary, v.paper, u.name AS user_name, v.act_id
  FROM voucher v
  JOIN book b ON b.district_id = v.district_id AND b.book_id = v.book_id
  JOIN app_user u ON u.user_id = v.user_id
 WHERE v.district_id = :district AND v.voucher_id = :voucher AND access_covers(:district, :actor, 'books.read', b.node_id, :today);
