-- title: 产权份额之和不是一
-- reason: the shares of a title add up to the whole, or there are none because the owner is not registered. Twelve places tell any two fractions of real deeds apart.
SELECT s.district_id, '产权 ' || s.ownership_id || COALESCE('，户 ' || o.unit_id, '') AS subject,
       CASE WHEN o.ownership_id IS NULL THEN '有这条产权' ELSE '份额之和 1' END AS expected,
       '份额 ' || s.shares AS found
  FROM (SELECT district_id, ownership_id, sum(CAST(numerator AS numeric) / denominator) AS total,
               string_agg(numerator || '/' || denominator, ' + ' ORDER BY person_id) AS shares
          FROM ownership_share GROUP BY district_id, ownership_id) s
  LEFT JOIN ownership o ON o.district_id = s.district_id AND o.ownership_id = s.ownership_id
 WHERE o.ownership_id IS NULL OR round(s.total, 12) <> 1
