-- name: estate_place
SELECT estate_id, node_id, name FROM estate WHERE district_id = :district AND estate_id = :estate;

-- name: lock_estate
SELECT pg_advisory_xact_lock(hashtextextended(concat_ws('/', 'bill_run', CAST(:district AS bigint), CAST(:estate AS bigint)), 0));

-- name: insert_rate
INSERT INTO fee_rate (district_id, estate_id, item_id, use, valid_from, version, rate, vat_rate, rounding, basis, act_id)
SELECT CAST(:district AS bigint), CAST(:estate AS bigint), CAST(:item AS smallint), CAST(:use AS text), CAST(:valid_from AS date),
       COALESCE(max(r.version), 0) + 1, CAST(:rate AS numeric), CAST(:vat_rate AS numeric), CAST(:rounding AS text), CAST(:basis AS text),
       CAST(:act AS bigint)
  FROM fee_rate r
 WHERE r.district_id = :district AND r.estate_id = :estate AND r.item_id = :item AND r.use = :use AND r.valid_from = :valid_from
RETURNING rate_id, version;

-- name: rates
SELECT r.rate_id, r.use, r.valid_from, r.version, r.rate, r.vat_rate, r.rounding, r.basis, r.set_by, r.recorded_at, r.until < r.valid_from AS replaced,
       CAST(:on AS date) BETWEEN r.valid_from AND r.until AS in_force
  FROM (SELECT h.rate_id, h.use, h.valid_from, h.version, h.rate, h.vat_rate, h.rounding, h.basis, w.name AS set_by, a.recorded_at,
               COALESCE(lead(h.valid_from) OVER (PARTITION BY h.use ORDER BY h.valid_from, h.version) - 1, DATE '9999-12-31') AS until
          FROM estate e
          JOIN fee_rate h ON h.district_id = e.district_id AND h.estate_id = e.estate_id AND h.item_id = :item
          JOIN act a ON a.district_id = h.district_id AND a.act_id = h.act_id
          JOIN app_user w ON w.user_id = a.user_id
         WHERE e.district_id = :district AND e.estate_id = :estate
           AND access_covers(:district, :actor, 'estate.read', e.node_id, :today)) r
 ORDER BY CASE r.use WHEN 'residential' THEN 1 WHEN 'shop' THEN 2 WHEN 'garage' THEN 3 ELSE 4 END, r.valid_from DESC, r.version DESC;
