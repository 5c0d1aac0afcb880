-- name: lock_run_charges
SELECT charge_id, subject_id FROM charge
 WHERE district_id = :district AND book_id = :book AND run_id = :run AND state = 1
 ORDER BY charge_id FOR UPDATE;

-- name: lock_charge
SELECT charge_id, subject_id, book_id, run_id, amount, settled, state, posting_date FROM charge
 WHERE district_id = :district AND charge_id = :charge FOR UPDATE;

-- name: paid_charges
-- Charges that a payment, not a prepayment, has settled in part or whole.
SELECT count(*) FROM (
    SELECT a.charge_id FROM allocation a
     WHERE a.district_id = :district AND a.charge_id = ANY (CAST(:charges AS bigint[])) AND a.payment_id <> 0
     GROUP BY a.charge_id HAVING sum(a.amount) <> 0) paid;

-- name: live_allocations
SELECT a.allocation_id, a.charge_id, a.payment_id, a.amount FROM allocation a
 WHERE a.district_id = :district AND a.reverses_id IS NULL
   AND (a.charge_id = ANY (CAST(:charges AS bigint[])) AND a.payment_id = 0)
   AND NOT EXISTS (SELECT 1 FROM allocation r WHERE r.district_id = a.district_id AND r.reverses_id = a.allocation_id)
 ORDER BY a.allocation_id;

-- name: allocations_of_payment
SELECT a.allocation_id, a.charge_id, a.payment_id, a.amount FROM allocation a
 WHERE a.district_id = :district AND a.payment_id = :payment AND a.reverses_id IS NULL
   AND NOT EXISTS (SELECT 1 FROM allocation r WHERE r.district_id = a.district_id AND r.reverses_id = a.allocation_id)
 ORDER BY a.allocation_id;

-- name: applications_newest_first
-- Where the prepayments of a household went, newest first: by the act, within
-- one the debt that was settled last. Ids of allocations do not say: sessions
-- draw them in blocks.
SELECT a.allocation_id, a.charge_id, a.payment_id, a.amount FROM charge c
  JOIN allocation a ON a.district_id = c.district_id AND a.charge_id = c.charge_id
  JOIN charge_item i ON i.item_id = c.item_id
 WHERE c.district_id = :district AND c.book_id = :book AND c.subject_id = :subject
   AND a.payment_id = 0 AND a.reverses_id IS NULL
   AND NOT EXISTS (SELECT 1 FROM allocation r WHERE r.district_id = a.district_id AND r.reverses_id = a.allocation_id)
 ORDER BY a.act_id DESC, c.due_date DESC, i.pay_rank DESC, c.segment_start DESC, c.charge_id DESC;

-- name: lock_charges
SELECT count(*) FROM (SELECT 1 FROM charge WHERE district_id = :district AND charge_id = ANY (CAST(:charges AS bigint[]))
 ORDER BY charge_id FOR UPDATE) locked;

-- name: lock_subject_charges
SELECT count(*) FROM (SELECT 1 FROM charge WHERE district_id = :district AND book_id = :book AND subject_id = :subject AND state = 1
 ORDER BY charge_id FOR UPDATE) locked;

-- name: take_back
INSERT INTO allocation (district_id, charge_id, payment_id, reverses_id, act_id, business_date, amount)
SELECT a.district_id, a.charge_id, a.payment_id, a.allocation_id, :act, :business, -a.amount FROM allocation a
 WHERE a.district_id = :district AND a.allocation_id = ANY (CAST(:allocations AS bigint[]))
 ORDER BY a.allocation_id;

-- name: unsettle
UPDATE charge SET settled = settled - a.amount
  FROM (SELECT charge_id, sum(amount) AS amount FROM allocation
         WHERE district_id = :district AND allocation_id = ANY (CAST(:allocations AS bigint[])) GROUP BY charge_id) a
 WHERE charge.district_id = :district AND charge.charge_id = a.charge_id;

-- name: set_state
UPDATE charge SET state = CAST(:state AS smallint) WHERE district_id = :district AND charge_id = ANY (CAST(:charges AS bigint[]));

-- name: prepayment_balance
SELECT COALESCE((SELECT balance FROM holding WHERE district_id = :district AND account_id = :prepayment AND dimension_id = :subject), 0);

-- name: payment_to_reverse
SELECT p.payment_id, p.book_id, p.subject_id, p.amount, p.prepaid, p.posting_date, p.business_date,
       receivable_node(b.district_id, b.book_id, :today) AS node_id,
       EXISTS (SELECT 1 FROM payment_reversal r WHERE r.district_id = p.district_id AND r.payment_id = p.payment_id) AS reversed
  FROM payment p JOIN book b ON b.district_id = p.district_id AND b.book_id = p.book_id
 WHERE p.district_id = :district AND p.payment_id = :payment;

-- name: lock_payment
SELECT pg_advisory_xact_lock(hashtextextended(:district || ':payment:' || :payment, 0));

-- name: insert_reversal
INSERT INTO payment_reversal (district_id, payment_id, business_date, posting_date, reason, user_id, act_id)
VALUES (:district, :payment, :business, :posting, :reason, :user, :act);

-- name: charge_place
SELECT c.book_id, receivable_node(b.district_id, b.book_id, :today) AS node_id FROM charge c JOIN book b ON b.district_id = c.district_id AND b.book_id = c.book_id
 WHERE c.district_id = :district AND c.charge_id = :charge;
