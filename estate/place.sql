-- Where things lie: districts, their levels, companies, estates by id.

-- name: district_by_code
SELECT d.district_id, d.code, d.name, d.node_id FROM district d
 WHERE d.code = :code AND access_covers(d.district_id, :actor, 'district.create', d.node_id, :today);

-- name: district_by_id
SELECT d.district_id, d.code, d.name, d.node_id FROM district d
 WHERE d.district_id = :district
   AND EXISTS (SELECT 1 FROM access_nodes(:district, :actor, 'estate.read', :today));

-- name: districts
SELECT d.district_id, d.code, d.name, d.node_id FROM district d
 WHERE EXISTS (SELECT 1 FROM access_nodes(d.district_id, :actor, 'estate.read', :today))
 ORDER BY d.code;

-- name: insert_district
INSERT INTO district (district_id, code, name, node_id) VALUES (:district, :code, :name, :node);

-- name: sub_districts
-- Those under the actor's eyes, and those that hold an estate he sees.
WITH seen AS MATERIALIZED (SELECT access_nodes(:district, :actor, 'estate.read', :today) AS node_id)
SELECT s.sub_district_id, s.name, s.placeholder, s.node_id
  FROM sub_district s
 WHERE s.district_id = :district
   AND (s.node_id IN (SELECT node_id FROM seen)
        OR EXISTS (SELECT 1 FROM community c JOIN estate e ON e.district_id = c.district_id AND e.community_id = c.community_id
                    WHERE c.district_id = s.district_id AND c.sub_district_id = s.sub_district_id
                      AND e.node_id IN (SELECT node_id FROM seen)))
 ORDER BY s.placeholder, s.name;

-- name: sub_district_by_id
SELECT s.sub_district_id, s.name, s.placeholder, s.node_id FROM sub_district s
 WHERE s.district_id = :district AND s.sub_district_id = :sub_district
   AND access_covers(:district, :actor, 'estate.read', s.node_id, :today);

-- name: insert_sub_district
INSERT INTO sub_district (district_id, name, placeholder, node_id)
VALUES (:district, :name, :placeholder, :node) RETURNING sub_district_id;

-- name: communities
WITH seen AS MATERIALIZED (SELECT access_nodes(:district, :actor, 'estate.read', :today) AS node_id)
SELECT c.community_id, c.sub_district_id, s.name AS sub_district_name, c.name, c.placeholder, c.node_id
  FROM community c JOIN sub_district s ON s.district_id = c.district_id AND s.sub_district_id = c.sub_district_id
 WHERE c.district_id = :district
   AND (c.node_id IN (SELECT node_id FROM seen)
        OR EXISTS (SELECT 1 FROM estate e WHERE e.district_id = c.district_id AND e.community_id = c.community_id
                      AND e.node_id IN (SELECT node_id FROM seen)))
 ORDER BY s.placeholder, s.name, c.placeholder, c.name;

-- name: community_by_id
SELECT c.community_id, c.sub_district_id, s.name AS sub_district_name, c.name, c.placeholder, c.node_id
  FROM community c JOIN sub_district s ON s.district_id = c.district_id AND s.sub_district_id = c.sub_district_id
 WHERE c.district_id = :district AND c.community_id = :community
   AND access_covers(:district, :actor, 'estate.read', c.node_id, :today);

-- name: insert_community
INSERT INTO community (district_id, sub_district_id, name, placeholder, node_id)
VALUES (:district, :sub_district, :name, :placeholder, :node) RETURNING community_id;

-- name: sub_district_named
-- For an act that is already authorised: the level by its name, in the district.
SELECT s.sub_district_id, s.name, s.placeholder, s.node_id FROM sub_district s
 WHERE s.district_id = :district AND s.name = :name
   AND EXISTS (SELECT 1 FROM access_nodes(:district, :actor, 'register.import', :today));

-- name: community_named
SELECT c.community_id, c.sub_district_id, '' AS sub_district_name, c.name, c.placeholder, c.node_id FROM community c
 WHERE c.district_id = :district AND c.sub_district_id = :sub_district AND c.name = :name
   AND EXISTS (SELECT 1 FROM access_nodes(:district, :actor, 'register.import', :today));

-- name: companies
-- A company is seen from its own node, from the estates it has or had, and by
-- who records takeovers for a whole street or district and must choose one.
WITH seen AS MATERIALIZED (SELECT access_nodes(:district, :actor, 'estate.read', :today) AS node_id),
     chooses AS MATERIALIZED (
        SELECT EXISTS (SELECT 1 FROM scope_node n WHERE n.district_id = :district AND n.kind IN ('district', 'sub_district', 'community')
                          AND n.node_id IN (SELECT access_nodes(:district, :actor, 'takeover.record', :today))) AS yes)
SELECT p.company_id, p.name, p.credit_code, p.phone, p.node_id
  FROM property_company p
 WHERE p.district_id = :district
   AND (CAST(:company AS bigint) = 0 OR p.company_id = :company)
   AND ((SELECT yes FROM chooses)
        OR p.node_id IN (SELECT node_id FROM seen)
        OR EXISTS (SELECT 1 FROM takeover t JOIN estate e ON e.district_id = t.district_id AND e.estate_id = t.estate_id
                    WHERE t.district_id = p.district_id AND t.company_id = p.company_id
                      AND e.node_id IN (SELECT node_id FROM seen)))
 ORDER BY p.name;

-- name: insert_company
INSERT INTO property_company (district_id, name, credit_code, phone, node_id)
VALUES (:district, :name, NULLIF(CAST(:credit_code AS text), ''), NULLIF(CAST(:phone AS text), ''), :node) RETURNING company_id;

-- name: estate_place
SELECT e.estate_id, e.node_id, e.name, e.community_id, c.node_id AS community_node, (c.placeholder OR s.placeholder) AS unplaced
  FROM estate e
  JOIN community c ON c.district_id = e.district_id AND c.community_id = e.community_id
  JOIN sub_district s ON s.district_id = c.district_id AND s.sub_district_id = c.sub_district_id
 WHERE e.district_id = :district AND e.estate_id = :estate
   AND access_covers(:district, :actor, 'estate.read', e.node_id, :today);

-- name: lock_estate
SELECT e.estate_id FROM estate e
 WHERE e.district_id = :district AND e.estate_id = :estate
   AND access_covers(:district, :actor, 'estate.read', e.node_id, :today)
   FOR UPDATE OF e;

-- name: unit_place
SELECT u.unit_id, u.code, u.estate_id, e.node_id, e.name
  FROM unit u JOIN estate e ON e.district_id = u.district_id AND e.estate_id = u.estate_id
 WHERE u.district_id = :district AND u.unit_id = :unit
   AND access_covers(:district, :actor, 'estate.read', e.node_id, :today);

-- name: lock_unit
-- One writer per unit: areas, titles and occupants of a unit are judged against
-- each other.
SELECT u.unit_id FROM unit u JOIN estate e ON e.district_id = u.district_id AND e.estate_id = u.estate_id
 WHERE u.district_id = :district AND u.unit_id = :unit
   AND access_covers(:district, :actor, 'estate.read', e.node_id, :today)
   FOR UPDATE OF u;

-- name: lock_register
-- One import or founding of levels per district at a time, so that two files
-- cannot create the same thing.
SELECT pg_advisory_xact_lock(hashtextextended('register/' || CAST(:district AS text), 0)) IS NULL;
