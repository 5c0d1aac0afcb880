-- +goose Up
-- The code stands in the receipt numbers: two counters of one issuer with the
-- same code, in two estates, would issue the same numbers and share a cash box.
ALTER TABLE counter DROP CONSTRAINT counter_code;
ALTER TABLE counter ADD CONSTRAINT counter_code UNIQUE (district_id, legal_owner_id, code);
