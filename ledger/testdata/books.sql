-- name: update_entry
UPDATE entry SET amount = amount WHERE district_id = :district AND book_id = :book;

-- name: delete_entry
DELETE FROM entry WHERE district_id = :district AND book_id = :book;

-- name: truncate_entry
TRUNCATE entry;

-- name: update_partition
UPDATE entry_2026 SET amount = amount WHERE district_id = :district AND book_id = :book;

-- name: delete_partition
DELETE FROM entry_2026 WHERE district_id = :district AND book_id = :book;

-- name: truncate_partition
TRUNCATE entry_2026;

-- name: update_reversal
UPDATE entry_reversal SET reversal_entry_id = reversal_entry_id WHERE district_id = :district;

-- name: delete_period_event
DELETE FROM period_event WHERE district_id = :district AND book_id = :book;

-- name: truncate_period_event
TRUNCATE period_event;

-- name: delete_voucher
DELETE FROM voucher WHERE district_id = :district AND book_id = :book;

-- name: truncate_voucher
TRUNCATE voucher;

-- name: waiting_for_locks
-- How many sessions of this database wait for an advisory lock.
SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database
 WHERE d.datname = current_database() AND l.locktype = 'advisory' AND NOT l.granted;

-- name: holding
SELECT COALESCE((SELECT balance FROM holding WHERE district_id = :district AND account_id = :account AND dimension_id = :dimension), 0);

-- name: tail
SELECT rolled_xid, first_live_entry, last_sequence FROM ledger_tail WHERE district_id = :district;

-- name: numbered
-- How many entries there are, how many have a number, and the last of them.
SELECT count(*) AS entries, count(s.entry_id) AS numbered, COALESCE(max(s.sequence), 0) AS last_number
  FROM entry e LEFT JOIN entry_sequence s ON s.district_id = e.district_id AND s.entry_id = e.entry_id
 WHERE e.district_id = :district;

-- name: older_cluster
-- As a backup brings them: the ids of transactions are those of another, older
-- server, far ahead of this one's.
UPDATE entry SET xid = xid + 1000000000;

-- name: older_tail
UPDATE ledger_tail SET rolled_xid = rolled_xid + 1000000000;

-- name: after_restore
SELECT ledger_after_restore();
