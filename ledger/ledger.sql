-- name: legal_owner_of
SELECT legal_owner_id FROM legal_owner WHERE district_id = :district AND kind = :kind AND node_id = :node;

-- name: insert_legal_owner
INSERT INTO legal_owner (district_id, kind, name, node_id) VALUES (:district, :kind, :name, :node) RETURNING legal_owner_id;

-- name: insert_bank_account
INSERT INTO bank_account (district_id, legal_owner_id, kind, name, number_tail)
VALUES (:district, :owner, :kind, :name, :number_tail) RETURNING bank_account_id;

-- name: bank_account_named
SELECT bank_account_id FROM bank_account WHERE district_id = :district AND legal_owner_id = :owner AND name = :name;

-- name: insert_book
INSERT INTO book (district_id, legal_owner_id, kind, basis, name, node_id, place_node_id, opened_on, act_id)
VALUES (:district, :owner, :kind, :basis, :name, :node, :place, :opened_on, :act) RETURNING book_id;

-- name: insert_accounts
INSERT INTO account (district_id, book_id, slug, name, kind, official_code, holding)
SELECT :district, :book, t.slug, t.name, t.kind, t.code, t.holding
  FROM unnest(CAST(:slugs AS text[]), CAST(:names AS text[]), CAST(:kinds AS text[]), CAST(:codes AS text[]), CAST(:holdings AS boolean[]))
       AS t(slug, name, kind, code, holding);

-- name: ensure_tail
INSERT INTO ledger_tail (district_id) VALUES (:district) ON CONFLICT DO NOTHING;

-- name: book_at
SELECT book_id, node_id, place_node_id, name, kind, legal_owner_id FROM book
 WHERE district_id = :district AND kind = :kind AND place_node_id = :place AND legal_owner_id = :owner;

-- name: books
SELECT b.book_id, b.node_id, b.place_node_id, b.name, b.kind, b.opened_on, o.name AS owner_name, n.name AS place_name,
       ledger_closed_through(b.district_id, b.book_id) AS closed_through
  FROM book b
  JOIN legal_owner o ON o.district_id = b.district_id AND o.legal_owner_id = b.legal_owner_id
  JOIN scope_node n ON n.district_id = b.district_id AND n.node_id = b.place_node_id
 WHERE b.district_id = :district AND access_covers(:district, :actor, 'books.read', b.node_id, :today)
 ORDER BY n.name, b.kind, b.book_id;

-- name: book
SELECT b.book_id, b.node_id, b.place_node_id, b.name, b.kind, b.opened_on, o.name AS owner_name, n.name AS place_name,
       ledger_closed_through(b.district_id, b.book_id) AS closed_through
  FROM book b
  JOIN legal_owner o ON o.district_id = b.district_id AND o.legal_owner_id = b.legal_owner_id
  JOIN scope_node n ON n.district_id = b.district_id AND n.node_id = b.place_node_id
 WHERE b.district_id = :district AND b.book_id = :book AND access_covers(:district, :actor, 'books.read', b.node_id, :today);

-- name: book_node
-- For an act's scope: where a book hangs. No figures.
SELECT node_id FROM book WHERE district_id = :district AND book_id = :book;

-- name: accounts
SELECT a.account_id, a.slug, a.name, a.kind, a.official_code FROM account a
  JOIN book b ON b.district_id = a.district_id AND b.book_id = a.book_id
 WHERE a.district_id = :district AND a.book_id = :book AND access_covers(:district, :actor, 'books.read', b.node_id, :today)
 ORDER BY a.official_code, a.slug;

-- name: account_ids
SELECT slug, account_id FROM account WHERE district_id = :district AND book_id = :book;

-- name: posting_date
SELECT ledger_posting_date(:district, :book, :business, :today);

-- name: hold_period
SELECT ledger_hold_period(:district, :book, :date);

-- name: post
SELECT ledger_post(:district, :book, :debit, :debit_dimension, :credit, :credit_dimension, :amount, :business, :posting,
                   CAST(:source_kind AS smallint), :source, :act, :recorded_at);

-- name: post_set
INSERT INTO entry (district_id, book_id, debit_account_id, credit_account_id, debit_dimension, credit_dimension,
                   source_id, act_id, recorded_at, business_date, posting_date, source_kind, amount, xid)
SELECT :district, s.book_id, s.debit_account_id, s.credit_account_id, s.debit_dimension, s.credit_dimension,
       s.source_id, :act, :recorded_at, s.business_date, s.posting_date, CAST(:source_kind AS smallint), s.amount, x.xid
  FROM (SELECT CAST(CAST(pg_current_xact_id() AS text) AS bigint) AS xid) x, ({{source}}) s;

-- name: hold_act
SELECT ledger_hold_act(:district, :book, :from, :to, :act, CAST(:source_kind AS smallint));

-- name: reverse
SELECT ledger_reverse(:district, :book, :entries, :business, :today, CAST(:source_kind AS smallint), :source, :act, :recorded_at);

-- name: entries_of_source
SELECT e.entry_id FROM entry e
 WHERE e.district_id = :district AND e.book_id = :book AND e.posting_date >= :from
   AND e.source_kind = CAST(:source_kind AS smallint) AND e.source_id = ANY (CAST(:sources AS bigint[])) AND e.reversed_entry_id IS NULL
   AND NOT EXISTS (SELECT 1 FROM entry_reversal r WHERE r.district_id = e.district_id AND r.reversed_entry_id = e.entry_id)
 ORDER BY e.entry_id;

-- name: roll
SELECT ledger_roll(:district);

-- name: districts_with_books
SELECT district_id FROM ledger_tail ORDER BY district_id;

-- name: after_restore
SELECT ledger_after_restore();
