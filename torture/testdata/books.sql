-- What the tests read beside the product's own views, by its tables.

-- name: charges
SELECT charge_id, subject_id, run_id, debtor_id, segment_start, segment_end, due_date, posting_date, amount, tax_amount, settled, state
  FROM charge WHERE district_id = :district AND item_id = 1 ORDER BY subject_id, segment_start, charge_id;

-- name: turnovers
-- Debits and credits of every account and month, per unit where it matters.
SELECT a.book_id, a.slug, s.dimension, CAST(date_trunc('month', s.posting_date) AS date) AS month, sum(s.debit) AS debit, sum(s.credit) AS credit
  FROM (SELECT debit_account_id AS account_id, debit_dimension AS dimension, posting_date, amount AS debit, 0 AS credit FROM entry WHERE district_id = :district
        UNION ALL
        SELECT credit_account_id, credit_dimension, posting_date, 0, amount FROM entry WHERE district_id = :district) s
  JOIN account a ON a.district_id = :district AND a.account_id = s.account_id
 GROUP BY a.book_id, a.slug, s.dimension, CAST(date_trunc('month', s.posting_date) AS date)
 ORDER BY a.book_id, a.slug, s.dimension, CAST(date_trunc('month', s.posting_date) AS date);

-- name: holdings
SELECT h.dimension_id AS unit, h.balance FROM holding h
  JOIN account a ON a.district_id = h.district_id AND a.account_id = h.account_id AND a.slug = 'prepayment'
 WHERE h.district_id = :district AND h.balance <> 0 ORDER BY h.dimension_id;

-- name: payments
-- Every payment by the note its clerk wrote, with how often that note is there.
SELECT note, count(*) AS times, min(payment_id) AS payment_id, sum(amount) AS amount FROM payment
 WHERE district_id = :district AND note <> '' GROUP BY note;

-- name: runs
-- Every run that was published, with how many bills it has and how many are live.
SELECT r.run_id, count(c.charge_id) AS bills, count(c.charge_id) FILTER (WHERE c.state = 1) AS live
  FROM bill_run r
  LEFT JOIN charge c ON c.district_id = r.district_id AND c.book_id = r.book_id AND c.run_id = r.run_id
 WHERE r.district_id = :district AND r.published_act IS NOT NULL GROUP BY r.run_id;

-- name: key_check_off
-- The red control: no act is ever found by its key again.
CREATE FUNCTION torture_salt() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.idem_key = NEW.idem_key || '#' || NEW.act_id;
    RETURN NEW;
END $$;

-- name: key_check_off_trigger
CREATE TRIGGER torture_salt BEFORE INSERT ON act FOR EACH ROW EXECUTE FUNCTION torture_salt();

-- name: both_sides
-- Households that owe something and have prepaid something in one book at once.
SELECT count(*) FROM holding h
  JOIN account a ON a.district_id = h.district_id AND a.account_id = h.account_id AND a.slug = 'prepayment'
 WHERE h.district_id = :district AND h.balance > 0
   AND EXISTS (SELECT 1 FROM charge c WHERE c.district_id = h.district_id AND c.book_id = a.book_id AND c.subject_id = h.dimension_id
                AND c.state = 1 AND c.amount > c.settled);

-- name: penalty
-- A late penalty for a unit: due with the bill it is for.
SELECT CAST(:unit AS bigint) AS subject_id, CAST(0 AS bigint) AS debtor_id, CAST(3 AS smallint) AS item_id, CAST(:due AS date) AS segment_start,
       CAST(:due AS date) AS segment_end, CAST(:due AS date) AS due_date, CAST(:posting AS date) AS posting_date, 1 AS days, 31 AS month_days,
       CAST(1 AS numeric) AS quantity, CAST(:amount AS numeric) AS unit_price, CAST(0 AS numeric) AS tax_rate, 'FEN_HALF_UP' AS rounding,
       CAST(:amount AS numeric) AS amount, CAST(0 AS numeric) AS tax_amount;

-- name: change_amount
UPDATE entry SET amount = amount + 1 WHERE district_id = :district AND entry_id = :entry;

-- name: change_nothing
UPDATE entry SET amount = amount WHERE district_id = :district AND entry_id = :entry;

-- name: delete_entry
DELETE FROM entry WHERE district_id = :district AND entry_id = :entry;

-- name: delete_from_partition
DELETE FROM entry_2026 WHERE district_id = :district AND entry_id = :entry;

-- name: delete_payment
DELETE FROM payment WHERE district_id = :district;

-- name: delete_receipt
DELETE FROM receipt WHERE district_id = :district;
