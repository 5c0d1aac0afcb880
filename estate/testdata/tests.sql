-- name: acts_mentioning
SELECT count(*) FROM act WHERE position(CAST(:text AS text) IN CAST(act AS text)) > 0;

-- name: register_rows
-- How many rows the register has, for tests that nothing was written.
SELECT (SELECT count(*) FROM estate) + (SELECT count(*) FROM community) + (SELECT count(*) FROM sub_district) + (SELECT count(*) FROM building)
     + (SELECT count(*) FROM stair) + (SELECT count(*) FROM unit) + (SELECT count(*) FROM unit_area) + (SELECT count(*) FROM person)
     + (SELECT count(*) FROM ownership) + (SELECT count(*) FROM ownership_share) + (SELECT count(*) FROM scope_node) + (SELECT count(*) FROM scope_edge);
