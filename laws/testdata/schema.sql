-- The schema as it really is, for the laws of keys. Partitions are left out:
-- they have what their parent has.

-- name: tables
SELECT c.relname AS name FROM pg_class c
 WHERE c.relnamespace = CAST('public' AS regnamespace) AND c.relkind IN ('r', 'p') AND NOT c.relispartition;

-- name: indexes
SELECT t.relname AS table_name, i.relname AS name,
       COALESCE((SELECT a.attname FROM pg_attribute a WHERE a.attrelid = t.oid AND a.attnum = x.indkey[0]), '') AS first_column
  FROM pg_index x
  JOIN pg_class i ON i.oid = x.indexrelid
  JOIN pg_class t ON t.oid = x.indrelid
 WHERE t.relnamespace = CAST('public' AS regnamespace) AND NOT t.relispartition;

-- name: foreign_keys
SELECT t.relname AS table_name, k.conname AS name, r.relname AS target, CAST(k.confdeltype AS text) AS on_delete, CAST(k.confupdtype AS text) AS on_update,
       (SELECT a.attname FROM pg_attribute a WHERE a.attrelid = t.oid AND a.attnum = k.conkey[1]) AS first_column,
       (SELECT a.attname FROM pg_attribute a WHERE a.attrelid = r.oid AND a.attnum = k.confkey[1]) AS first_target_column
  FROM pg_constraint k
  JOIN pg_class t ON t.oid = k.conrelid
  JOIN pg_class r ON r.oid = k.confrelid
 WHERE k.contype = 'f' AND t.relnamespace = CAST('public' AS regnamespace) AND NOT t.relispartition;

-- name: deferrable
SELECT t.relname AS table_name, k.conname AS name FROM pg_constraint k JOIN pg_class t ON t.oid = k.conrelid
 WHERE k.condeferrable AND t.relnamespace = CAST('public' AS regnamespace);

-- name: triggers
SELECT t.relname AS table_name, p.proname AS name FROM pg_trigger g
  JOIN pg_class t ON t.oid = g.tgrelid
  JOIN pg_proc p ON p.oid = g.tgfoid
 WHERE NOT g.tgisinternal AND t.relnamespace = CAST('public' AS regnamespace) AND NOT t.relispartition;

-- name: no_district_column
-- Tables whose district_id is missing or may be NULL.
SELECT c.relname AS name FROM pg_class c
 WHERE c.relnamespace = CAST('public' AS regnamespace) AND c.relkind IN ('r', 'p') AND NOT c.relispartition
   AND NOT EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'district_id' AND a.attnotnull AND a.atttypid = CAST('bigint' AS regtype));

-- name: floats
-- Columns that cannot hold money, areas or rates exactly.
SELECT c.relname || '.' || a.attname AS name FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
 WHERE c.relnamespace = CAST('public' AS regnamespace) AND c.relkind IN ('r', 'p') AND a.attnum > 0
   AND a.atttypid IN (CAST('real' AS regtype), CAST('double precision' AS regtype), CAST('money' AS regtype));

-- name: names
-- Columns that name another row: bigint, ending in _id or _act, and no part of a foreign key.
SELECT c.relname || '.' || a.attname AS name FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
 WHERE c.relnamespace = CAST('public' AS regnamespace) AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND a.attnum > 0 AND NOT a.attisdropped
   AND a.atttypid IN (CAST('bigint' AS regtype), CAST('smallint' AS regtype)) AND a.attname ~ '_(id|act|dimension)$' AND a.attname <> 'district_id'
   AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'f' AND a.attnum = ANY (k.conkey))
   AND NOT EXISTS (SELECT 1 FROM pg_attrdef d WHERE d.adrelid = c.oid AND d.adnum = a.attnum AND pg_get_expr(d.adbin, d.adrelid) LIKE 'nextval%')
   AND a.attidentity = '';

-- name: rights
SELECT c.relname AS table_name, p.verb AS name FROM pg_class c
 CROSS JOIN (VALUES ('insert'), ('update'), ('delete'), ('truncate')) p(verb)
 WHERE c.relnamespace = CAST('public' AS regnamespace) AND c.relkind IN ('r', 'p') AND NOT c.relispartition
   AND (has_table_privilege('estateledger_test_app', c.oid, p.verb)
        OR (p.verb = 'update' AND has_any_column_privilege('estateledger_test_app', c.oid, p.verb)));
