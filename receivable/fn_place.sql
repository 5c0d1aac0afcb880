-- Where authority over a book's debts and money is judged: at the estate's node
-- as long as the book's owner manages the estate, afterwards at the book's own,
-- which hangs under its owner. So a company that has taken an estate over sees
-- and undoes nothing of the former one's, which goes on reading its own.
CREATE OR REPLACE FUNCTION receivable_node(p_district bigint, p_book bigint, p_on date) RETURNS bigint
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT CASE WHEN EXISTS (SELECT 1 FROM scope_edge g
                                      WHERE g.district_id = p_district AND g.child_id = b.place_node_id AND g.parent_id = o.node_id
                                        AND g.valid_from <= p_on AND (g.valid_to IS NULL OR g.valid_to >= p_on))
                        THEN b.place_node_id ELSE b.node_id END
              FROM book b JOIN legal_owner o ON o.district_id = b.district_id AND o.legal_owner_id = b.legal_owner_id
             WHERE b.district_id = p_district AND b.book_id = p_book);
END $$;
