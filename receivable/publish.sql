-- name: lock_debts
SELECT pg_advisory_xact_lock(receivable_debts_key(:district, :book));

-- name: insert_charges
-- NOT EXISTS under the run's lock is the source's business; the key still
-- refuses what slips through.
INSERT INTO charge (district_id, book_id, subject_id, debtor_id, run_id, act_id, segment_start, segment_end, due_date, posting_date,
                    item_id, days, month_days, quantity, unit_price, tax_rate, amount, tax_amount, rounding)
SELECT :district, :book, s.subject_id, s.debtor_id, :run, :act, s.segment_start, s.segment_end, s.due_date, s.posting_date,
       s.item_id, s.days, s.month_days, s.quantity, s.unit_price, s.tax_rate, s.amount, s.tax_amount, s.rounding
  FROM ({{source}}) s;

-- name: published
SELECT count(*) AS count, COALESCE(sum(amount), 0) AS total, min(posting_date) AS first_posting, max(posting_date) AS last_posting,
       COALESCE(sha256(convert_to(string_agg(concat_ws('|', subject_id, item_id, segment_start, segment_end, amount), ';'
                ORDER BY subject_id, item_id, segment_start), 'UTF8')), '') AS hash
  FROM charge WHERE district_id = :district AND book_id = :book AND run_id = :run AND act_id = :act;

-- name: charge_entries
-- Net of tax to income and the tax to output tax, both against the household.
SELECT c.book_id, CAST(:receivable AS bigint) AS debit_account_id, v.account_id AS credit_account_id,
       c.subject_id AS debit_dimension, 0 AS credit_dimension, c.charge_id AS source_id,
       c.segment_start AS business_date, c.posting_date, v.amount
  FROM charge c
 CROSS JOIN LATERAL (VALUES (CAST(:income AS bigint), c.amount - c.tax_amount), (CAST(:output_tax AS bigint), c.tax_amount)) AS v(account_id, amount)
 WHERE c.district_id = :district AND c.book_id = :book AND c.run_id = :run AND c.act_id = :act AND v.amount <> 0;

-- name: subjects_with_prepayment
-- Locks, in order, the prepayments that can settle something open.
SELECT h.dimension_id FROM holding h
 WHERE h.district_id = :district AND h.account_id = :prepayment AND h.balance > 0
   AND (CAST(:subject AS bigint) = 0 OR h.dimension_id = :subject)
   AND EXISTS (SELECT 1 FROM charge c WHERE c.district_id = :district AND c.book_id = :book AND c.subject_id = h.dimension_id
                AND c.state = 1 AND c.settled <> c.amount)
 ORDER BY h.dimension_id FOR UPDATE;

-- name: lock_open_charges
SELECT count(*) FROM (SELECT 1 FROM charge
 WHERE district_id = :district AND book_id = :book AND subject_id = ANY (CAST(:subjects AS bigint[])) AND state = 1 AND settled <> amount
 ORDER BY charge_id FOR UPDATE) locked;

-- name: apply_prepayments
INSERT INTO allocation (district_id, charge_id, payment_id, act_id, business_date, amount)
SELECT :district, s.charge_id, 0, :act, :business, s.part
  FROM holding h
 CROSS JOIN LATERAL receivable_settle(:district, :book, h.dimension_id, h.balance, CAST('{}' AS bigint[])) s
 WHERE h.district_id = :district AND h.account_id = :prepayment AND h.dimension_id = ANY (CAST(:subjects AS bigint[]));

-- name: settle_applied
UPDATE charge SET settled = settled + a.amount
  FROM (SELECT charge_id, sum(amount) AS amount FROM allocation
         WHERE district_id = :district AND act_id = :act AND payment_id = 0 AND reverses_id IS NULL
           AND charge_id IN (SELECT charge_id FROM charge WHERE district_id = :district AND book_id = :book
                              AND subject_id = ANY (CAST(:subjects AS bigint[])) AND state = 1)
         GROUP BY charge_id) a
 WHERE charge.district_id = :district AND charge.charge_id = a.charge_id;

-- name: applied_entries
SELECT c.book_id, CAST(:prepayment AS bigint) AS debit_account_id, CAST(:receivable AS bigint) AS credit_account_id,
       c.subject_id AS debit_dimension, c.subject_id AS credit_dimension, a.allocation_id AS source_id,
       a.business_date, GREATEST(c.posting_date, CAST(:posting AS date)) AS posting_date, a.amount
  FROM charge c
  JOIN allocation a ON a.district_id = c.district_id AND a.charge_id = c.charge_id
 WHERE c.district_id = :district AND c.book_id = :book AND c.subject_id = ANY (CAST(:subjects AS bigint[])) AND c.state = 1
   AND a.act_id = :act AND a.payment_id = 0 AND a.reverses_id IS NULL;

-- name: applied_totals
SELECT count(DISTINCT a.allocation_id) AS count, COALESCE(sum(a.amount), 0) AS total,
       max(GREATEST(c.posting_date, CAST(:posting AS date))) AS last_posting
  FROM charge c
  JOIN allocation a ON a.district_id = c.district_id AND a.charge_id = c.charge_id
 WHERE c.district_id = :district AND c.book_id = :book AND c.subject_id = ANY (CAST(:subjects AS bigint[]))
   AND a.act_id = :act AND a.payment_id = 0 AND a.reverses_id IS NULL;
