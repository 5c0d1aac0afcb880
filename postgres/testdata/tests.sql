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
SELECT id, words, n FROM note WHERE (:ids IS NULL OR id = ANY(CAST(:ids AS bigint[]))) ORDER BY id

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
