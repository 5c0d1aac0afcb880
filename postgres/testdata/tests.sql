-- name: create_note
CREATE TABLE note (id bigint PRIMARY KEY, words text NOT NULL DEFAULT '', n bigint NOT NULL DEFAULT 0, CONSTRAINT note_positive CHECK (n >= 0))

-- name: allow_note
GRANT SELECT, INSERT, UPDATE ON note TO PUBLIC

-- name: add_note
INSERT INTO note (id, words) VALUES (:id, :words)

-- name: raise_note
UPDATE note SET n = n + :by WHERE id = :id

-- name: note
SELECT id, words, n FROM note WHERE id = :id

-- name: notes
SELECT id, words, n FROM note WHERE id = ANY(:ids) ORDER BY id

-- name: count_notes
SELECT count(*) FROM note

-- name: echo_array
SELECT CAST(:list AS numeric[])

-- name: json_kind
SELECT jsonb_typeof(CAST(:doc AS jsonb))

-- name: zone
SELECT current_setting('timezone')

-- name: sleep
SELECT pg_sleep(CAST(:seconds AS double precision))

-- name: update_entry
UPDATE entry SET amount = amount

-- name: delete_entry
DELETE FROM entry

-- name: truncate_entry
TRUNCATE entry

-- name: raise_state
-- Fails as the database would, with any SQLSTATE.
SELECT test_raise(:state)

-- name: add_note_returning
INSERT INTO note (id, words) VALUES (:id, :words) RETURNING id

-- name: add_note_json
INSERT INTO note (id, words) SELECT x.id, x.words FROM jsonb_to_record(CAST(:doc AS jsonb)) AS x(id bigint, words text) RETURNING id

-- name: add_note_once
WITH added AS (INSERT INTO note (id, words) VALUES (:id, :words) ON CONFLICT DO NOTHING RETURNING id)
SELECT coalesce((SELECT id FROM added), -1)

-- name: create_raise
CREATE FUNCTION test_raise(state text) RETURNS int LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'as asked' USING ERRCODE = state; END $$

-- name: check_at_commit
DO $do$
BEGIN
    CREATE FUNCTION note_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'refused at COMMIT'; END $$;
    CREATE CONSTRAINT TRIGGER late AFTER INSERT ON note DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION note_refuse();
END
$do$

-- name: kill_app
SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND usename = 'estateledger_test_app'

-- name: sleeping
SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state = 'active' AND query LIKE '%pg_sleep%' AND pid <> pg_backend_pid()

-- name: grant_update_entry
GRANT UPDATE ON entry TO estateledger_test_app

-- name: grant_update_amount
GRANT UPDATE (amount) ON entry TO estateledger_test_app

-- name: grant_delete_entry
GRANT DELETE ON entry TO estateledger_test_app

-- name: grant_truncate_entry
GRANT TRUNCATE ON entry TO estateledger_test_app

-- name: grant_update_partition
DO $$
DECLARE p regclass;
BEGIN
    SELECT inhrelid INTO STRICT p FROM pg_inherits WHERE inhparent = CAST('entry' AS regclass) LIMIT 1;
    EXECUTE format('GRANT UPDATE ON %s TO estateledger_test_app', p);
END $$

-- name: current_role
SELECT CAST(current_user AS text)

-- name: database_name
SELECT CAST(current_database() AS text)

-- name: make_boss
CREATE ROLE {role} LOGIN {may} PASSWORD 'boss'

-- name: give_boss
DO $$
BEGIN
    ALTER DATABASE {database} OWNER TO {role};
    DROP SCHEMA public CASCADE;
    CREATE SCHEMA public AUTHORIZATION {role};
END $$

-- name: disown_boss
DO $$
BEGIN
    EXECUTE format('ALTER DATABASE %I OWNER TO CURRENT_USER', current_database());
    DROP OWNED BY {role} CASCADE;
END $$

-- name: drop_boss
DROP ROLE IF EXISTS {role}

-- name: age_function
UPDATE schema_function SET hash = 'older' WHERE file = 'postgres/fn_grant.sql'

-- name: future_version
INSERT INTO schema_version (version_id, is_applied) VALUES (9999, true)

-- name: my_rights
SELECT c.relname, coalesce(r.rights, '') AS rights
FROM pg_class c
LEFT JOIN LATERAL (
    SELECT string_agg(word, ' ' ORDER BY word) AS rights
    FROM (SELECT lower(p) AS word FROM unnest(ARRAY['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) AS p
          WHERE has_table_privilege(c.oid, p)
          UNION ALL
          SELECT 'update(' || string_agg(a.attname, ',' ORDER BY a.attname) || ')'
          FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
          AND NOT has_table_privilege(c.oid, 'UPDATE') AND has_column_privilege(c.oid, a.attnum, 'UPDATE')
          HAVING count(*) > 0) AS words
) r ON true
WHERE c.relnamespace = CAST('public' AS regnamespace) AND c.relkind IN ('r', 'p') AND NOT c.relispartition
AND c.relname NOT IN ('schema_version', 'schema_function')
