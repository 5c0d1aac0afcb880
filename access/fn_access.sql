-- Who may do what, where, on a day. The same functions answer Go and the hot
-- acts that run inside the database, so the two cannot disagree.

-- The roles as data, one row per role and permission. access.Permissions in Go
-- is held equal to this list by a test.
CREATE OR REPLACE FUNCTION access_role_permissions() RETURNS TABLE (role text, permission text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT r.role, unnest(r.permissions) FROM (VALUES
        ('company_manager', ARRAY['estate.read','register.read','register.write','register.import','takeover.record',
            'books.read','books.open','rates.set','bill.draft','bill.publish','bill.withdraw','period.reopen',
            'payment.reverse','charge.reverse','receivable.read','arrears.summary','counter.manage','audit.read']),
        ('company_accountant', ARRAY['estate.read','register.read','books.read','books.open','rates.set','bill.draft',
            'bill.publish','bill.withdraw','period.close','voucher.post','payment.reverse','charge.reverse',
            'receivable.read','arrears.summary','counter.manage','audit.read']),
        ('company_cashier', ARRAY['estate.read','register.read','payment.take','receivable.read','arrears.summary']),
        ('sub_district', ARRAY['estate.read','register.import','takeover.record','arrears.summary','books.read']),
        ('committee', ARRAY['estate.read','arrears.summary']),
        ('auditor', ARRAY['estate.read','register.read','books.read','receivable.read','arrears.summary','audit.read']),
        ('administrator', ARRAY['estate.read','users.manage','jobs.read']),
        ('system', ARRAY['estate.read','register.read','register.write','register.import','takeover.record','district.create',
            'books.read','books.open','rates.set','bill.draft','bill.publish','bill.withdraw','period.close',
            'period.reopen','voucher.post','payment.take','payment.reverse','charge.reverse','receivable.read',
            'arrears.summary','counter.manage','users.manage','jobs.read','audit.read'])
    ) AS r(role, permissions)
$$;

CREATE OR REPLACE FUNCTION access_role_allows(p_role text, p_permission text) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$ -- plpgsql keeps its plan, a SQL function would be planned at each call
BEGIN
    RETURN EXISTS (SELECT 1 FROM access_role_permissions() rp WHERE rp.role = p_role AND rp.permission = p_permission);
END $$;

-- The node and everything above it on a day.
CREATE OR REPLACE FUNCTION access_above(p_district bigint, p_node bigint, p_on date) RETURNS SETOF bigint
LANGUAGE plpgsql STABLE ROWS 6 AS $$
BEGIN
    RETURN QUERY WITH RECURSIVE up(node_id) AS (
        SELECT p_node
        UNION
        SELECT e.parent_id FROM up JOIN scope_edge e ON e.child_id = up.node_id
         WHERE e.district_id = p_district
           AND e.valid_from <= p_on AND (e.valid_to IS NULL OR e.valid_to >= p_on)
    )
    SELECT up.node_id FROM up;
END $$;

-- The node and everything below it on a day.
CREATE OR REPLACE FUNCTION access_below(p_district bigint, p_node bigint, p_on date) RETURNS SETOF bigint
LANGUAGE sql STABLE AS $$
    WITH RECURSIVE down(node_id) AS (
        SELECT p_node
        UNION
        SELECT e.child_id FROM down JOIN scope_edge e ON e.parent_id = down.node_id
         WHERE e.district_id = p_district
           AND e.valid_from <= p_on AND (e.valid_to IS NULL OR e.valid_to >= p_on)
    )
    SELECT node_id FROM down
$$;

-- The users who hold a permission on a day by a membership at one of the nodes
-- (a node and everything above it). The planner writes it out into its callers.
CREATE OR REPLACE FUNCTION access_holders(p_district bigint, p_permission text, p_nodes bigint[], p_on date)
RETURNS SETOF bigint LANGUAGE sql STABLE AS $$
    SELECT m.user_id FROM membership m JOIN app_user u ON u.user_id = m.user_id
     WHERE m.district_id = p_district
       AND m.valid_from <= p_on AND (m.valid_to IS NULL OR m.valid_to >= p_on)
       AND u.disabled_at IS NULL
       AND m.node_id = ANY (p_nodes)
       AND access_role_allows(m.role, p_permission)
$$;

-- Whether a user holds a permission over a node on a day, by any membership at
-- the node or above it.
CREATE OR REPLACE FUNCTION access_covers(p_district bigint, p_user bigint, p_permission text, p_node bigint, p_on date)
RETURNS boolean LANGUAGE plpgsql STABLE AS $$
DECLARE
    v_above bigint[] := ARRAY(SELECT access_above(p_district, p_node, p_on));
BEGIN
    RETURN EXISTS (SELECT 1 FROM access_holders(p_district, p_permission, v_above, p_on) AS h(user_id) WHERE h.user_id = p_user);
END $$;

-- All nodes over which a user holds a permission on a day: for lists.
CREATE OR REPLACE FUNCTION access_nodes(p_district bigint, p_user bigint, p_permission text, p_on date)
RETURNS SETOF bigint LANGUAGE sql STABLE AS $$
    WITH RECURSIVE down(node_id) AS (
        SELECT m.node_id FROM membership m JOIN app_user u ON u.user_id = m.user_id
         WHERE m.district_id = p_district AND m.user_id = p_user
           AND m.valid_from <= p_on AND (m.valid_to IS NULL OR m.valid_to >= p_on)
           AND u.disabled_at IS NULL
           AND access_role_allows(m.role, p_permission)
        UNION
        SELECT e.child_id FROM down JOIN scope_edge e ON e.parent_id = down.node_id
         WHERE e.district_id = p_district
           AND e.valid_from <= p_on AND (e.valid_to IS NULL OR e.valid_to >= p_on)
    )
    SELECT node_id FROM down
$$;

-- The database's clock; only an installation marked as demo when it was made
-- accepts a simulated one, and it can never become production.
CREATE OR REPLACE FUNCTION access_now() RETURNS timestamptz LANGUAGE plpgsql STABLE AS $$
DECLARE
    v_simulated text := current_setting('estateledger.now', true);
BEGIN
    IF v_simulated IS NULL OR v_simulated = '' THEN
        RETURN clock_timestamp();
    END IF;
    IF EXISTS (SELECT 1 FROM installation WHERE demo) THEN
        RETURN CAST(v_simulated AS timestamptz);
    END IF;
    RETURN clock_timestamp();
END $$;

-- Whether a user may found a district: a system user, where nothing stands yet.
CREATE OR REPLACE FUNCTION access_may_found(p_district bigint, p_user bigint, p_permission text)
RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT p_permission = 'district.create'
       AND EXISTS (SELECT 1 FROM app_user u WHERE u.user_id = p_user AND u.system AND u.disabled_at IS NULL)
       AND NOT EXISTS (SELECT 1 FROM scope_node n WHERE n.district_id = p_district)
$$;

-- The advisory lock of an act's key: whoever holds it knows whether the key is used.
CREATE OR REPLACE FUNCTION access_key_lock(p_district bigint, p_key text) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT hashtextextended(CAST(p_district AS text) || ':act:' || p_key, 0)
$$;

-- Opens an act: takes the lock of its key, finds an earlier act of that key,
-- judges permission and scope, and hands out the act's id and time. One round
-- trip; the row itself is inserted at the end, with the result.
CREATE OR REPLACE FUNCTION access_begin_act(p_district bigint, p_key text, p_user bigint, p_permission text, p_node bigint,
    p_today date, p_now text)
RETURNS TABLE (act_id bigint, recorded_at timestamptz, allowed boolean, earlier_hash bytea, earlier_result text, earlier_act bigint)
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('estateledger.now', p_now, true);
    PERFORM pg_advisory_xact_lock(access_key_lock(p_district, p_key));
    RETURN QUERY
        SELECT nextval('act_id_seq'), access_now(),
               access_covers(p_district, p_user, p_permission, p_node, p_today) OR access_may_found(p_district, p_user, p_permission),
               a.request_hash, CAST(a.result AS text), a.act_id
          FROM (SELECT 1) one
          LEFT JOIN act a ON a.district_id = p_district AND a.idem_key = p_key;
END $$;
