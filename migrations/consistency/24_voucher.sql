-- title: 记账凭证与它的分录不符
-- reason: a voucher has entries of its own day in its own book, written by its own act, and a by-hand entry has a voucher.
SELECT COALESCE(v.district_id, e.district_id) AS district_id, '凭证 ' || COALESCE(v.voucher_id, e.voucher_id) AS subject,
       COALESCE('账本 ' || v.book_id || '，业务日期 ' || v.business_date || '，操作 ' || v.act_id, '有这张凭证') AS expected,
       COALESCE('分录 ' || e.entries || ' 笔，账本 ' || e.first_book || '，业务日期 ' || e.first_date || '，操作 ' || e.first_act, '没有分录') AS found
  FROM voucher v
  FULL JOIN (SELECT district_id, source_id AS voucher_id, count(*) AS entries, min(book_id) AS first_book, max(book_id) AS last_book,
                    min(business_date) AS first_date, max(business_date) AS last_date, min(act_id) AS first_act, max(act_id) AS last_act
               FROM entry WHERE source_kind = 6 AND reversed_entry_id IS NULL
              GROUP BY district_id, source_id) e ON e.district_id = v.district_id AND e.voucher_id = v.voucher_id
 WHERE v.voucher_id IS NULL OR e.voucher_id IS NULL OR e.first_book <> v.book_id OR e.last_book <> v.book_id
    OR e.first_date <> v.business_date OR e.last_date <> v.business_date OR e.first_act <> v.act_id OR e.last_act <> v.act_id
