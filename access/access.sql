-- name: begin_act
SELECT act_id, recorded_at, allowed, earlier_hash, earlier_result, earlier_act
  FROM access_begin_act(:district, :key, :actor, :permission, :node, :today, :now);

-- name: insert_act
INSERT INTO act (district_id, act_id, idem_key, user_id, permission, node_id, use_case, request_hash, before, after, result, recorded_at)
VALUES (:district, :act, :key, :actor, :permission, :node, :use_case, :hash,
        CAST(:before AS jsonb), CAST(:after AS jsonb), CAST(:result AS jsonb), :recorded_at);

-- name: covers
SELECT access_covers(:district, :actor, :permission, :node, :today);

-- name: new_plot
SELECT nextval('district_id_seq') AS district_id, nextval('scope_node_id_seq') AS node_id;

-- name: found_root
INSERT INTO scope_node (district_id, node_id, kind, name) VALUES (:district, :node, 'district', :name);

-- name: add_node
INSERT INTO scope_node (district_id, kind, name) VALUES (:district, :kind, :name) RETURNING node_id;

-- name: add_edge
INSERT INTO scope_edge (district_id, child_id, parent_id, valid_from) VALUES (:district, :child, :parent, :valid_from)
ON CONFLICT DO NOTHING;

-- name: end_edge
UPDATE scope_edge SET valid_to = :valid_to
 WHERE district_id = :district AND child_id = :child AND parent_id = :parent AND valid_to IS NULL;

-- name: node
SELECT n.node_id, n.kind, n.name FROM scope_node n
 WHERE n.district_id = :district AND n.node_id = :node
   AND EXISTS (SELECT 1 FROM access_above(:district, :node, :today) up
                JOIN membership m ON m.district_id = :district AND m.user_id = :actor AND m.node_id = up);

-- name: acts
-- The acts recorded where the actor may audit, newest first: who did what, when.
-- A node narrows it to that place and what is below it today.
SELECT a.act_id, a.use_case, a.recorded_at, a.node_id, n.name AS place, u.name AS user_name, a.idem_key,
       COALESCE(CAST(a.before AS text), '') AS before, COALESCE(CAST(a.after AS text), '') AS after, CAST(a.result AS text) AS result
  FROM act a
  JOIN scope_node n ON n.district_id = a.district_id AND n.node_id = a.node_id
  JOIN app_user u ON u.user_id = a.user_id
 WHERE a.district_id = :district
   AND a.node_id IN (SELECT access_nodes(:district, :actor, 'audit.read', :today))
   AND (CAST(:node AS bigint) = 0 OR a.node_id IN (SELECT access_below(:district, :node, :today)))
   AND (CAST(:before_act AS bigint) = 0 OR a.act_id < :before_act)
 ORDER BY a.act_id DESC LIMIT :limit;

-- name: act_by_id
SELECT a.act_id, a.use_case, a.recorded_at, a.node_id, n.name AS place, u.name AS user_name, a.idem_key,
       COALESCE(CAST(a.before AS text), '') AS before, COALESCE(CAST(a.after AS text), '') AS after, CAST(a.result AS text) AS result
  FROM act a
  JOIN scope_node n ON n.district_id = a.district_id AND n.node_id = a.node_id
  JOIN app_user u ON u.user_id = a.user_id
 WHERE a.district_id = :district AND a.act_id = :act
   AND access_covers(:district, :actor, 'audit.read', a.node_id, :today);

-- name: insert_installation
INSERT INTO installation (demo) VALUES (:demo) ON CONFLICT DO NOTHING;

-- name: installation_demo
SELECT demo FROM installation;

-- name: acts_count
SELECT count(*) FROM act a
 WHERE a.district_id = :district
   AND a.node_id IN (SELECT access_nodes(:district, :actor, 'audit.read', :today))
   AND a.node_id IN (SELECT access_below(:district, :node, :today));
