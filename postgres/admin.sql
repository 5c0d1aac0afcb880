-- Statements of the room itself. Those with {words} take no parameters in
-- PostgreSQL; the words are quoted by the caller.

-- name: set_local
SELECT set_config(:setting, :value, true)

-- name: copy_in
COPY {table} ({columns}) FROM STDIN

-- name: data_directory
SELECT current_setting('data_directory')

-- name: role_exists
SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = :name)

-- name: database_exists
SELECT EXISTS (SELECT FROM pg_database WHERE datname = :name)

-- name: create_role
CREATE ROLE {role} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD {password}

-- Bounded at the role, which costs no round trip and passes every pooler. There
-- is no statement_timeout: it would also cut COMMIT's wait for a standby.
-- name: bound_lock_waits
ALTER ROLE {role} SET lock_timeout = '30s'

-- name: bound_idle_transactions
ALTER ROLE {role} SET idle_in_transaction_session_timeout = '5min'

-- name: create_database
CREATE DATABASE {database} OWNER {role} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'

-- name: close_database
REVOKE ALL ON DATABASE {database} FROM PUBLIC

-- name: allow_connect
GRANT CONNECT ON DATABASE {database} TO {role}

-- name: may_create_roles
SELECT rolcreaterole OR rolsuper FROM pg_roles WHERE rolname = current_user

-- name: current_names
SELECT current_database() AS database, CAST(current_user AS text) AS role

-- name: app_role_faults
SELECT (SELECT rolsuper OR rolcreaterole OR rolbypassrls OR rolreplication FROM pg_roles WHERE rolname = current_user) AS superior,
       EXISTS (SELECT FROM pg_class c WHERE c.relkind IN ('r', 'p') AND c.relnamespace = CAST('public' AS regnamespace)
               AND pg_has_role(c.relowner, 'MEMBER')) AS owns_tables,
       -- to_regclass and has_table_privilege ask for the partitions too: a
       -- right on a partition passes by the parent's rights.
       EXISTS (SELECT FROM (SELECT to_regclass('public.entry') AS t
                            UNION ALL SELECT inhrelid FROM pg_inherits WHERE inhparent = to_regclass('public.entry')) e
               WHERE e.t IS NOT NULL
               AND (has_any_column_privilege(e.t, 'UPDATE') OR has_table_privilege(e.t, 'DELETE, TRUNCATE'))) AS changes_entries

-- name: server_facts
SELECT CAST(current_setting('server_version_num') AS int) AS version,
       coalesce(current_setting('estateledger.direct', true), '') AS direct

-- name: create_schema_function
CREATE TABLE IF NOT EXISTS schema_function (
    file       text PRIMARY KEY,
    hash       text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT clock_timestamp()
)

-- name: applied_functions
SELECT file, hash FROM schema_function

-- name: record_function
INSERT INTO schema_function (file, hash) VALUES (:file, :hash)
ON CONFLICT (file) DO UPDATE SET hash = excluded.hash, applied_at = clock_timestamp()

-- name: grant_catalogue
SELECT schema_grant(:role, CAST(:catalogue AS jsonb))

-- name: schema_exists
SELECT to_regclass('public.schema_version') IS NOT NULL

-- name: schema_version
SELECT coalesce(max(version_id), 0) FROM schema_version WHERE is_applied

-- name: lock_session
SELECT pg_advisory_lock(:key)

-- name: copy_database
CREATE DATABASE {database} OWNER {role} TEMPLATE {template} STRATEGY file_copy

-- name: drop_database
DROP DATABASE IF EXISTS {database} WITH (FORCE)

-- name: rename_database
ALTER DATABASE {database} RENAME TO {name}

-- name: drop_schema
DROP SCHEMA {schema} CASCADE

-- name: create_schema
CREATE SCHEMA {schema}

-- name: once_begin
BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE

-- name: once_commit
COMMIT

-- name: rollback
ROLLBACK

