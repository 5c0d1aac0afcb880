-- name: trial_balance
-- Opening, movement of the period and closing per account, from one source.
SELECT a.account_id, a.slug, a.name, a.kind, a.official_code,
       COALESCE(o.debit, 0) AS opening_debit, COALESCE(o.credit, 0) AS opening_credit,
       COALESCE(c.debit, 0) - COALESCE(o.debit, 0) AS debit, COALESCE(c.credit, 0) - COALESCE(o.credit, 0) AS credit
  FROM account a
  JOIN book b ON b.district_id = a.district_id AND b.book_id = a.book_id
  LEFT JOIN (SELECT account_id, sum(debit) AS debit, sum(credit) AS credit
               FROM ledger_balances(:district, :book, CAST(:from AS date) - 1) GROUP BY account_id) o ON o.account_id = a.account_id
  LEFT JOIN (SELECT account_id, sum(debit) AS debit, sum(credit) AS credit
               FROM ledger_balances(:district, :book, :to) GROUP BY account_id) c ON c.account_id = a.account_id
 WHERE a.district_id = :district AND a.book_id = :book AND access_covers(:district, :actor, 'books.read', b.node_id, :today)
 ORDER BY a.official_code, a.slug;

-- name: balance_of
SELECT COALESCE(sum(l.debit), 0) AS debit, COALESCE(sum(l.credit), 0) AS credit
  FROM book b CROSS JOIN LATERAL ledger_balances(b.district_id, b.book_id, :to) l
 WHERE b.district_id = :district AND b.book_id = :book AND access_covers(:district, :actor, 'books.read', b.node_id, :today)
   AND l.account_id = :account AND (CAST(:dimension AS bigint) = 0 OR l.dimension_id = :dimension);

-- name: journal
-- Entries of a book between two posting dates, optionally of one account, one
-- dimension, one document or one act; keyset by posting date and id.
SELECT e.entry_id, e.posting_date, e.business_date, e.recorded_at, e.amount, e.source_kind, e.source_id, e.act_id,
       e.debit_account_id, da.name AS debit_name, da.official_code AS debit_code, e.debit_dimension,
       e.credit_account_id, ca.name AS credit_name, ca.official_code AS credit_code, e.credit_dimension,
       COALESCE(e.reversed_entry_id, 0) AS reversed_entry_id,
       COALESCE((SELECT r.reversal_entry_id FROM entry_reversal r
                  WHERE r.district_id = e.district_id AND r.reversed_entry_id = e.entry_id), 0) AS reversal_entry_id
  FROM entry e
  JOIN book b ON b.district_id = e.district_id AND b.book_id = e.book_id
  JOIN account da ON da.district_id = e.district_id AND da.account_id = e.debit_account_id
  JOIN account ca ON ca.district_id = e.district_id AND ca.account_id = e.credit_account_id
 WHERE e.district_id = :district AND e.book_id = :book AND access_covers(:district, :actor, 'books.read', b.node_id, :today)
   AND e.posting_date BETWEEN :from AND :to
   AND (CAST(:account AS bigint) = 0 OR e.debit_account_id = :account OR e.credit_account_id = :account)
   AND (CAST(:dimension AS bigint) = 0 OR e.debit_dimension = :dimension OR e.credit_dimension = :dimension)
   AND (CAST(:source_kind AS integer) = 0 OR (e.source_kind = CAST(:source_kind AS integer) AND e.source_id = :source))
   AND (CAST(:act AS bigint) = 0 OR e.act_id = :act)
   AND (e.posting_date, e.entry_id) > (CAST(:after_date AS date), CAST(:after_entry AS bigint))
 ORDER BY e.posting_date, e.entry_id
 LIMIT :limit;

-- name: journal_total
SELECT count(*) AS entries, COALESCE(sum(e.amount), 0) AS total
  FROM entry e
  JOIN book b ON b.district_id = e.district_id AND b.book_id = e.book_id
 WHERE e.district_id = :district AND e.book_id = :book AND access_covers(:district, :actor, 'books.read', b.node_id, :today)
   AND e.posting_date BETWEEN :from AND :to
   AND (CAST(:account AS bigint) = 0 OR e.debit_account_id = :account OR e.credit_account_id = :account)
   AND (CAST(:dimension AS bigint) = 0 OR e.debit_dimension = :dimension OR e.credit_dimension = :dimension);

-- name: account_by_id
SELECT a.account_id, a.slug, a.name, a.kind, a.official_code, a.book_id FROM account a
  JOIN book b ON b.district_id = a.district_id AND b.book_id = a.book_id
 WHERE a.district_id = :district AND a.account_id = :account AND access_covers(:district, :actor, 'books.read', b.node_id, :today);

-- name: entry_place
SELECT e.book_id, e.posting_date, e.act_id FROM entry e
  JOIN book b ON b.district_id = e.district_id AND b.book_id = e.book_id
 WHERE e.district_id = :district AND e.entry_id = :entry AND access_covers(:district, :actor, 'books.read', b.node_id, :today);

-- name: entries_of_act
-- What an act posted, in whatever books the viewer may read.
SELECT e.entry_id, e.posting_date, e.business_date, e.recorded_at, e.amount, e.source_kind, e.source_id, e.act_id,
       e.debit_account_id, da.name AS debit_name, da.official_code AS debit_code, e.debit_dimension,
       e.credit_account_id, ca.name AS credit_name, ca.official_code AS credit_code, e.credit_dimension,
       COALESCE(e.reversed_entry_id, 0) AS reversed_entry_id,
       COALESCE((SELECT r.reversal_entry_id FROM entry_reversal r
                  WHERE r.district_id = e.district_id AND r.reversed_entry_id = e.entry_id), 0) AS reversal_entry_id
  FROM book b
  JOIN entry e ON e.district_id = b.district_id AND e.book_id = b.book_id AND e.act_id = :act
  JOIN account da ON da.district_id = e.district_id AND da.account_id = e.debit_account_id
  JOIN account ca ON ca.district_id = e.district_id AND ca.account_id = e.credit_account_id
 WHERE b.district_id = :district AND access_covers(:district, :actor, 'books.read', b.node_id, :today)
   AND (CAST(:book AS bigint) = 0 OR b.book_id = :book)
 ORDER BY e.entry_id LIMIT 200;

-- name: months_of
-- The months of a book with what they hold, newest first.
SELECT CAST(date_trunc('month', e.posting_date) AS date) AS month, count(*) AS entries, sum(e.amount) AS total
  FROM entry e
  JOIN book b ON b.district_id = e.district_id AND b.book_id = e.book_id
 WHERE e.district_id = :district AND e.book_id = :book AND access_covers(:district, :actor, 'books.read', b.node_id, :today)
 GROUP BY 1 ORDER BY 1 DESC;

-- name: book_states
-- Per book the viewer may read: how far it is closed, and the first month that
-- holds entries and is not closed.
SELECT b.book_id, b.place_node_id, b.name, x.closed_through,
       (SELECT CAST(date_trunc('month', min(e.posting_date)) AS date) FROM entry e
         WHERE e.district_id = b.district_id AND e.book_id = b.book_id
           AND e.posting_date >= COALESCE(x.closed_through + INTERVAL '1 month', DATE '1900-01-01')) AS first_open
  FROM book b
 CROSS JOIN LATERAL (SELECT ledger_closed_through(b.district_id, b.book_id) AS closed_through) x
 WHERE b.district_id = :district AND b.node_id IN (SELECT access_nodes(:district, :actor, 'books.read', :today))
 ORDER BY b.name, b.book_id;

-- name: book_checks
-- Per book the viewer may read: its entries, and debit less credit of all its
-- balances through today, which is zero or something is wrong.
SELECT b.book_id,
       (SELECT count(*) FROM entry e WHERE e.district_id = b.district_id AND e.book_id = b.book_id) AS entries,
       COALESCE((SELECT sum(l.debit) - sum(l.credit) FROM ledger_balances(b.district_id, b.book_id, :today) l), 0) AS difference
  FROM book b
 WHERE b.district_id = :district AND b.node_id IN (SELECT access_nodes(:district, :actor, 'books.read', :today))
 ORDER BY b.book_id;
