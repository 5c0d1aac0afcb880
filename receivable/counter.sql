-- name: insert_counter
INSERT INTO counter (district_id, legal_owner_id, book_id, code, name, cash_account_id, bank_account_id, clearing_account_id)
VALUES (:district, :owner, :book, :code, :name, :cash, :bank, :clearing) RETURNING counter_id;

-- name: counters_at
-- The open counters of the company that manages an estate, by its scope node.
SELECT c.counter_id, c.code, c.name, c.book_id, b.place_node_id FROM counter c
  JOIN book b ON b.district_id = c.district_id AND b.book_id = c.book_id
 WHERE c.district_id = :district AND b.place_node_id = :node AND (c.closed_on IS NULL OR c.closed_on > :today)
   AND receivable_node(b.district_id, b.book_id, :today) = b.place_node_id
   AND access_covers(:district, :actor, 'receivable.read', receivable_node(b.district_id, b.book_id, :today), :today)
 ORDER BY c.counter_id;

-- name: counter_place
-- For an act's scope: whose counter, where. No figures.
SELECT c.counter_id, c.code, c.name, c.book_id, b.place_node_id FROM counter c
  JOIN book b ON b.district_id = c.district_id AND b.book_id = c.book_id
 WHERE c.district_id = :district AND c.counter_id = :counter;

-- name: counter_owner
SELECT o.legal_owner_id, o.name FROM book b
  JOIN legal_owner o ON o.district_id = b.district_id AND o.legal_owner_id = b.legal_owner_id
 WHERE b.district_id = :district AND b.book_id = :book;

-- name: company_book
-- The book of the company that manages an estate on a day, by the estate's node.
SELECT b.book_id, b.node_id, b.name, b.place_node_id FROM book b
  JOIN legal_owner o ON o.district_id = b.district_id AND o.legal_owner_id = b.legal_owner_id
  JOIN scope_edge g ON g.district_id = b.district_id AND g.child_id = b.place_node_id AND g.parent_id = o.node_id
   AND g.valid_from <= :on AND (g.valid_to IS NULL OR g.valid_to >= :on)
 WHERE b.district_id = :district AND b.kind = 'company_estate' AND b.place_node_id = :node
 ORDER BY g.valid_from DESC LIMIT 1;

-- name: first_counter
SELECT c.counter_id, c.code, c.name, c.book_id, b.place_node_id FROM counter c
  JOIN book b ON b.district_id = c.district_id AND b.book_id = c.book_id
 WHERE c.district_id = :district AND c.book_id = :book ORDER BY c.counter_id LIMIT 1;
