-- name: preview_figures
-- What publishing now would bill.
SELECT count(*) AS count, count(DISTINCT s.subject_id) AS units, COALESCE(sum(s.amount), 0) AS total, COALESCE(sum(s.tax_amount), 0) AS tax,
       max(s.due_date) AS due_date, count(*) - count(DISTINCT (s.subject_id, s.segment_start)) AS doubled,
       COALESCE(sha256(convert_to(string_agg(concat_ws('|', s.subject_id, s.item_id, s.segment_start, s.segment_end, s.amount), ';'
                ORDER BY s.subject_id, s.item_id, s.segment_start), 'UTF8')), '') AS hash
  FROM ({{source}}) s
 WHERE EXISTS (SELECT 1 FROM estate place WHERE place.district_id = :district AND place.estate_id = :estate
               AND access_covers(:district, :actor, 'receivable.read', place.node_id, :today));

-- name: preview_by_use
SELECT u.use, count(*) AS count, count(DISTINCT s.subject_id) AS units, sum(s.amount) AS total, sum(s.tax_amount) AS tax
  FROM ({{source}}) s
  JOIN unit u ON u.district_id = :district AND u.unit_id = s.subject_id
 WHERE EXISTS (SELECT 1 FROM estate place WHERE place.district_id = :district AND place.estate_id = :estate
               AND access_covers(:district, :actor, 'receivable.read', place.node_id, :today))
 GROUP BY u.use
 ORDER BY CASE u.use WHEN 'residential' THEN 1 WHEN 'shop' THEN 2 WHEN 'garage' THEN 3 ELSE 4 END;

-- name: preview_lines
-- Every bill of the run, for the list that is checked against paper.
SELECT s.subject_id, u.code, u.use, s.segment_start, s.segment_end, s.days, s.month_days, s.quantity, s.unit_price, s.tax_rate, s.amount, s.tax_amount
  FROM ({{source}}) s
  JOIN unit u ON u.district_id = :district AND u.unit_id = s.subject_id
 WHERE EXISTS (SELECT 1 FROM estate place WHERE place.district_id = :district AND place.estate_id = :estate
               AND access_covers(:district, :actor, 'receivable.read', place.node_id, :today))
 ORDER BY u.code, s.subject_id, s.segment_start;

-- name: estate_facts
-- How many units there are, and of the rates the month uses how many name their basis.
SELECT (SELECT count(*) FROM unit u WHERE u.district_id = e.district_id AND u.estate_id = e.estate_id) AS units,
       (SELECT count(*) FROM billing_tariff(:district, :estate, :book, :month, CAST(:item AS smallint))) AS rates,
       (SELECT count(*) FROM billing_tariff(:district, :estate, :book, :month, CAST(:item AS smallint)) t WHERE t.basis <> '') AS rates_with_basis
  FROM estate e
 WHERE e.district_id = :district AND e.estate_id = :estate AND access_covers(:district, :actor, 'receivable.read', e.node_id, :today);

-- name: skips
-- Every unit of which days of the month stay unbilled, with the first reason
-- that applies. Days a run billed before are not missing; a unit that is billed
-- in full by then and now is not listed.
WITH frame AS MATERIALIZED (
    SELECT COALESCE(sum(f.to_day - f.from_day + 1), 0) AS days, min(f.from_day) AS first_day, max(f.to_day) AS last_day
      FROM billing_frame(:district, :estate, :book, :month) f
), priced AS MATERIALIZED (
    SELECT t.use, sum(t.to_day - t.from_day + 1) AS days
      FROM billing_tariff(:district, :estate, :book, :month, CAST(:item AS smallint)) t GROUP BY t.use
), owed AS MATERIALIZED (
    SELECT k.unit_id, COALESCE(sum(k.days) FILTER (WHERE k.registered), 0) AS days,
           bool_or(k.registered AND k.billed_start IS NULL AND NOT k.excluded) AS billed_now,
           bool_or(k.billed_start <> k.segment_start) AS overlap
      FROM billing_candidates(:district, :estate, :book, :month, CAST(:item AS smallint), :run) k GROUP BY k.unit_id
), judged AS (
    SELECT u.unit_id, u.code, u.use, COALESCE(o.billed_now, false) AS billed_now,
           CASE WHEN NOT EXISTS (SELECT 1 FROM service_contract c
                                  WHERE c.district_id = :district AND c.estate_id = :estate
                                    AND c.valid_from < CAST(:month AS date) + INTERVAL '1 month' AND c.valid_to >= CAST(:month AS date)
                                    AND NOT EXISTS (SELECT 1 FROM service_contract v
                                                     WHERE v.district_id = :district AND v.estate_id = :estate
                                                       AND v.valid_from = c.valid_from AND v.version > c.version)) THEN 'CONTRACT_MISSING'
                WHEN f.days = 0 THEN 'BEFORE_FEE_START'
                WHEN x.unit_id IS NOT NULL THEN 'EXCLUDED'
                WHEN COALESCE(o.days, 0) < f.days AND NOT EXISTS (SELECT 1 FROM unit_area a
                                  WHERE a.district_id = :district AND a.unit_id = u.unit_id AND a.valid_from <= f.first_day) THEN 'AREA_MISSING'
                WHEN COALESCE(p.days, 0) < f.days THEN 'RATE_MISSING'
                WHEN COALESCE(o.days, 0) < f.days THEN 'OWNER_MISSING'
                WHEN o.overlap THEN 'OVERLAP'
                WHEN NOT o.billed_now THEN 'ALREADY_BILLED' END AS reason,
           x.reason AS note
      FROM unit u
     CROSS JOIN frame f
      LEFT JOIN owed o ON o.unit_id = u.unit_id
      LEFT JOIN priced p ON p.use = u.use
      LEFT JOIN bill_run_exclusion x ON x.district_id = :district AND x.run_id = :run AND x.unit_id = u.unit_id
     WHERE u.district_id = :district AND u.estate_id = :estate
       AND EXISTS (SELECT 1 FROM estate place WHERE place.district_id = :district AND place.estate_id = :estate
               AND access_covers(:district, :actor, 'receivable.read', place.node_id, :today))
)
SELECT j.unit_id, j.code, j.use, j.reason, j.billed_now, COALESCE(j.note, '') AS note, a.area, COALESCE(c.amount, 0) AS last_month
  FROM judged j
  LEFT JOIN LATERAL (SELECT n.area FROM unit_area n
                      WHERE n.district_id = :district AND n.unit_id = j.unit_id AND n.valid_from < CAST(:month AS date) + INTERVAL '1 month'
                      ORDER BY n.valid_from DESC, n.version DESC LIMIT 1) a ON true
  LEFT JOIN LATERAL (SELECT sum(h.amount) AS amount FROM charge h
                      WHERE h.district_id = :district AND h.subject_id = j.unit_id AND h.item_id = CAST(:item AS smallint) AND h.state = 1
                        AND h.segment_start >= CAST(:month AS date) - INTERVAL '1 month' AND h.segment_start < CAST(:month AS date)) c ON true
 WHERE j.reason IS NOT NULL
 ORDER BY array_position(ARRAY['CONTRACT_MISSING','BEFORE_FEE_START','AREA_MISSING','OWNER_MISSING','RATE_MISSING','OVERLAP','ALREADY_BILLED','EXCLUDED'], j.reason),
          j.code, j.unit_id;

-- name: bridge
-- From last month's bills to this month's, by what changed for each unit. This
-- month is what is billed already and what this run adds.
WITH last AS (
    SELECT c.subject_id, sum(c.amount) AS amount, sum(c.days) AS days, max(c.quantity) AS area, max(c.unit_price) AS rate
      FROM unit u
      JOIN charge c ON c.district_id = :district AND c.subject_id = u.unit_id AND c.item_id = CAST(:item AS smallint) AND c.state = 1
       AND c.segment_start >= CAST(:month AS date) - INTERVAL '1 month' AND c.segment_start < CAST(:month AS date)
     WHERE u.district_id = :district AND u.estate_id = :estate
     GROUP BY c.subject_id
), this AS (
    SELECT b.subject_id, sum(b.amount) AS amount, sum(b.days) AS days, max(b.quantity) AS area, max(b.unit_price) AS rate,
           sum(b.amount) FILTER (WHERE b.before) AS before
      FROM (SELECT s.subject_id, s.amount, s.days, s.quantity, s.unit_price, false AS before FROM ({{source}}) s
            UNION ALL
            SELECT c.subject_id, c.amount, c.days, c.quantity, c.unit_price, true
              FROM unit u
              JOIN charge c ON c.district_id = :district AND c.subject_id = u.unit_id AND c.item_id = CAST(:item AS smallint) AND c.state = 1
               AND c.segment_start >= CAST(:month AS date) AND c.segment_start < CAST(:month AS date) + INTERVAL '1 month'
             WHERE u.district_id = :district AND u.estate_id = :estate) b
     GROUP BY b.subject_id
), compared AS (
    SELECT CASE WHEN t.subject_id IS NULL THEN 'LEFT_OUT'
                WHEN l.subject_id IS NULL THEN 'ADDED'
                WHEN t.amount = l.amount THEN 'SAME'
                WHEN t.area <> l.area AND t.rate <> l.rate THEN 'AREA_AND_RATE'
                WHEN t.area <> l.area THEN 'AREA'
                WHEN t.rate <> l.rate THEN 'RATE'
                ELSE 'DAYS' END AS cause,
           COALESCE(t.amount, 0) AS this_amount, COALESCE(l.amount, 0) AS last_amount, COALESCE(t.before, 0) AS before,
           l.subject_id IS NOT NULL AS in_last, t.subject_id IS NOT NULL AS in_this
      FROM this t FULL JOIN last l ON l.subject_id = t.subject_id
     WHERE EXISTS (SELECT 1 FROM estate place WHERE place.district_id = :district AND place.estate_id = :estate
               AND access_covers(:district, :actor, 'receivable.read', place.node_id, :today))
)
SELECT c.cause, count(*) AS units, count(*) FILTER (WHERE c.in_last) AS last_units, count(*) FILTER (WHERE c.in_this) AS this_units,
       sum(c.last_amount) AS last_total, sum(c.this_amount) AS this_total, sum(c.before) AS before,
       count(*) FILTER (WHERE c.last_amount > 0 AND c.this_amount >= 2 * c.last_amount) AS jumped
  FROM compared c GROUP BY c.cause;
