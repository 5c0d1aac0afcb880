-- Files that are taken in: the upload, and what the register holds already.

-- name: own_import_node
-- Where an import stands when no place was chosen: the actor's own.
SELECT m.node_id FROM membership m
 WHERE m.district_id = :district AND m.user_id = :actor
   AND m.valid_from <= :today AND (m.valid_to IS NULL OR m.valid_to >= :today)
   AND access_covers(:district, :actor, 'register.import', m.node_id, :today)
 ORDER BY m.membership_id LIMIT 1;

-- name: import_place
-- The place an import stands at, and the levels it fixes.
SELECT n.node_id, n.kind, n.name, d.name AS district_name, d.node_id AS district_node,
       COALESCE(s.name, '') AS sub_district_name, COALESCE(c.name, '') AS community_name
  FROM scope_node n
  JOIN district d ON d.district_id = n.district_id
  LEFT JOIN community c ON c.district_id = n.district_id AND c.node_id = n.node_id
  LEFT JOIN sub_district s ON s.district_id = n.district_id AND (s.node_id = n.node_id OR s.sub_district_id = c.sub_district_id)
 WHERE n.district_id = :district AND n.node_id = :node
   AND access_covers(:district, :actor, 'register.import', n.node_id, :today);

-- name: insert_import_file
INSERT INTO import_file (district_id, kind, name, sha256, content, user_id)
VALUES (:district, :kind, :name, :sha256, :content, :user) RETURNING file_id;

-- name: import_file
-- Only who uploaded a file reads it.
SELECT f.file_id, f.kind, f.name, f.sha256, f.content FROM import_file f
 WHERE f.district_id = :district AND f.file_id = :file AND f.user_id = :actor
   AND EXISTS (SELECT 1 FROM access_nodes(:district, :actor, 'register.import', :today));

-- name: purge_import_files
DELETE FROM import_file WHERE uploaded_at < :before;

-- name: import_estates
-- The estates below a place, with what the register says of them.
SELECT e.estate_id, e.node_id, c.community_id, c.name AS community_name, c.node_id AS community_node, c.placeholder AS community_unknown,
       s.name AS sub_district_name, s.placeholder AS sub_district_unknown,
       e.name, COALESCE(e.address, '') AS address, e.built_year, COALESCE(e.renovation_class, '') AS renovation_class,
       e.renovation_cost, e.completion_date, e.has_lift, e.buildings_stated, e.stairs_stated, e.units_stated, e.area_stated,
       COALESCE(e.source, '') AS source
  FROM estate e
  JOIN community c ON c.district_id = e.district_id AND c.community_id = e.community_id
  JOIN sub_district s ON s.district_id = c.district_id AND s.sub_district_id = c.sub_district_id
 WHERE e.district_id = :district
   AND e.node_id IN (SELECT access_nodes(:district, :actor, 'register.import', :today))
   AND :node IN (SELECT access_above(:district, e.node_id, :today))
 ORDER BY e.estate_id;

-- name: import_units
-- The units of estates with their latest area.
SELECT u.unit_id, u.estate_id, b.name AS building, s.name AS stair, s.stair_id, u.room, u.floor, u.use, u.tenure, s.has_lift,
       a.area, COALESCE(a.source, '') AS area_source, a.valid_from AS area_from
  FROM unit u
  JOIN estate e ON e.district_id = u.district_id AND e.estate_id = u.estate_id
  JOIN stair s ON s.district_id = u.district_id AND s.stair_id = u.stair_id
  JOIN building b ON b.district_id = u.district_id AND b.building_id = s.building_id
  LEFT JOIN LATERAL (SELECT a.area, a.source, a.valid_from FROM unit_area a
                      WHERE a.district_id = u.district_id AND a.unit_id = u.unit_id
                      ORDER BY a.valid_from DESC, a.version DESC LIMIT 1) a ON true
 WHERE u.district_id = :district AND u.estate_id = ANY(CAST(:estates AS bigint[]))
   AND e.node_id IN (SELECT access_nodes(:district, :actor, 'register.import', :today))
 ORDER BY u.unit_id;

-- name: import_titles
-- The latest title of units, one row per owner; a title without owners is one
-- row with person 0.
SELECT u.unit_id, t.valid_from, t.bill_from,
       (SELECT o.bill_from FROM ownership o
         WHERE o.district_id = u.district_id AND o.unit_id = u.unit_id AND o.valid_from < t.valid_from
         ORDER BY o.valid_from DESC, o.version DESC LIMIT 1) AS bill_before,
       COALESCE(p.person_id, 0) AS person_id, COALESCE(p.kind, '') AS kind, COALESCE(p.name, '') AS name, COALESCE(p.phone, '') AS phone,
       COALESCE(encode(p.document_hash, 'hex'), '') AS hash, COALESCE(sh.numerator, 0) AS numerator, COALESCE(sh.denominator, 0) AS denominator
  FROM unit u
  JOIN estate e ON e.district_id = u.district_id AND e.estate_id = u.estate_id
  CROSS JOIN LATERAL (SELECT o.ownership_id, o.valid_from, o.bill_from FROM ownership o
                       WHERE o.district_id = u.district_id AND o.unit_id = u.unit_id
                       ORDER BY o.valid_from DESC, o.version DESC LIMIT 1) t
  LEFT JOIN ownership_share sh ON sh.district_id = u.district_id AND sh.ownership_id = t.ownership_id
  LEFT JOIN person p ON p.district_id = sh.district_id AND p.person_id = sh.person_id
 WHERE u.district_id = :district AND u.unit_id = ANY(CAST(:units AS bigint[]))
   AND e.node_id IN (SELECT access_nodes(:district, :actor, 'register.import', :today))
 ORDER BY u.unit_id, p.person_id;
