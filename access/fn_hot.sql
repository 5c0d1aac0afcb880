-- What access.Act does, for the hot acts of one district that were gathered and
-- run inside the database (access/hot.go): judged together before the use case,
-- recorded together after it.
--
-- An item is {i, key, user, permission, node, use_case, hash, today, now, request}.

-- Takes the locks of the keys, in one order for all, and judges key, permission
-- and scope of each item. outcome: NULL, the use case may go on; replayed, with
-- the first answer; refused, with a code; again, when the key stands in the
-- batch twice and the first is not decided yet.
CREATE OR REPLACE FUNCTION access_hot_begin(p_district bigint, p_items jsonb)
RETURNS TABLE (i integer, outcome text, act_id bigint, code text, result jsonb) LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(k.lock)
       FROM (SELECT DISTINCT access_key_lock(p_district, x ->> 'key') AS lock FROM jsonb_array_elements(p_items) x ORDER BY 1) k;

    RETURN QUERY
        WITH item AS MATERIALIZED (
            SELECT x.*, row_number() OVER (PARTITION BY x.key ORDER BY x.i) AS turn
              FROM jsonb_to_recordset(p_items)
                   AS x(i integer, key text, "user" bigint, permission text, node bigint, hash text, today date)
        ), place AS MATERIALIZED (
            SELECT p.node, p.today, ARRAY(SELECT access_above(p_district, p.node, p.today)) AS above
              FROM (SELECT DISTINCT item.node, item.today FROM item) p
        ), judged AS MATERIALIZED (
            SELECT item.i,
                   CASE WHEN a.act_id IS NOT NULL AND a.request_hash = decode(item.hash, 'hex') THEN 'replayed'
                        WHEN a.act_id IS NOT NULL THEN 'refused'
                        WHEN NOT EXISTS (SELECT 1 FROM access_holders(p_district, item.permission, place.above, item.today) AS h(user_id)
                                          WHERE h.user_id = item.user) THEN 'refused'
                        WHEN item.turn > 1 THEN 'again' END AS outcome,
                   a.act_id, a.result
              FROM item
              JOIN place ON place.node = item.node AND place.today = item.today
              LEFT JOIN act a ON a.district_id = p_district AND a.idem_key = item.key
        )
        SELECT j.i, j.outcome, j.act_id,
               CASE WHEN j.outcome = 'refused' AND j.act_id IS NULL THEN 'access.forbidden'
                    WHEN j.outcome = 'refused' THEN 'access.key_reused' END,
               CASE WHEN j.outcome = 'replayed' THEN j.result END
          FROM judged j;
END $$;

-- Records the acts that were done: {i, act, before, after, result} each, the
-- rest from the item of that i.
CREATE OR REPLACE FUNCTION access_hot_record(p_district bigint, p_items jsonb, p_done jsonb, p_now timestamptz) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO act (district_id, act_id, idem_key, user_id, permission, node_id, use_case, request_hash, before, after, result, recorded_at)
    SELECT p_district, d.act, x.key, x.user, x.permission, x.node, x.use_case, decode(x.hash, 'hex'), d.before,
           d.after || jsonb_build_object('request', x.request), d.result, p_now
      FROM jsonb_to_recordset(p_done) AS d(i integer, act bigint, before jsonb, after jsonb, result jsonb)
      JOIN jsonb_to_recordset(p_items)
           AS x(i integer, key text, "user" bigint, permission text, node bigint, use_case text, hash text, request jsonb) USING (i)
     ORDER BY d.act;
END $$;
