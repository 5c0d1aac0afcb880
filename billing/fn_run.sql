-- The pieces of a period in which a unit's area and the title that bills go to
-- stay the same, for a unit where one of them begins within the period. A later
-- version of an area or a title replaces the earlier one of the same day. A
-- title is billed from its bill_from until a later title's.
CREATE OR REPLACE FUNCTION billing_pieces(p_district bigint, p_unit bigint, p_from date, p_to date)
RETURNS TABLE (segment_start date, segment_end date, area numeric, ownership_id bigint) LANGUAGE plpgsql STABLE ROWS 2 AS $$
BEGIN
    RETURN QUERY
        SELECT s.first_day, s.last_day, a.area, o.ownership_id
          FROM (SELECT n.area, n.valid_from, lead(n.valid_from) OVER (ORDER BY n.valid_from, n.version) - 1 AS until
                  FROM unit_area n
                 WHERE n.district_id = p_district AND n.unit_id = p_unit) a
         CROSS JOIN (SELECT v.ownership_id, v.bill_from,
                            min(v.bill_from) OVER (ORDER BY v.valid_from DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) - 1 AS until
                       FROM (SELECT DISTINCT ON (w.valid_from) w.ownership_id, w.valid_from, w.bill_from FROM ownership w
                              WHERE w.district_id = p_district AND w.unit_id = p_unit
                              ORDER BY w.valid_from DESC, w.version DESC) v) o
         CROSS JOIN LATERAL (SELECT GREATEST(p_from, a.valid_from, o.bill_from) AS first_day, LEAST(p_to, a.until, o.until) AS last_day) s
         WHERE s.first_day <= s.last_day
         ORDER BY s.first_day;
END $$;

-- Every segment of a month that a household of the estate might owe: the
-- tariff's parts, cut where the area changes and where bills go to another
-- title. What is held back is marked, not left out, so that the run and the
-- list of who is not billed come from one query:
--   registered    the title has owners
--   excluded      the clerk left the unit out of this run
--   billed_start  first day of the live charge that covers part of the segment
--
-- Nearly every unit has one area and one title for the whole part: two steps
-- into an index say so, and only the others are cut. The only charge that can
-- be in the way is the live one that begins last on or before the segment's
-- end, since live segments never overlap: one step, however long the history.
--
-- A function, so that its plan is kept by the session (planning took as long as
-- reading a thousand households) and is steps into indexes from the estate's
-- units outwards, whatever the tables hold and the statistics say.
CREATE OR REPLACE FUNCTION billing_candidates(p_district bigint, p_estate bigint, p_book bigint, p_month date, p_item smallint, p_run bigint)
RETURNS TABLE (unit_id bigint, use text, ownership_id bigint, segment_start date, segment_end date, due_date date, days integer,
               month_days integer, area numeric, rate numeric, vat_rate numeric, rounding text, amount numeric,
               registered boolean, excluded boolean, billed_start date)
LANGUAGE plpgsql STABLE ROWS 1000
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off AS $$
DECLARE
    v_days integer := CAST(p_month + INTERVAL '1 month' AS date) - p_month;
BEGIN
    RETURN QUERY
        SELECT q.unit_id, q.use, q.ownership_id, q.segment_start, q.segment_end, q.due_date, q.days, v_days, q.area, q.rate, q.vat_rate,
               q.rounding,
               CAST(money_round(CASE WHEN q.days = v_days THEN q.area * q.rate ELSE q.area * q.rate * q.days / v_days END, q.rounding)
                    AS numeric(14,2)),
               -- not EXISTS, which the planner may answer by reading every share there is
               (SELECT h.person_id FROM ownership_share h
                 WHERE h.district_id = p_district AND h.ownership_id = q.ownership_id LIMIT 1) IS NOT NULL,
               EXISTS (SELECT 1 FROM bill_run_exclusion x WHERE x.district_id = p_district AND x.run_id = p_run AND x.unit_id = q.unit_id),
               (SELECT CASE WHEN c.segment_end >= q.segment_start THEN c.segment_start END FROM charge c
                 WHERE c.district_id = p_district AND c.subject_id = q.unit_id AND c.item_id = p_item AND c.state = 1
                   AND c.segment_start <= q.segment_end
                 ORDER BY c.segment_start DESC LIMIT 1)
          FROM (SELECT u.unit_id, u.use, s.ownership_id, s.segment_start, s.segment_end, s.segment_end - s.segment_start + 1 AS days,
                       t.due_date, s.area, t.rate, t.vat_rate, t.rounding
                  FROM billing_tariff(p_district, p_estate, p_book, p_month, p_item) t
                  JOIN unit u ON u.district_id = p_district AND u.estate_id = p_estate AND u.use = t.use
                  LEFT JOIN LATERAL (SELECT n.area, n.valid_from FROM unit_area n
                                      WHERE n.district_id = p_district AND n.unit_id = u.unit_id AND n.valid_from <= t.to_day
                                      ORDER BY n.valid_from DESC, n.version DESC LIMIT 1) a ON true
                  LEFT JOIN LATERAL (SELECT w.ownership_id, w.bill_from FROM ownership w
                                      WHERE w.district_id = p_district AND w.unit_id = u.unit_id
                                      ORDER BY w.valid_from DESC, w.version DESC LIMIT 1) o ON true
                 CROSS JOIN LATERAL (
                       SELECT t.from_day AS segment_start, t.to_day AS segment_end, a.area, o.ownership_id
                        WHERE a.valid_from <= t.from_day AND o.bill_from <= t.from_day
                        UNION ALL
                       SELECT p.segment_start, p.segment_end, p.area, p.ownership_id
                         FROM billing_pieces(p_district, u.unit_id, t.from_day, t.to_day) p
                        WHERE (a.valid_from <= t.from_day AND o.bill_from <= t.from_day) IS NOT TRUE) s
                -- the fence makes the factors plain columns, without which the
                -- planner calls money_round() per bill instead of writing it out
                OFFSET 0) q;
END $$;
