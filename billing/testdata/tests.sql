-- name: charges_of
-- Every charge of a unit as it stands in the table, by segment and state.
SELECT charge_id, debtor_id, run_id, segment_start, segment_end, due_date, posting_date, state, days, month_days, quantity, unit_price,
       tax_rate, amount, tax_amount, settled, rounding
  FROM charge WHERE district_id = :district AND subject_id = :unit ORDER BY segment_start, charge_id;

-- name: entries_of_charges
-- The entries behind a unit's charges, net of reversals, by credit account.
SELECT a.slug, sum(e.amount) AS amount, count(*) AS entries
  FROM charge c
  JOIN entry e ON e.district_id = c.district_id AND e.book_id = c.book_id AND e.debit_dimension = c.subject_id
   AND (e.source_kind = 1 AND e.source_id = c.charge_id)
  JOIN account a ON a.district_id = e.district_id AND a.account_id = e.credit_account_id
 WHERE c.district_id = :district AND c.subject_id = :unit GROUP BY a.slug ORDER BY a.slug;

-- name: book_balance
-- Debit balance of an account of a book, everything that was ever posted.
SELECT COALESCE(sum(CASE WHEN e.debit_account_id = a.account_id THEN e.amount ELSE 0 END - CASE WHEN e.credit_account_id = a.account_id THEN e.amount ELSE 0 END), 0)
  FROM account a JOIN entry e ON e.district_id = a.district_id AND e.book_id = a.book_id AND (e.debit_account_id = a.account_id OR e.credit_account_id = a.account_id)
 WHERE a.district_id = :district AND a.book_id = :book AND a.slug = :slug;

-- name: estate_charges
SELECT count(*) AS count, COALESCE(sum(c.amount), 0) AS total, count(DISTINCT (c.subject_id, c.segment_start)) AS once
  FROM charge c JOIN unit u ON u.district_id = c.district_id AND u.unit_id = c.subject_id
 WHERE c.district_id = :district AND u.estate_id = :estate AND c.state = 1;

-- name: run_states
SELECT state FROM bill_run WHERE district_id = :district AND estate_id = :estate ORDER BY run_id;

-- name: insert_charge
-- A bill that no run knows of, as another program's mistake would leave it.
INSERT INTO charge (district_id, book_id, subject_id, debtor_id, run_id, act_id, segment_start, segment_end, due_date, posting_date, item_id,
                    days, month_days, quantity, unit_price, tax_rate, amount, tax_amount)
VALUES (:district, :book, :unit, 1, 0, 1, :from, :to, :to, :from, 1, 1, 1, 1, 1, 0, 1, 0);
