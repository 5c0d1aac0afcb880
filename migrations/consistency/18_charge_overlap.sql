-- title: 同一户同一项目的有效账单日期重叠
-- reason: the unique key refuses a second bill that begins on the same day; one that begins inside another is refused under the run's lock, and seen here.
SELECT c.district_id, '户 ' || c.subject_id || '，项目 ' || c.item_id || '，账单 ' || c.charge_id AS subject,
       '开始于 ' || c.before_end || ' 以后' AS expected, '开始于 ' || c.segment_start AS found
  FROM (SELECT district_id, subject_id, item_id, charge_id, segment_start,
               max(segment_end) OVER (PARTITION BY district_id, subject_id, item_id ORDER BY segment_start, charge_id
                                      ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before_end
          FROM charge WHERE state = 1) c
 WHERE c.segment_start <= c.before_end
