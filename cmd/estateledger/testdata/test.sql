-- What the tests of the commands do to a database behind the product's back.

-- name: record_newer_schema
INSERT INTO schema_version (version_id, is_applied) VALUES (9999, true)

-- name: fill_tails
INSERT INTO ledger_tail (district_id) VALUES (1), (2)

-- name: fill_entries
INSERT INTO entry (district_id, book_id, debit_account_id, credit_account_id, debit_dimension, source_id, act_id,
                   recorded_at, business_date, posting_date, source_kind, amount)
SELECT 1 + n % 2, 1, 11, 12, n, n, n, now(), CAST('2026-06-01' AS date), CAST('2026-06-01' AS date), 1, n + 0.10
  FROM generate_series(1, 40) AS n

-- name: fill_charges
INSERT INTO charge (district_id, book_id, subject_id, debtor_id, run_id, act_id, segment_start, segment_end, due_date,
                    posting_date, item_id, days, month_days, quantity, unit_price, tax_rate, amount, tax_amount, settled)
SELECT 1, 1, n, 0, 0, 1, CAST('2026-06-01' AS date), CAST('2026-06-30' AS date), CAST('2026-06-30' AS date),
       CAST('2026-06-01' AS date), 1, 30, 30, 80, 0.5, 0.06, 40.00, 2.26, CASE WHEN n <= 3 THEN 40.00 ELSE 0 END
  FROM generate_series(1, 10) AS n

-- name: fill_payments
INSERT INTO payment (district_id, book_id, subject_id, counter_id, act_id, channel, business_date, posting_date, amount,
                     prepaid, user_id)
SELECT 1, 1, n, 1, 1, 'cash', CAST('2026-06-02' AS date), CAST('2026-06-02' AS date), 40.00, 0, 1
  FROM generate_series(1, 3) AS n

-- name: unnumbered_entries
SELECT count(*) FROM entry e
 WHERE NOT EXISTS (SELECT FROM entry_sequence s WHERE s.district_id = e.district_id AND s.entry_id = e.entry_id)

-- name: next_entry_id
SELECT nextval('entry_id_seq')

-- name: highest_entry_id
SELECT max(entry_id) FROM entry
