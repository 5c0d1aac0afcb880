-- name: words_of_documents
-- What the documents behind entries are called, and their numbers. Only for
-- entries of books the viewer may read, which the caller has checked by having
-- read them; a foreign viewer gets nothing.
SELECT d.kind, d.id, w.what, w.number
  FROM unnest(CAST(:kinds AS integer[]), CAST(:ids AS bigint[])) AS d(kind, id)
 CROSS JOIN LATERAL (
    SELECT i.name || ' ' || to_char(c.segment_start, 'YYYY-MM') AS what, '' AS number, c.book_id
      FROM charge c JOIN charge_item i ON i.item_id = c.item_id
     WHERE d.kind = 1 AND c.district_id = :district AND c.charge_id = d.id
    UNION ALL
    SELECT CASE WHEN d.kind = 4 THEN '冲回收款' ELSE '收款' END, s.prefix || '-' || lpad(CAST(t.number AS text), 6, '0'), p.book_id
      FROM payment p
      JOIN receipt t ON t.district_id = p.district_id AND t.payment_id = p.payment_id
      JOIN receipt_series s ON s.district_id = t.district_id AND s.series_id = t.series_id
     WHERE d.kind IN (2, 4) AND p.district_id = :district AND p.payment_id = d.id
    UNION ALL
    SELECT '预存抵 ' || i.name || ' ' || to_char(c.segment_start, 'YYYY-MM'), '', c.book_id
      FROM allocation a
      JOIN charge c ON c.district_id = a.district_id AND c.charge_id = a.charge_id
      JOIN charge_item i ON i.item_id = c.item_id
     WHERE d.kind = 3 AND a.district_id = :district AND a.allocation_id = d.id
    UNION ALL
    SELECT v.summary, v.paper, v.book_id FROM voucher v
     WHERE d.kind = 6 AND v.district_id = :district AND v.voucher_id = d.id) w
  JOIN book b ON b.district_id = :district AND b.book_id = w.book_id
 WHERE access_covers(:district, :actor, 'books.read', b.node_id, :today);

-- name: words_of_dimensions
SELECT x.id, x.name FROM (
    SELECT u.unit_id AS id, u.code AS name, e.node_id AS node FROM unit u
      JOIN estate e ON e.district_id = u.district_id AND e.estate_id = u.estate_id
     WHERE u.district_id = :district AND u.unit_id = ANY (CAST(:ids AS bigint[]))
    UNION ALL
    SELECT k.bank_account_id, k.name, o.node_id FROM bank_account k
      JOIN legal_owner o ON o.district_id = k.district_id AND o.legal_owner_id = k.legal_owner_id
     WHERE k.district_id = :district AND k.bank_account_id = ANY (CAST(:ids AS bigint[]))) x
 WHERE EXISTS (SELECT 1 FROM book b WHERE b.district_id = :district AND access_covers(:district, :actor, 'books.read', b.node_id, :today)
                AND (b.place_node_id = x.node OR EXISTS (SELECT 1 FROM legal_owner lo WHERE lo.district_id = b.district_id
                     AND lo.legal_owner_id = b.legal_owner_id AND lo.node_id = x.node)));

-- name: unit_named
SELECT u.unit_id FROM unit u
  JOIN estate e ON e.district_id = u.district_id AND e.estate_id = u.estate_id
 WHERE u.district_id = :district AND e.node_id = :node AND u.code = :code
   AND EXISTS (SELECT 1 FROM book b WHERE b.district_id = :district AND b.place_node_id = e.node_id
                AND access_covers(:district, :actor, 'books.read', b.node_id, :today));
