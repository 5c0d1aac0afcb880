-- Users, their memberships, logins and sessions.

-- name: insert_user
-- A user made on a demo installation is marked, and can never log in elsewhere.
INSERT INTO app_user (login, name, phone, password_hash, demo)
VALUES (:login, :name, NULLIF(CAST(:phone AS text), ''), :hash, EXISTS (SELECT 1 FROM installation WHERE demo))
RETURNING user_id;

-- name: insert_system_user
INSERT INTO app_user (login, name, system) VALUES (:login, :name, true)
ON CONFLICT (login) DO NOTHING;

-- name: system_user
SELECT user_id, name FROM app_user WHERE login = :login AND system;

-- name: lock_user
-- The user's row as it stands, locked: memberships of one person are granted one
-- after the other, or two grants at once could break what they must not combine.
SELECT user_id, login, name, COALESCE(phone, '') AS phone, system, disabled_at IS NOT NULL AS disabled
  FROM app_user WHERE user_id = :user FOR UPDATE;

-- name: memberships_of_user
-- Every membership that is or will be in force, in all districts.
SELECT district_id, membership_id, role, node_id, valid_from, valid_to
  FROM membership
 WHERE user_id = :user AND (valid_to IS NULL OR valid_to >= :today);

-- name: membership
SELECT district_id, membership_id, user_id, role, node_id, valid_from, valid_to
  FROM membership WHERE district_id = :district AND membership_id = :membership;

-- name: insert_membership
INSERT INTO membership (district_id, user_id, role, node_id, valid_from)
VALUES (:district, :user, :role, :node, :valid_from) RETURNING membership_id;

-- name: has_membership
SELECT EXISTS (SELECT 1 FROM membership
                WHERE district_id = :district AND user_id = :user AND role = :role AND node_id = :node AND valid_to IS NULL);

-- name: end_membership
UPDATE membership SET valid_to = :valid_to
 WHERE district_id = :district AND membership_id = :membership AND (valid_to IS NULL OR valid_to > :valid_to);

-- name: set_password
UPDATE app_user SET password_hash = :hash WHERE user_id = :user;

-- name: set_disabled
UPDATE app_user SET disabled_at = CASE WHEN CAST(:disabled AS boolean) THEN CAST(:at AS timestamptz) END WHERE user_id = :user;

-- name: users_managed
-- The users with a membership, past or present, at a place the actor manages;
-- one row per membership. Whoever works only elsewhere is not shown.
SELECT u.user_id, u.login, u.name, COALESCE(u.phone, '') AS phone, u.disabled_at IS NOT NULL AS disabled,
       m.membership_id, m.role, m.node_id, n.name AS node_name, m.valid_from, m.valid_to,
       (SELECT max(s.last_seen_at) FROM session s WHERE s.user_id = u.user_id) AS last_seen_at
  FROM membership m
  JOIN app_user u ON u.user_id = m.user_id
  JOIN scope_node n ON n.district_id = m.district_id AND n.node_id = m.node_id
 WHERE m.district_id = :district AND NOT u.system
   AND m.node_id IN (SELECT access_nodes(:district, :actor, 'users.manage', :today))
 ORDER BY u.name, u.user_id, m.valid_from, m.membership_id
 LIMIT 2000;

-- name: node_of_user
SELECT m.node_id FROM membership m JOIN app_user u ON u.user_id = m.user_id
 WHERE m.district_id = :district AND m.user_id = :user AND NOT u.system
   AND access_covers(:district, :actor, 'users.manage', m.node_id, :today)
 ORDER BY m.membership_id LIMIT 1;

-- name: node_of_membership
SELECT m.node_id FROM membership m
 WHERE m.district_id = :district AND m.membership_id = :membership
   AND access_covers(:district, :actor, 'users.manage', m.node_id, :today);

-- name: nodes_managed
-- Where the actor may give memberships; books are reached through their place.
SELECT n.node_id, n.kind, n.name
  FROM scope_node n
 WHERE n.district_id = :district AND n.kind <> 'book'
   AND n.node_id IN (SELECT access_nodes(:district, :actor, 'users.manage', :today))
 ORDER BY CASE n.kind WHEN 'district' THEN 1 WHEN 'sub_district' THEN 2 WHEN 'company' THEN 3 WHEN 'community' THEN 4 ELSE 5 END, n.name
 LIMIT 5000;

-- name: lock_login
SELECT pg_advisory_xact_lock(hashtextextended('login:' || :login, 0)) IS NULL;

-- name: failures
-- Failed and unfinished tries since a moment, by login and by address.
SELECT count(*) FILTER (WHERE login = :login) AS by_login, count(*) FILTER (WHERE address = :address) AS by_address
  FROM login_attempt
 WHERE NOT succeeded AND at > :since AND (login = :login OR address = :address);

-- name: insert_attempt
INSERT INTO login_attempt (login, address, succeeded, at) VALUES (:login, :address, false, :at) RETURNING attempt_id;

-- name: attempt_succeeded
UPDATE login_attempt SET succeeded = true WHERE attempt_id = :attempt;

-- name: forget_attempts
DELETE FROM login_attempt WHERE login = :login AND at < :before;

-- name: user_by_login
SELECT user_id, COALESCE(password_hash, '') AS hash
  FROM app_user
 WHERE login = :login AND disabled_at IS NULL AND NOT system
   AND (NOT demo OR EXISTS (SELECT 1 FROM installation WHERE installation.demo));

-- name: insert_session
INSERT INTO session (token_hash, user_id, csrf, created_at, last_seen_at, expires_at, user_agent)
VALUES (:token_hash, :user, :csrf, :at, :at, :expires_at, :agent)
ON CONFLICT (token_hash) DO NOTHING;

-- name: forget_sessions
DELETE FROM session WHERE user_id = :user AND expires_at < :before;

-- name: session_by_token
SELECT s.user_id, s.csrf, s.last_seen_at, u.login, u.name
  FROM session s JOIN app_user u ON u.user_id = s.user_id
 WHERE s.token_hash = :token_hash AND s.revoked_at IS NULL AND u.disabled_at IS NULL
   AND s.expires_at > :at AND s.last_seen_at > :idle_since;

-- name: touch_session
UPDATE session SET last_seen_at = :at WHERE token_hash = :token_hash AND last_seen_at < :at;

-- name: revoke_session
UPDATE session SET revoked_at = :at WHERE token_hash = :token_hash AND revoked_at IS NULL;

-- name: revoke_sessions
UPDATE session SET revoked_at = :at WHERE user_id = :user AND revoked_at IS NULL;

-- name: memberships_now
-- What a user is, in every district: the place, its kind and its names.
SELECT m.district_id, d.name AS district_name, m.membership_id, m.role, m.node_id, n.kind, n.name AS node_name
  FROM membership m
  JOIN scope_node n ON n.district_id = m.district_id AND n.node_id = m.node_id
  JOIN scope_node d ON d.district_id = m.district_id AND d.kind = 'district'
 WHERE m.user_id = :user AND m.valid_from <= :today AND (m.valid_to IS NULL OR m.valid_to >= :today)
 ORDER BY m.district_id, m.role, n.name, m.membership_id;

-- name: role_permissions
SELECT rp.role, rp.permission FROM access_role_permissions() rp ORDER BY rp.role, rp.permission;
