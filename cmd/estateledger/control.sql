-- What must survive a backup and a restore, per district; 0 where a row belongs to none.

-- name: control_totals
SELECT district_id, 'entries' AS what, count(*) AS number, CAST(sum(amount) AS text) AS total
  FROM entry GROUP BY district_id
UNION ALL
SELECT district_id, 'charges', count(*), CAST(sum(amount) AS text)
  FROM charge GROUP BY district_id
UNION ALL
SELECT district_id, 'open_charges', count(*), CAST(sum(amount - settled) AS text)
  FROM charge WHERE state = 1 AND settled <> amount GROUP BY district_id
UNION ALL
SELECT district_id, 'payments', count(*), CAST(sum(amount) AS text)
  FROM payment GROUP BY district_id
UNION ALL
SELECT r.district_id, 'payment_reversals', count(*), CAST(sum(p.amount) AS text)
  FROM payment_reversal r
  JOIN payment p ON p.district_id = r.district_id AND p.payment_id = r.payment_id
 GROUP BY r.district_id
UNION ALL
SELECT district_id, 'allocations', count(*), CAST(sum(amount) AS text)
  FROM allocation GROUP BY district_id
UNION ALL
SELECT district_id, 'receipts', count(*), CAST(sum(amount) AS text)
  FROM receipt GROUP BY district_id
UNION ALL
SELECT district_id, 'holdings', count(*), CAST(sum(balance) AS text)
  FROM holding GROUP BY district_id
UNION ALL
SELECT district_id, 'periods', count(*), CAST(sum(total) AS text)
  FROM period_event GROUP BY district_id
UNION ALL
SELECT district_id, 'acts', count(*), '0'
  FROM act GROUP BY district_id
UNION ALL
SELECT district_id, 'units', count(*), '0'
  FROM unit GROUP BY district_id
UNION ALL
SELECT district_id, 'ownerships', count(*), '0'
  FROM ownership GROUP BY district_id
UNION ALL
SELECT 0, 'users', count(*), '0'
  FROM app_user
 ORDER BY 1, 2

-- name: export_snapshot
SELECT pg_export_snapshot()

-- name: things_in_database
SELECT count(*)
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
   AND c.relkind IN ('r', 'p', 'v', 'm', 'S')

-- name: renumber_after_restore
SELECT ledger_after_restore()

-- name: current_role
SELECT CAST(current_user AS text)

-- name: stored_schema
SELECT coalesce(max(version_id), 0) FROM schema_version WHERE is_applied
