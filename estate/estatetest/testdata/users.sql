-- name: mark_demo
INSERT INTO installation (demo) VALUES (true);

-- name: add_user
INSERT INTO app_user (login, name, system) VALUES (:login, :name, :system) RETURNING user_id;

-- name: add_membership
INSERT INTO membership (district_id, user_id, role, node_id, valid_from) VALUES (:district, :user, :role, :node, DATE '1950-01-01');
