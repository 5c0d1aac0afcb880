-- What somebody with the superuser's rights might do to the database. The first
-- line of each says which checks must name it, and no other may.

-- name: entry_amount_changed
-- named by: 04 13 15
UPDATE entry SET amount = amount + 1
 WHERE district_id = 1 AND entry_id = (SELECT max(e.entry_id) FROM entry e JOIN account a ON a.account_id = e.credit_account_id
         WHERE e.district_id = 1 AND e.source_kind = 1 AND e.posting_date >= DATE '2026-02-01' AND e.reversed_entry_id IS NULL
           AND a.slug = 'service_income' AND e.xid < (SELECT rolled_xid FROM ledger_tail WHERE district_id = 1)
           AND NOT EXISTS (SELECT 1 FROM entry_reversal r WHERE r.reversed_entry_id = e.entry_id));

-- name: entry_deleted
-- named by: 04 05 12 15
DELETE FROM entry
 WHERE district_id = 1 AND entry_id = (SELECT max(e.entry_id) FROM entry e JOIN account a ON a.account_id = e.credit_account_id
         WHERE e.district_id = 1 AND e.source_kind = 2 AND e.posting_date >= DATE '2026-02-01' AND a.slug = 'receivable'
           AND e.debit_account_id <> (SELECT account_id FROM account WHERE book_id = e.book_id AND slug = 'prepayment')
           AND e.xid < (SELECT rolled_xid FROM ledger_tail WHERE district_id = 1)
           AND NOT EXISTS (SELECT 1 FROM entry_reversal r WHERE r.reversed_entry_id = e.entry_id));

-- name: entry_moved_to_another_book
-- named by: 01 04 15 26
UPDATE entry SET book_id = (SELECT book_id FROM book WHERE district_id = 2)
 WHERE district_id = 1 AND entry_id = (SELECT min(e.entry_id) FROM entry e JOIN account a ON a.account_id = e.credit_account_id
         WHERE e.district_id = 1 AND e.source_kind = 2 AND e.posting_date >= DATE '2026-02-01' AND a.slug = 'receivable'
           AND NOT EXISTS (SELECT 1 FROM entry_reversal r WHERE r.reversed_entry_id = e.entry_id));

-- name: act_removed
-- named by: 02 25
DELETE FROM act WHERE district_id = 1 AND act_id = (SELECT max(act_id) FROM payment WHERE district_id = 1);

-- name: reversal_link_removed
-- named by: 03
DELETE FROM entry_reversal
 WHERE district_id = 1 AND reversal_entry_id = (SELECT min(entry_id) FROM entry WHERE district_id = 1 AND source_kind = 4
         AND source_id = (SELECT min(payment_id) FROM payment_reversal WHERE district_id = 1));

-- name: reversal_amount_changed
-- named by: 03 04 12 15
UPDATE entry SET amount = amount - 1
 WHERE district_id = 1 AND entry_id = (SELECT min(entry_id) FROM entry WHERE district_id = 1 AND source_kind = 4
         AND source_id = (SELECT min(payment_id) FROM payment_reversal WHERE district_id = 1));

-- name: turnover_changed
-- named by: 04
UPDATE turnover SET credit = credit + 0.01 WHERE district_id = 1 AND debit > 0 AND month = DATE '2026-02-01';

-- name: turnover_removed
-- named by: 04
DELETE FROM turnover WHERE district_id = 1 AND month = DATE '2026-01-01';

-- name: sequence_number_removed
-- named by: 05
DELETE FROM entry_sequence WHERE district_id = 1 AND sequence = 3;

-- name: tail_moved
-- named by: 04 05
UPDATE ledger_tail SET rolled_xid = rolled_xid + 1000000 WHERE district_id = 1;

-- name: holding_changed
-- named by: 06 16
UPDATE holding SET balance = balance + 1 WHERE district_id = 1 AND balance > 0;

-- name: settled_changed
-- named by: 07 15
UPDATE charge SET settled = settled - 0.01 WHERE district_id = 1 AND charge_id = (SELECT min(charge_id) FROM charge WHERE district_id = 1 AND settled > 0);

-- name: allocation_changed
-- named by: 07 08
UPDATE allocation SET amount = amount + 1
 WHERE district_id = 1 AND allocation_id = (SELECT min(allocation_id) FROM allocation WHERE district_id = 1 AND payment_id <> 0);

-- name: taking_back_removed
-- named by: 07 08
DELETE FROM allocation
 WHERE district_id = 1 AND allocation_id = (SELECT min(allocation_id) FROM allocation WHERE district_id = 1 AND payment_id <> 0 AND reverses_id IS NOT NULL);

-- name: taking_back_of_another_amount
-- named by: 07 08 09
UPDATE allocation SET amount = amount - 1
 WHERE district_id = 1 AND allocation_id = (SELECT min(allocation_id) FROM allocation WHERE district_id = 1 AND payment_id <> 0 AND reverses_id IS NOT NULL);

-- name: payment_amount_changed
-- named by: 08 11 12
UPDATE payment SET amount = amount + 1 WHERE district_id = 1 AND payment_id = (SELECT min(payment_id) FROM payment WHERE district_id = 1);

-- name: prepaid_part_changed
-- named by: 08 16
UPDATE payment SET prepaid = prepaid + 1 WHERE district_id = 1 AND payment_id = (SELECT min(payment_id) FROM payment WHERE district_id = 1);

-- name: payment_reversal_removed
-- named by: 08 12 16
DELETE FROM payment_reversal WHERE district_id = 1 AND payment_id = (SELECT max(payment_id) FROM payment_reversal WHERE district_id = 1);

-- name: receipt_removed
-- named by: 10 11
DELETE FROM receipt WHERE district_id = 1 AND number = 2;

-- name: last_number_moved
-- named by: 10
UPDATE receipt_series SET last_number = last_number + 1 WHERE district_id = 1;

-- name: receipt_amount_changed
-- named by: 11
UPDATE receipt SET amount = amount + 1 WHERE district_id = 1 AND number = 1;

-- name: charge_amount_changed
-- named by: 13 15 19
UPDATE charge SET amount = amount + 1 WHERE district_id = 1 AND charge_id = (SELECT min(charge_id) FROM charge WHERE district_id = 1 AND state = 1);

-- name: withdrawal_undone
-- named by: 13 15 19
UPDATE charge SET state = 1
 WHERE district_id = 1 AND charge_id = (SELECT min(charge_id) FROM charge WHERE district_id = 1 AND state = 2);

-- name: application_entry_deleted
-- named by: 04 05 06 14 15
DELETE FROM entry
 WHERE district_id = 1 AND entry_id = (SELECT min(e.entry_id) FROM entry e WHERE e.district_id = 1 AND e.source_kind = 3
           AND NOT EXISTS (SELECT 1 FROM entry_reversal r WHERE r.reversed_entry_id = e.entry_id));

-- name: entry_put_into_a_closed_month
-- named by: 17
INSERT INTO entry (district_id, book_id, debit_account_id, credit_account_id, source_id, act_id, recorded_at, business_date, posting_date, source_kind, amount)
SELECT e.district_id, e.book_id, e.debit_account_id, e.credit_account_id, e.source_id, e.act_id, e.recorded_at, e.business_date, e.posting_date, 6, 1
  FROM entry e WHERE e.district_id = 1 AND e.source_kind = 6 AND e.posting_date < DATE '2026-02-01' LIMIT 1;

-- name: entry_recorded_after_the_close
-- named by: 17
UPDATE entry SET recorded_at = recorded_at + INTERVAL '1 day'
 WHERE district_id = 1 AND entry_id = (SELECT min(entry_id) FROM entry WHERE district_id = 1 AND posting_date < DATE '2026-02-01');

-- name: close_forgotten
-- named by: 17
UPDATE period_event SET month = DATE '2026-02-01' WHERE district_id = 1;

-- name: bills_overlap
-- named by: 13 15 18 19
INSERT INTO charge (district_id, book_id, subject_id, debtor_id, run_id, act_id, segment_start, segment_end, due_date, posting_date, item_id, days,
                    month_days, quantity, unit_price, tax_rate, amount, tax_amount)
SELECT district_id, book_id, subject_id, debtor_id, run_id, act_id, segment_start + 9, segment_end, due_date, posting_date, item_id, days,
       month_days, quantity, unit_price, tax_rate, amount, tax_amount FROM charge WHERE district_id = 1 AND state = 1 ORDER BY charge_id LIMIT 1;

-- name: run_total_changed
-- named by: 19
UPDATE bill_run SET total = total + 1 WHERE district_id = 1 AND state = 'published' AND month = DATE '2026-01-01';

-- name: share_changed
-- named by: 20
UPDATE ownership_share SET denominator = 7
 WHERE district_id = 1 AND (ownership_id, person_id) = (SELECT ownership_id, person_id FROM ownership_share WHERE district_id = 1 AND denominator = 3 LIMIT 1);

-- name: stair_in_another_estate
-- named by: 21
UPDATE building SET estate_id = 0 WHERE district_id = 1;

-- name: node_of_another_kind
-- named by: 21
UPDATE sub_district SET node_id = (SELECT node_id FROM scope_node WHERE district_id = 1 AND kind = 'community') WHERE district_id = 1;

-- name: unit_of_no_act
-- named by: 22
UPDATE unit SET act_id = 0 WHERE district_id = 1;

-- name: book_of_no_act
-- named by: 23
UPDATE book SET act_id = 0 WHERE district_id = 1;

-- name: voucher_removed
-- named by: 24
DELETE FROM voucher WHERE district_id = 1 AND voucher_id = (SELECT min(voucher_id) FROM voucher WHERE district_id = 1);

-- name: payment_of_the_neighbour
-- named by: 16 25
UPDATE payment SET subject_id = (SELECT max(unit_id) FROM unit WHERE district_id = 1)
 WHERE district_id = 1 AND payment_id = (SELECT min(payment_id) FROM payment WHERE district_id = 1 AND prepaid > 0);

-- name: cash_box_of_another_owner
-- named by: 25 26
UPDATE bank_account SET legal_owner_id = 0 WHERE district_id = 1 AND kind = 'bank';

-- name: users_changed
-- named by: 23 25
WITH a AS (UPDATE voucher SET user_id = 0 WHERE district_id = 1)
UPDATE payment_reversal SET user_id = 0 WHERE district_id = 1;
