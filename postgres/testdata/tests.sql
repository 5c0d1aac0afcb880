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
