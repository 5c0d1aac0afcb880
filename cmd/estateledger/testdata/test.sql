-- What the tests of the commands do to a database behind the product's back.

-- name: record_newer_schema
INSERT INTO schema_version (version_id, is_applied) VALUES (9999, true)
