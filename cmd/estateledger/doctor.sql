-- name: doctor_server
SELECT current_setting('server_version')             AS version,
       CAST(current_setting('server_version_num') AS integer) AS version_num,
       current_setting('TimeZone')                   AS time_zone,
       current_setting('server_encoding')            AS encoding,
       d.datcollate                                  AS collation,
       current_setting('fsync')                      AS fsync,
       current_setting('synchronous_commit')         AS synchronous_commit,
       current_setting('full_page_writes')           AS full_page_writes,
       current_setting('max_connections')            AS max_connections,
       current_setting('synchronous_standby_names')  AS standbys,
       current_user                                  AS role,
       r.rolsuper                                    AS superuser,
       clock_timestamp()                             AS now
  FROM pg_database d, pg_roles r
 WHERE d.datname = current_database() AND r.rolname = current_user

-- name: doctor_role
SELECT has_table_privilege('entry', 'UPDATE') OR has_any_column_privilege('entry', 'UPDATE')
    OR has_table_privilege('entry', 'DELETE') OR has_table_privilege('entry', 'TRUNCATE') AS may_change
