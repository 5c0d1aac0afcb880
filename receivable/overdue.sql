-- name: overdue
-- Households with debt past its due date where the viewer may see it: the part
-- that is due, since when, and its age by due date (up to 3, 12, 24, 36 and over
-- 36 months); age is that of the oldest part, 1 to 5. The source of the queries
-- below.
SELECT u.unit_id, u.code, e.estate_id, e.node_id, e.name AS estate_name, g.name AS building, g.placeholder,
       lpad(g.name, 20, '0') || '-' || lpad(st.name, 8, '0') || '-' || lpad(u.room, 20, '0') AS sort_key,
       sum(c.amount - c.settled) AS open, count(*) AS months, min(c.due_date) AS earliest_due,
       min(c.segment_start) AS first_day, max(c.segment_end) AS last_day,
       COALESCE(sum(c.amount - c.settled) FILTER (WHERE c.due_date >= CAST(:today AS date) - INTERVAL '3 months'), 0) AS to_3,
       COALESCE(sum(c.amount - c.settled) FILTER (WHERE c.due_date < CAST(:today AS date) - INTERVAL '3 months' AND c.due_date >= CAST(:today AS date) - INTERVAL '12 months'), 0) AS to_12,
       COALESCE(sum(c.amount - c.settled) FILTER (WHERE c.due_date < CAST(:today AS date) - INTERVAL '12 months' AND c.due_date >= CAST(:today AS date) - INTERVAL '24 months'), 0) AS to_24,
       COALESCE(sum(c.amount - c.settled) FILTER (WHERE c.due_date < CAST(:today AS date) - INTERVAL '24 months' AND c.due_date >= CAST(:today AS date) - INTERVAL '36 months'), 0) AS to_36,
       COALESCE(sum(c.amount - c.settled) FILTER (WHERE c.due_date < CAST(:today AS date) - INTERVAL '36 months'), 0) AS over_36,
       CASE WHEN min(c.due_date) >= CAST(:today AS date) - INTERVAL '3 months' THEN 1
            WHEN min(c.due_date) >= CAST(:today AS date) - INTERVAL '12 months' THEN 2
            WHEN min(c.due_date) >= CAST(:today AS date) - INTERVAL '24 months' THEN 3
            WHEN min(c.due_date) >= CAST(:today AS date) - INTERVAL '36 months' THEN 4
            ELSE 5 END AS age
  FROM book b
  JOIN estate e ON e.district_id = b.district_id AND e.node_id = b.place_node_id
  JOIN charge c ON c.district_id = b.district_id AND c.book_id = b.book_id AND c.state = 1 AND c.settled <> c.amount AND c.due_date < :today
  JOIN unit u ON u.district_id = c.district_id AND u.unit_id = c.subject_id
  JOIN stair st ON st.district_id = u.district_id AND st.stair_id = u.stair_id
  JOIN building g ON g.district_id = st.district_id AND g.building_id = st.building_id
 WHERE b.district_id = :district AND b.kind = 'company_estate'
   AND receivable_node(b.district_id, b.book_id, :today) IN (SELECT access_nodes(:district, :actor, 'receivable.read', :today))
   AND (CAST(:node AS bigint) = 0 OR b.place_node_id = :node)
   AND (CAST(:building AS text) = '' OR g.name = :building)
   AND (CAST(:text AS text) = '' OR starts_with(u.code, :text) OR u.unit_id = ANY (CAST(:units AS bigint[])))
 GROUP BY u.unit_id, u.code, u.room, e.estate_id, e.node_id, e.name, g.name, g.placeholder, st.name
HAVING sum(c.amount - c.settled) > 0;

-- name: overdue_page
-- By estate and room. Keyset by estate and sort key.
SELECT q.unit_id, q.code, q.estate_id, q.estate_name, q.building, q.placeholder, q.sort_key, q.open, q.months, q.earliest_due,
       q.first_day, q.last_day, q.age, q.to_3, q.to_12, q.to_24, q.to_36, q.over_36
  FROM ({{source}}) q
 WHERE (CAST(:age AS integer) = 0 OR q.age = :age)
   AND (q.estate_id, q.sort_key COLLATE "C") > (CAST(:after_estate AS bigint), CAST(:after_key AS text) COLLATE "C")
 ORDER BY q.estate_id, q.sort_key COLLATE "C" LIMIT :limit;

-- name: overdue_groups
-- The same households added up by building, or by estate.
SELECT q.estate_id, q.estate_name, CASE WHEN CAST(:by_building AS boolean) THEN q.building ELSE '' END AS building,
       count(*) AS households, sum(q.months) AS months, sum(q.open) AS open, sum(q.to_3) AS to_3, sum(q.to_12) AS to_12,
       sum(q.to_24) AS to_24, sum(q.to_36) AS to_36, sum(q.over_36) AS over_36
  FROM ({{source}}) q
 WHERE (CAST(:age AS integer) = 0 OR q.age = :age)
 GROUP BY 1, 2, 3 ORDER BY 1, 3;

-- name: estate_buildings
-- The buildings of an estate, for a choice.
SELECT g.name, g.placeholder FROM building g
  JOIN estate e ON e.district_id = g.district_id AND e.estate_id = g.estate_id
 WHERE g.district_id = :district AND e.node_id = :node
   AND access_covers(:district, :actor, 'receivable.read', e.node_id, :today)
 ORDER BY length(g.name), g.name;
