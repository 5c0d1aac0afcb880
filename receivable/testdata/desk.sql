-- name: entries_of_act
-- What an act posted, with the accounts' slugs and the names of the bank accounts.
SELECT e.posting_date || ' ' || d.slug || COALESCE('(' || dk.kind || ')', '') || ' ' || c.slug || COALESCE('(' || ck.kind || ')', '') || ' ' || e.amount
  FROM entry e
  JOIN account d ON d.district_id = e.district_id AND d.account_id = e.debit_account_id
  JOIN account c ON c.district_id = e.district_id AND c.account_id = e.credit_account_id
  LEFT JOIN bank_account dk ON dk.district_id = e.district_id AND dk.bank_account_id = e.debit_dimension
  LEFT JOIN bank_account ck ON ck.district_id = e.district_id AND ck.bank_account_id = e.credit_dimension
 WHERE e.district_id = :district AND e.act_id = :act ORDER BY e.posting_date, e.entry_id;

-- name: business_dates
-- The business dates of the entries of an act.
SELECT DISTINCT business_date FROM entry WHERE district_id = :district AND act_id = :act ORDER BY 1;

-- name: cash_dimension
-- The cash box an act's money went to.
SELECT debit_dimension FROM entry WHERE district_id = :district AND act_id = :act AND debit_dimension <> credit_dimension LIMIT 1;

-- name: receipts_of_book
-- The receipts of a book in order, and the number its series says is the last.
SELECT s.prefix, t.number, s.last_number, p.subject_id, t.issued_on FROM receipt t
  JOIN receipt_series s ON s.district_id = t.district_id AND s.series_id = t.series_id
  JOIN payment p ON p.district_id = t.district_id AND p.payment_id = t.payment_id
 WHERE t.district_id = :district AND p.book_id = :book ORDER BY s.prefix, t.number;

-- name: payments_of_book
SELECT count(*) FROM payment WHERE district_id = :district AND book_id = :book;

-- name: close_counter
UPDATE counter SET closed_on = :on WHERE district_id = :district AND counter_id = :counter;

-- name: a_bill
-- One bill as a source of receivable.Publish.
SELECT CAST(:unit AS bigint) AS subject_id, CAST(0 AS bigint) AS debtor_id, CAST(:item AS smallint) AS item_id,
       CAST(:start AS date) AS segment_start, CAST(:start AS date) AS segment_end, CAST(:due AS date) AS due_date,
       CAST(:posting AS date) AS posting_date, CAST(1 AS smallint) AS days, CAST(30 AS smallint) AS month_days,
       CAST(1 AS numeric) AS quantity, CAST(1 AS numeric) AS unit_price, CAST(0 AS numeric) AS tax_rate, 'FEN_HALF_UP' AS rounding,
       CAST(:amount AS numeric) AS amount, CAST(0 AS numeric) AS tax_amount;

-- name: pay
SELECT CAST(receivable_pay(:district, CAST(:items AS jsonb)) AS text);


-- name: change_payment
UPDATE payment SET amount = amount + 1 WHERE district_id = :district AND payment_id = :payment;

-- name: delete_receipt
DELETE FROM receipt WHERE district_id = :district AND payment_id = :payment;

-- name: change_allocation
UPDATE allocation SET amount = amount + 1 WHERE district_id = :district AND payment_id = :payment;
