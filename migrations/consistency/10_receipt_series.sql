-- title: 收据编号不连续
-- reason: a series of receipts has no gaps, and its row knows the last number.
SELECT COALESCE(s.district_id, r.district_id) AS district_id,
       COALESCE('收据系列 ' || s.prefix, '收据系列 ' || r.series_id) AS subject,
       COALESCE('1 至 ' || s.last_number || '，不缺号', '有这个系列') AS expected,
       COALESCE(r.first_number || ' 至 ' || r.last_number || '，共 ' || r.numbers || ' 张', '没有收据') AS found
  FROM receipt_series s
  FULL JOIN (SELECT district_id, series_id, min(number) AS first_number, max(number) AS last_number, count(*) AS numbers
               FROM receipt GROUP BY district_id, series_id) r ON r.district_id = s.district_id AND r.series_id = s.series_id
 WHERE s.series_id IS NULL OR s.last_number <> COALESCE(r.numbers, 0) OR s.last_number <> COALESCE(r.last_number, 0)
    OR COALESCE(r.first_number, 1) <> 1
