-- Takeovers, their checklists, service contracts.

-- name: insert_takeover
INSERT INTO takeover (district_id, estate_id, company_id, entry_date, cut_over_date, paper, act_id)
VALUES (:district, :estate, :company, :entry_date, :cut_over_date, :paper, :act) RETURNING takeover_id;

-- name: insert_takeover_items
-- A new state of the same day is a new version.
INSERT INTO takeover_item (district_id, takeover_id, item, noted_on, version, status, note, act_id)
SELECT :district, :takeover, x.item, :noted_on,
       COALESCE((SELECT max(i.version) FROM takeover_item i
                  WHERE i.district_id = :district AND i.takeover_id = :takeover AND i.item = x.item AND i.noted_on = :noted_on), 0) + 1,
       x.status, x.note, :act
  FROM unnest(CAST(:items AS text[]), CAST(:statuses AS text[]), CAST(:notes AS text[])) AS x(item, status, note);

-- name: takeovers
-- The estate's takeovers, the latest first.
SELECT t.takeover_id, t.estate_id, t.company_id, p.name AS company_name, p.node_id AS company_node, t.entry_date, t.cut_over_date,
       t.paper, t.act_id, COALESCE(w.name, '') AS recorded_by, a.recorded_at
  FROM takeover t
  JOIN estate e ON e.district_id = t.district_id AND e.estate_id = t.estate_id
  JOIN property_company p ON p.district_id = t.district_id AND p.company_id = t.company_id
  LEFT JOIN act a ON a.district_id = t.district_id AND a.act_id = t.act_id
  LEFT JOIN app_user w ON w.user_id = a.user_id
 WHERE t.district_id = :district AND t.estate_id = :estate
   AND (CAST(:on AS date) IS NULL OR t.entry_date <= CAST(:on AS date))
   AND e.node_id IN (SELECT access_nodes(:district, :actor, 'estate.read', :today))
 ORDER BY t.entry_date DESC;

-- name: takeover_items
-- The checklist as it stood on a day.
SELECT DISTINCT ON (i.item) i.takeover_id, i.item, i.status, i.note, i.noted_on
  FROM takeover_item i
  JOIN takeover t ON t.district_id = i.district_id AND t.takeover_id = i.takeover_id
  JOIN estate e ON e.district_id = t.district_id AND e.estate_id = t.estate_id
 WHERE i.district_id = :district AND i.takeover_id = :takeover
   AND (CAST(:on AS date) IS NULL OR i.noted_on <= CAST(:on AS date))
   AND e.node_id IN (SELECT access_nodes(:district, :actor, 'estate.read', :today))
 ORDER BY i.item, i.noted_on DESC, i.version DESC;

-- name: missing_papers
-- What the takeover in force lacks, of every estate the actor sees.
WITH in_force AS (
    SELECT DISTINCT ON (t.estate_id) t.takeover_id, t.estate_id, e.name AS estate_name
      FROM takeover t
      JOIN estate e ON e.district_id = t.district_id AND e.estate_id = t.estate_id
     WHERE t.district_id = :district AND t.entry_date <= :today
       AND e.node_id IN (SELECT access_nodes(:district, :actor, 'estate.read', :today))
     ORDER BY t.estate_id, t.entry_date DESC
), states AS (
    SELECT DISTINCT ON (f.estate_id, i.item) f.estate_id, f.estate_name, i.item, i.status, i.noted_on
      FROM in_force f JOIN takeover_item i ON i.district_id = :district AND i.takeover_id = f.takeover_id AND i.noted_on <= :today
     ORDER BY f.estate_id, i.item, i.noted_on DESC, i.version DESC
)
SELECT s.estate_id, s.estate_name, s.item, s.noted_on FROM states s WHERE s.status = 'missing'
 ORDER BY s.estate_name, s.estate_id, s.item;

-- name: insert_contract
INSERT INTO service_contract (district_id, estate_id, company_id, version, valid_from, valid_to, fee_start_rule, fee_start, due_day, paper, act_id)
VALUES (:district, :estate, :company, :version, :valid_from, :valid_to, :fee_start_rule, :fee_start, :due_day, :paper, :act)
RETURNING contract_id;

-- name: contracts
-- The estate's contracts, the latest first, the highest version of a day first.
SELECT k.contract_id, k.company_id, p.name AS company_name, k.version, k.valid_from, k.valid_to, k.fee_start_rule, k.fee_start,
       k.due_day, k.paper, k.act_id
  FROM service_contract k
  JOIN estate e ON e.district_id = k.district_id AND e.estate_id = k.estate_id
  JOIN property_company p ON p.district_id = k.district_id AND p.company_id = k.company_id
 WHERE k.district_id = :district AND k.estate_id = :estate
   AND e.node_id IN (SELECT access_nodes(:district, :actor, 'estate.read', :today))
 ORDER BY k.valid_from DESC, k.version DESC;
