-- name: runs
-- Runs of the estates a viewer may read, newest first, a page after the last
-- run of the page before.
SELECT r.run_id, r.estate_id, e.name AS estate_name, r.month, r.state, r.due_date, r.published_on,
       COALESCE(r.count, r.preview_count) AS count, COALESCE(r.total, r.preview_total) AS total,
       (SELECT count(*) FROM unit u WHERE u.district_id = e.district_id AND u.estate_id = e.estate_id) AS units,
       (SELECT count(*) FROM bill_run_exclusion x WHERE x.district_id = r.district_id AND x.run_id = r.run_id) AS excluded,
       wd.name AS drafted_by, d.recorded_at AS drafted_at, COALESCE(wp.name, '') AS published_by, p.recorded_at AS published_at,
       COALESCE(ww.name, '') AS withdrawn_by, w.recorded_at AS withdrawn_at, COALESCE(w.after ->> 'reason', '') AS withdrawn_because
  FROM bill_run r
  JOIN estate e ON e.district_id = r.district_id AND e.estate_id = r.estate_id
  JOIN act d ON d.district_id = r.district_id AND d.act_id = r.drafted_act
  JOIN app_user wd ON wd.user_id = d.user_id
  LEFT JOIN act p ON p.district_id = r.district_id AND p.act_id = r.published_act
  LEFT JOIN app_user wp ON wp.user_id = p.user_id
  LEFT JOIN act w ON w.district_id = r.district_id AND w.act_id = r.withdrawn_act
  LEFT JOIN app_user ww ON ww.user_id = w.user_id
 WHERE r.district_id = :district
   AND e.node_id IN (SELECT access_nodes(:district, :actor, 'receivable.read', :today))
   AND (CAST(:run AS bigint) = 0 OR r.run_id = :run)
   AND (CAST(:estate AS bigint) = 0 OR r.estate_id = :estate)
   AND (CAST(:month AS date) IS NULL OR r.month = :month)
   AND (CAST(:discarded AS boolean) OR r.state <> 'discarded')
   AND (CAST(:after AS bigint) = 0 OR r.run_id < :after)
 ORDER BY r.run_id DESC LIMIT :limit;

-- name: exclusions
SELECT x.unit_id, u.code, x.reason
  FROM bill_run r
  JOIN estate e ON e.district_id = r.district_id AND e.estate_id = r.estate_id
  JOIN bill_run_exclusion x ON x.district_id = r.district_id AND x.run_id = r.run_id
  JOIN unit u ON u.district_id = x.district_id AND u.unit_id = x.unit_id
 WHERE r.district_id = :district AND r.run_id = :run AND access_covers(:district, :actor, 'receivable.read', e.node_id, :today)
 ORDER BY u.code, x.unit_id;

-- name: run_charges
-- What became of a published run's bills: live, withdrawn or reversed, and paid.
SELECT count(*) FILTER (WHERE c.state = 1) AS live, count(*) FILTER (WHERE c.state <> 1) AS taken_back,
       COALESCE(sum(c.amount) FILTER (WHERE c.state = 1), 0) AS owed, COALESCE(sum(c.settled) FILTER (WHERE c.state = 1), 0) AS settled,
       count(DISTINCT c.subject_id) AS units
  FROM bill_run r
  JOIN estate e ON e.district_id = r.district_id AND e.estate_id = r.estate_id
  JOIN charge c ON c.district_id = r.district_id AND c.book_id = r.book_id AND c.run_id = r.run_id
 WHERE r.district_id = :district AND r.run_id = :run AND access_covers(:district, :actor, 'receivable.read', e.node_id, :today);
