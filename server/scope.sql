-- Where a thing is, for the gate: its scope node, if the actor holds the route's
-- permission there. No row means that it does not exist for him.

-- name: node_of_estate
SELECT e.node_id FROM estate e
 WHERE e.district_id = :district AND e.estate_id = :id
   AND access_covers(:district, :actor, :permission, e.node_id, :today);

-- name: node_of_unit
SELECT e.node_id FROM unit u JOIN estate e ON e.district_id = u.district_id AND e.estate_id = u.estate_id
 WHERE u.district_id = :district AND u.unit_id = :id
   AND access_covers(:district, :actor, :permission, e.node_id, :today);

-- name: node_of_run
SELECT e.node_id FROM bill_run b JOIN estate e ON e.district_id = b.district_id AND e.estate_id = b.estate_id
 WHERE b.district_id = :district AND b.run_id = :id
   AND access_covers(:district, :actor, :permission, e.node_id, :today);

-- name: node_of_book
SELECT b.node_id FROM book b
 WHERE b.district_id = :district AND b.book_id = :id
   AND access_covers(:district, :actor, :permission, b.node_id, :today);

-- name: node_of_account
SELECT b.node_id FROM account a JOIN book b ON b.district_id = a.district_id AND b.book_id = a.book_id
 WHERE a.district_id = :district AND a.account_id = :id
   AND access_covers(:district, :actor, :permission, b.node_id, :today);

-- name: node_of_entry
SELECT b.node_id FROM entry e JOIN book b ON b.district_id = e.district_id AND b.book_id = e.book_id
 WHERE e.district_id = :district AND e.entry_id = :id
   AND access_covers(:district, :actor, :permission, b.node_id, :today);

-- name: node_of_payment
SELECT b.place_node_id FROM payment p JOIN book b ON b.district_id = p.district_id AND b.book_id = p.book_id
 WHERE p.district_id = :district AND p.payment_id = :id
   AND access_covers(:district, :actor, :permission, b.place_node_id, :today);

-- name: node_of_act
SELECT a.node_id FROM act a
 WHERE a.district_id = :district AND a.act_id = :id
   AND access_covers(:district, :actor, :permission, a.node_id, :today);

-- name: node_of_charge
SELECT b.place_node_id FROM charge c JOIN book b ON b.district_id = c.district_id AND b.book_id = c.book_id
 WHERE c.district_id = :district AND c.charge_id = :id
   AND access_covers(:district, :actor, :permission, b.place_node_id, :today);

-- name: node_of_voucher
SELECT b.node_id FROM voucher v JOIN book b ON b.district_id = v.district_id AND b.book_id = v.book_id
 WHERE v.district_id = :district AND v.voucher_id = :id
   AND access_covers(:district, :actor, :permission, b.node_id, :today);
