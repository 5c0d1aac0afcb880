-- Estates: facts, list, file.

-- name: insert_estate
INSERT INTO estate (district_id, community_id, name, address, built_year, renovation_class, renovation_cost, completion_date,
                    has_lift, buildings_stated, stairs_stated, units_stated, area_stated, source, node_id, act_id)
VALUES (:district, :community, :name, NULLIF(CAST(:address AS text), ''), :built_year, NULLIF(CAST(:renovation_class AS text), ''),
        :renovation_cost, :completion_date, :has_lift, :buildings_stated, :stairs_stated, :units_stated, :area_stated,
        NULLIF(CAST(:source AS text), ''), :node, :act)
RETURNING estate_id;

-- name: update_estate
UPDATE estate SET name = :name, address = NULLIF(CAST(:address AS text), ''), built_year = :built_year,
       renovation_class = NULLIF(CAST(:renovation_class AS text), ''), renovation_cost = :renovation_cost,
       completion_date = :completion_date, has_lift = :has_lift, buildings_stated = :buildings_stated,
       stairs_stated = :stairs_stated, units_stated = :units_stated, area_stated = :area_stated,
       source = NULLIF(CAST(:source AS text), ''), act_id = :act
 WHERE district_id = :district AND estate_id = :estate;

-- name: place_estate
UPDATE estate SET community_id = :community, act_id = :act WHERE district_id = :district AND estate_id = :estate;

-- name: estate_facts
SELECT e.name, COALESCE(e.address, '') AS address, e.built_year, COALESCE(e.renovation_class, '') AS renovation_class,
       e.renovation_cost, e.completion_date, e.has_lift, e.buildings_stated, e.stairs_stated, e.units_stated, e.area_stated,
       COALESCE(e.source, '') AS source
  FROM estate e
 WHERE e.district_id = :district AND e.estate_id = :estate
   AND access_covers(:district, :actor, 'estate.read', e.node_id, :today);

-- name: estates
-- A page of estates as of a day, by name; what was not asked for is 0 or empty.
WITH page AS (
    SELECT e.estate_id, e.node_id, e.name, e.address, e.built_year, e.renovation_class, e.renovation_cost, e.completion_date, e.has_lift,
           e.buildings_stated, e.stairs_stated, e.units_stated, e.area_stated, e.source,
           c.community_id, c.name AS community_name, c.placeholder AS community_unknown,
           s.sub_district_id, s.name AS sub_district_name, s.placeholder AS sub_district_unknown,
           COALESCE(t.company_id, 0) AS company_id, COALESCE(p.name, '') AS company_name, t.entry_date
      FROM estate e
      JOIN community c ON c.district_id = e.district_id AND c.community_id = e.community_id
      JOIN sub_district s ON s.district_id = c.district_id AND s.sub_district_id = c.sub_district_id
      LEFT JOIN LATERAL (SELECT t.company_id, t.entry_date FROM takeover t
                          WHERE t.district_id = e.district_id AND t.estate_id = e.estate_id AND t.entry_date <= CAST(:on AS date)
                          ORDER BY t.entry_date DESC LIMIT 1) t ON true
      LEFT JOIN property_company p ON p.district_id = e.district_id AND p.company_id = t.company_id
     WHERE e.district_id = :district
       AND e.node_id IN (SELECT access_nodes(:district, :actor, 'estate.read', :today))
       AND (CAST(:estate AS bigint) = 0 OR e.estate_id = :estate)
       AND (CAST(:sub_district AS bigint) = 0 OR s.sub_district_id = :sub_district)
       AND (CAST(:community AS bigint) = 0 OR c.community_id = :community)
       AND (CAST(:company AS bigint) = 0 OR t.company_id = :company)
       AND (CAST(:text AS text) = '' OR position(:text IN e.name || ' ' || COALESCE(e.address, '') || ' ' || s.name || ' ' || c.name) > 0)
       AND (NOT CAST(:incomplete AS boolean)
            OR c.placeholder OR s.placeholder OR e.area_stated IS NULL OR e.built_year IS NULL
            OR NOT EXISTS (SELECT 1 FROM unit u WHERE u.district_id = e.district_id AND u.estate_id = e.estate_id)
            OR EXISTS (SELECT 1 FROM unit u WHERE u.district_id = e.district_id AND u.estate_id = e.estate_id
                          AND NOT EXISTS (SELECT 1 FROM unit_area a WHERE a.district_id = u.district_id AND a.unit_id = u.unit_id)))
       AND (e.name, e.estate_id) > (CAST(:after_name AS text), CAST(:after_id AS bigint))
     ORDER BY e.name, e.estate_id
     LIMIT :limit)
SELECT page.estate_id, page.node_id, page.community_id, page.community_name, page.community_unknown,
       page.sub_district_id, page.sub_district_name, page.sub_district_unknown,
       page.name, COALESCE(page.address, '') AS address, page.built_year, COALESCE(page.renovation_class, '') AS renovation_class,
       page.renovation_cost, page.completion_date, page.has_lift, page.buildings_stated, page.stairs_stated, page.units_stated,
       page.area_stated, COALESCE(page.source, '') AS source, page.company_id, page.company_name, page.entry_date,
       n.unit_count, n.unit_area, n.units_without_area
  FROM page
  CROSS JOIN LATERAL (
      SELECT count(*) AS unit_count, COALESCE(sum(a.area), 0) AS unit_area, count(*) FILTER (WHERE a.area IS NULL) AS units_without_area
        FROM unit u
        LEFT JOIN LATERAL (SELECT a.area FROM unit_area a
                            WHERE a.district_id = u.district_id AND a.unit_id = u.unit_id AND a.valid_from <= CAST(:on AS date)
                            ORDER BY a.valid_from DESC, a.version DESC LIMIT 1) a ON true
       WHERE u.district_id = :district AND u.estate_id = page.estate_id) n
 ORDER BY page.name, page.estate_id;

-- name: heads
-- Heads are not units: a unit is one head, several units of the very same owners
-- are one (Civil Code art. 278; 法释 art. 9). Where no owner is registered each
-- unit counts for itself.
WITH held AS (
    SELECT u.unit_id, a.area,
           (SELECT string_agg(CAST(sh.person_id AS text), ',' ORDER BY sh.person_id)
              FROM ownership_share sh WHERE sh.district_id = u.district_id AND sh.ownership_id = t.ownership_id) AS owners
      FROM unit u
      JOIN estate e ON e.district_id = u.district_id AND e.estate_id = u.estate_id
      LEFT JOIN LATERAL (SELECT o.ownership_id FROM ownership o
                          WHERE o.district_id = u.district_id AND o.unit_id = u.unit_id AND o.valid_from <= CAST(:on AS date)
                          ORDER BY o.valid_from DESC, o.version DESC LIMIT 1) t ON true
      LEFT JOIN LATERAL (SELECT a.area FROM unit_area a
                          WHERE a.district_id = u.district_id AND a.unit_id = u.unit_id AND a.valid_from <= CAST(:on AS date)
                          ORDER BY a.valid_from DESC, a.version DESC LIMIT 1) a ON true
     WHERE u.district_id = :district AND u.estate_id = :estate
       AND e.node_id IN (SELECT access_nodes(:district, :actor, 'estate.read', :today)))
SELECT count(*) AS units,
       count(DISTINCT owners) + count(*) FILTER (WHERE owners IS NULL) AS heads,
       count(*) FILTER (WHERE owners IS NULL) AS units_without_owner,
       COALESCE(sum(area), 0) AS area,
       count(*) FILTER (WHERE area IS NULL) AS units_without_area
  FROM held;

-- name: estate_places
-- The estates the actor sees, by name, with nothing that has to be added up.
SELECT e.estate_id, e.node_id, e.name, s.name AS sub_district_name
  FROM estate e
  JOIN community c ON c.district_id = e.district_id AND c.community_id = e.community_id
  JOIN sub_district s ON s.district_id = c.district_id AND s.sub_district_id = c.sub_district_id
 WHERE e.district_id = :district AND e.node_id IN (SELECT access_nodes(:district, :actor, 'estate.read', :today))
 ORDER BY s.placeholder, s.name, e.name, e.estate_id;
