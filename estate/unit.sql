-- Units: buildings, stairs, rooms, areas.

-- name: next_ids
-- Ids for rows that refer to each other before they are written.
SELECT nextval('estate_id_seq') FROM generate_series(1, CAST(:count AS integer));

-- name: levels
-- Buildings and stairs of estates.
SELECT b.estate_id, b.building_id, b.name AS building, COALESCE(s.stair_id, 0) AS stair_id, COALESCE(s.name, '') AS stair, s.has_lift
  FROM building b
  JOIN estate e ON e.district_id = b.district_id AND e.estate_id = b.estate_id
  LEFT JOIN stair s ON s.district_id = b.district_id AND s.building_id = b.building_id
 WHERE b.district_id = :district AND b.estate_id = ANY(CAST(:estates AS bigint[]))
   AND e.node_id IN (SELECT access_nodes(:district, :actor, 'estate.read', :today));

-- name: insert_buildings
INSERT INTO building (district_id, estate_id, name, placeholder)
SELECT DISTINCT CAST(:district AS bigint), x.estate_id, x.name, x.name = :unspecified
  FROM unnest(CAST(:estates AS bigint[]), CAST(:names AS text[])) AS x(estate_id, name)
ON CONFLICT (district_id, estate_id, name) DO NOTHING;

-- name: insert_stairs
INSERT INTO stair (district_id, building_id, name, placeholder)
SELECT DISTINCT CAST(:district AS bigint), x.building_id, x.name, x.name = :unspecified
  FROM unnest(CAST(:buildings AS bigint[]), CAST(:names AS text[])) AS x(building_id, name)
ON CONFLICT (district_id, building_id, name) DO NOTHING;

-- name: set_lifts
UPDATE stair SET has_lift = x.has_lift
  FROM unnest(CAST(:stairs AS bigint[]), CAST(:lifts AS boolean[])) AS x(stair_id, has_lift)
 WHERE stair.district_id = :district AND stair.stair_id = x.stair_id AND stair.has_lift IS DISTINCT FROM x.has_lift;

-- name: insert_units
INSERT INTO unit (district_id, estate_id, stair_id, room, code, floor, use, tenure, act_id)
SELECT CAST(:district AS bigint), x.estate_id, x.stair_id, x.room, x.code, CAST(NULLIF(x.floor, '') AS smallint), x.use, x.tenure, :act
  FROM unnest(CAST(:estates AS bigint[]), CAST(:stairs AS bigint[]), CAST(:rooms AS text[]), CAST(:codes AS text[]),
              CAST(:floors AS text[]), CAST(:uses AS text[]), CAST(:tenures AS text[]))
       AS x(estate_id, stair_id, room, code, floor, use, tenure)
RETURNING unit_id, estate_id, code;

-- name: update_units
UPDATE unit SET stair_id = x.stair_id, code = x.code, floor = CAST(NULLIF(x.floor, '') AS smallint), use = x.use, tenure = x.tenure, act_id = :act
  FROM unnest(CAST(:units AS bigint[]), CAST(:stairs AS bigint[]), CAST(:codes AS text[]), CAST(:floors AS text[]),
              CAST(:uses AS text[]), CAST(:tenures AS text[]))
       AS x(unit_id, stair_id, code, floor, use, tenure)
 WHERE unit.district_id = :district AND unit.unit_id = x.unit_id;

-- name: insert_areas
INSERT INTO unit_area (district_id, unit_id, valid_from, version, area, source, reason, act_id)
SELECT CAST(:district AS bigint), x.unit_id, x.valid_from,
       COALESCE((SELECT max(a.version) FROM unit_area a
                  WHERE a.district_id = :district AND a.unit_id = x.unit_id AND a.valid_from = x.valid_from), 0) + 1,
       x.area, x.source, NULLIF(x.reason, ''), :act
  FROM unnest(CAST(:units AS bigint[]), CAST(:starts AS date[]), CAST(:areas AS numeric[]), CAST(:sources AS text[]), CAST(:reasons AS text[]))
       AS x(unit_id, valid_from, area, source, reason);

-- name: units
-- Units as of a day, by building, stair and room: of one building, or those that
-- lack an area, an owner or a telephone.
SELECT u.unit_id, u.estate_id, e.name AS estate_name, u.code, b.name AS building, s.name AS stair, u.room, u.floor, u.use, u.tenure,
       s.has_lift, a.area, COALESCE(a.source, '') AS area_source,
       lpad(b.name, 20, '0') || '-' || lpad(s.name, 8, '0') || '-' || lpad(u.room, 20, '0') AS sort_key
  FROM unit u
  JOIN estate e ON e.district_id = u.district_id AND e.estate_id = u.estate_id
  JOIN stair s ON s.district_id = u.district_id AND s.stair_id = u.stair_id
  JOIN building b ON b.district_id = u.district_id AND b.building_id = s.building_id
  LEFT JOIN LATERAL (SELECT a.area, a.source FROM unit_area a
                      WHERE a.district_id = u.district_id AND a.unit_id = u.unit_id AND a.valid_from <= CAST(:on AS date)
                      ORDER BY a.valid_from DESC, a.version DESC LIMIT 1) a ON true
  CROSS JOIN LATERAL (
      SELECT count(*) AS owners, count(p.phone) AS phones
        FROM ownership_share sh JOIN person p ON p.district_id = sh.district_id AND p.person_id = sh.person_id
       WHERE sh.district_id = u.district_id AND sh.ownership_id = (
             SELECT t.ownership_id FROM ownership t
              WHERE t.district_id = u.district_id AND t.unit_id = u.unit_id AND t.valid_from <= CAST(:on AS date)
              ORDER BY t.valid_from DESC, t.version DESC LIMIT 1)) o
 WHERE u.district_id = :district AND u.estate_id = :estate
   AND e.node_id IN (SELECT access_nodes(:district, :actor, 'estate.read', :today))
   AND (CAST(:building AS text) = '' OR b.name = :building)
   AND (CAST(:gap AS text) <> 'area' OR a.area IS NULL)
   AND (CAST(:gap AS text) NOT IN ('owner', 'phone') OR CASE WHEN CAST(:gap AS text) = 'owner' THEN o.owners = 0 ELSE o.owners > o.phones END)
   AND (lpad(b.name, 20, '0') || '-' || lpad(s.name, 8, '0') || '-' || lpad(u.room, 20, '0')) COLLATE "C" > CAST(:after AS text) COLLATE "C"
 ORDER BY (lpad(b.name, 20, '0') || '-' || lpad(s.name, 8, '0') || '-' || lpad(u.room, 20, '0')) COLLATE "C"
 LIMIT :limit;

-- name: units_count
SELECT count(*)
  FROM unit u
  JOIN estate e ON e.district_id = u.district_id AND e.estate_id = u.estate_id
  JOIN stair s ON s.district_id = u.district_id AND s.stair_id = u.stair_id
  JOIN building b ON b.district_id = u.district_id AND b.building_id = s.building_id
  LEFT JOIN LATERAL (SELECT a.area FROM unit_area a
                      WHERE a.district_id = u.district_id AND a.unit_id = u.unit_id AND a.valid_from <= CAST(:on AS date)
                      ORDER BY a.valid_from DESC, a.version DESC LIMIT 1) a ON true
  CROSS JOIN LATERAL (
      SELECT count(*) AS owners, count(p.phone) AS phones
        FROM ownership_share sh JOIN person p ON p.district_id = sh.district_id AND p.person_id = sh.person_id
       WHERE sh.district_id = u.district_id AND sh.ownership_id = (
             SELECT t.ownership_id FROM ownership t
              WHERE t.district_id = u.district_id AND t.unit_id = u.unit_id AND t.valid_from <= CAST(:on AS date)
              ORDER BY t.valid_from DESC, t.version DESC LIMIT 1)) o
 WHERE u.district_id = :district AND u.estate_id = :estate
   AND e.node_id IN (SELECT access_nodes(:district, :actor, 'estate.read', :today))
   AND (CAST(:building AS text) = '' OR b.name = :building)
   AND (CAST(:gap AS text) <> 'area' OR a.area IS NULL)
   AND (CAST(:gap AS text) NOT IN ('owner', 'phone') OR CASE WHEN CAST(:gap AS text) = 'owner' THEN o.owners = 0 ELSE o.owners > o.phones END);

-- name: unit_by_id
SELECT u.unit_id, u.estate_id, e.name AS estate_name, u.code, b.name AS building, s.name AS stair, u.room, u.floor, u.use, u.tenure,
       s.has_lift, a.area, COALESCE(a.source, '') AS area_source
  FROM unit u
  JOIN estate e ON e.district_id = u.district_id AND e.estate_id = u.estate_id
  JOIN stair s ON s.district_id = u.district_id AND s.stair_id = u.stair_id
  JOIN building b ON b.district_id = u.district_id AND b.building_id = s.building_id
  LEFT JOIN LATERAL (SELECT a.area, a.source FROM unit_area a
                      WHERE a.district_id = u.district_id AND a.unit_id = u.unit_id AND a.valid_from <= CAST(:on AS date)
                      ORDER BY a.valid_from DESC, a.version DESC LIMIT 1) a ON true
 WHERE u.district_id = :district AND u.unit_id = :unit
   AND access_covers(:district, :actor, 'estate.read', e.node_id, :today);

-- name: areas
SELECT a.valid_from, a.version, a.area, a.source, COALESCE(a.reason, '') AS reason, a.act_id
  FROM unit_area a
  JOIN unit u ON u.district_id = a.district_id AND u.unit_id = a.unit_id
  JOIN estate e ON e.district_id = u.district_id AND e.estate_id = u.estate_id
 WHERE a.district_id = :district AND a.unit_id = :unit
   AND access_covers(:district, :actor, 'estate.read', e.node_id, :today)
 ORDER BY a.valid_from DESC, a.version DESC;

-- name: find_by_room
-- Units by the parts of their number that were given.
SELECT u.unit_id, u.estate_id, e.name AS estate_name, u.code, b.name AS building, s.name AS stair, u.room, u.floor, u.use, u.tenure,
       s.has_lift, a.area, COALESCE(a.source, '') AS area_source
  FROM unit u
  JOIN estate e ON e.district_id = u.district_id AND e.estate_id = u.estate_id
  JOIN stair s ON s.district_id = u.district_id AND s.stair_id = u.stair_id
  JOIN building b ON b.district_id = u.district_id AND b.building_id = s.building_id
  LEFT JOIN LATERAL (SELECT a.area, a.source FROM unit_area a
                      WHERE a.district_id = u.district_id AND a.unit_id = u.unit_id AND a.valid_from <= CAST(:on AS date)
                      ORDER BY a.valid_from DESC, a.version DESC LIMIT 1) a ON true
 WHERE u.district_id = :district AND (CAST(:estate AS bigint) = 0 OR u.estate_id = :estate)
   AND e.node_id IN (SELECT access_nodes(:district, :actor, 'estate.read', :today))
   AND u.room = :room
   AND (CAST(:building AS text) = '' OR b.name = :building)
   AND (CAST(:stair AS text) = '' OR s.name = :stair OR s.placeholder)
 ORDER BY e.name, length(b.name), b.name, length(s.name), s.name, u.unit_id
 LIMIT :limit;

-- name: find_by_person
-- Units whose owner or occupant of that day is so called or has that telephone;
-- only where the actor may see residents.
SELECT u.unit_id, u.estate_id, e.name AS estate_name, u.code, b.name AS building, s.name AS stair, u.room, u.floor, u.use, u.tenure,
       s.has_lift, a.area, COALESCE(a.source, '') AS area_source
  FROM unit u
  JOIN estate e ON e.district_id = u.district_id AND e.estate_id = u.estate_id
  JOIN stair s ON s.district_id = u.district_id AND s.stair_id = u.stair_id
  JOIN building b ON b.district_id = u.district_id AND b.building_id = s.building_id
  LEFT JOIN LATERAL (SELECT a.area, a.source FROM unit_area a
                      WHERE a.district_id = u.district_id AND a.unit_id = u.unit_id AND a.valid_from <= CAST(:on AS date)
                      ORDER BY a.valid_from DESC, a.version DESC LIMIT 1) a ON true
 WHERE u.district_id = :district AND (CAST(:estate AS bigint) = 0 OR u.estate_id = :estate)
   AND e.node_id IN (SELECT access_nodes(:district, :actor, 'register.read', :today))
   AND u.unit_id IN (
       SELECT o.unit_id FROM ownership o
         JOIN ownership_share sh ON sh.district_id = o.district_id AND sh.ownership_id = o.ownership_id
         JOIN person p ON p.district_id = sh.district_id AND p.person_id = sh.person_id
        WHERE o.district_id = :district AND o.valid_from <= CAST(:on AS date)
          AND (position(CAST(:text AS text) IN p.name) > 0 OR (CAST(:phone AS text) <> '' AND position(:phone IN replace(COALESCE(p.phone, ''), '-', '')) > 0))
          AND NOT EXISTS (SELECT 1 FROM ownership later WHERE later.district_id = o.district_id AND later.unit_id = o.unit_id
                             AND later.valid_from <= CAST(:on AS date) AND (later.valid_from, later.version) > (o.valid_from, o.version))
       UNION
       SELECT c.unit_id FROM occupant c JOIN person p ON p.district_id = c.district_id AND p.person_id = c.person_id
        WHERE c.district_id = :district AND c.valid_from <= CAST(:on AS date) AND (c.valid_to IS NULL OR c.valid_to >= CAST(:on AS date))
          AND (position(CAST(:text AS text) IN p.name) > 0 OR (CAST(:phone AS text) <> '' AND position(:phone IN replace(COALESCE(p.phone, ''), '-', '')) > 0)))
 ORDER BY e.name, length(b.name), b.name, length(s.name), s.name, u.unit_id
 LIMIT :limit;

-- name: grid
SELECT u.unit_id, u.estate_id, e.name AS estate_name, u.code, b.name AS building, s.name AS stair, u.room, u.floor, u.use, u.tenure,
       s.has_lift, a.area, COALESCE(a.source, '') AS area_source,
       EXISTS (SELECT 1 FROM ownership_share sh WHERE sh.district_id = u.district_id AND sh.ownership_id = t.ownership_id) AS owner_known
  FROM unit u
  JOIN estate e ON e.district_id = u.district_id AND e.estate_id = u.estate_id
  JOIN stair s ON s.district_id = u.district_id AND s.stair_id = u.stair_id
  JOIN building b ON b.district_id = u.district_id AND b.building_id = s.building_id
  LEFT JOIN LATERAL (SELECT a.area, a.source FROM unit_area a
                      WHERE a.district_id = u.district_id AND a.unit_id = u.unit_id AND a.valid_from <= CAST(:on AS date)
                      ORDER BY a.valid_from DESC, a.version DESC LIMIT 1) a ON true
  LEFT JOIN LATERAL (SELECT o.ownership_id FROM ownership o
                      WHERE o.district_id = u.district_id AND o.unit_id = u.unit_id AND o.valid_from <= CAST(:on AS date)
                      ORDER BY o.valid_from DESC, o.version DESC LIMIT 1) t ON true
 WHERE u.district_id = :district AND u.estate_id = :estate
   AND e.node_id IN (SELECT access_nodes(:district, :actor, 'estate.read', :today))
 ORDER BY b.placeholder, length(b.name), b.name, s.placeholder, length(s.name), s.name, length(u.room) DESC, u.room DESC;
