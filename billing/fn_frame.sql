-- What of a month an estate's contracts let be billed, and at which price. Each
-- is called once per run and answers a handful of rows, so that the query over
-- the households joins something small.

-- The parts of a month that a company's contracts cover: from the fee start and
-- not before the cut-over (older debts are opening balances), to the contract's
-- end or the day before the next one. Of two versions of a contract the higher
-- counts. Only contracts of the book's owner: another company's service is
-- never billed in this book.
CREATE OR REPLACE FUNCTION billing_frame(p_district bigint, p_estate bigint, p_book bigint, p_month date)
RETURNS TABLE (from_day date, to_day date, due_date date) LANGUAGE plpgsql STABLE ROWS 2 AS $$
DECLARE
    v_last date := CAST(p_month + INTERVAL '1 month' AS date) - 1;
BEGIN
    RETURN QUERY
        SELECT w.from_day, w.to_day,
               GREATEST(w.from_day, CASE WHEN w.due_day = 0 THEN v_last ELSE p_month + (w.due_day - 1) END)
          FROM (SELECT GREATEST(c.valid_from, c.fee_start, p_month,
                           (SELECT max(t.cut_over_date) FROM takeover t
                             WHERE t.district_id = p_district AND t.estate_id = p_estate AND t.company_id = c.company_id
                               AND t.entry_date <= c.valid_to)) AS from_day,
                       LEAST(c.valid_to, v_last,
                           (SELECT min(n.valid_from) - 1 FROM service_contract n
                             WHERE n.district_id = p_district AND n.estate_id = p_estate AND n.valid_from > c.valid_from)) AS to_day,
                       c.due_day
                  FROM service_contract c
                  JOIN property_company y ON y.district_id = c.district_id AND y.company_id = c.company_id
                  JOIN legal_owner o ON o.district_id = y.district_id AND o.kind = 'company' AND o.node_id = y.node_id
                  JOIN book b ON b.district_id = o.district_id AND b.legal_owner_id = o.legal_owner_id AND b.book_id = p_book
                 WHERE c.district_id = p_district AND c.estate_id = p_estate AND c.valid_from <= v_last AND c.valid_to >= p_month
                   AND NOT EXISTS (SELECT 1 FROM service_contract v
                                    WHERE v.district_id = p_district AND v.estate_id = p_estate
                                      AND v.valid_from = c.valid_from AND v.version > c.version)) w
         WHERE w.from_day <= w.to_day;
END $$;

-- The frame cut where a rate begins, per use of unit.
CREATE OR REPLACE FUNCTION billing_tariff(p_district bigint, p_estate bigint, p_book bigint, p_month date, p_item smallint)
RETURNS TABLE (use text, from_day date, to_day date, due_date date, rate numeric, vat_rate numeric, rounding text, basis text)
LANGUAGE plpgsql STABLE ROWS 4 AS $$
BEGIN
    RETURN QUERY
        SELECT r.use, GREATEST(f.from_day, r.valid_from), LEAST(f.to_day, r.until), f.due_date, r.rate, r.vat_rate, r.rounding, r.basis
          FROM billing_frame(p_district, p_estate, p_book, p_month) f
          JOIN (SELECT h.use, h.valid_from, h.rate, h.vat_rate, h.rounding, h.basis,
                       COALESCE(lead(h.valid_from) OVER (PARTITION BY h.use ORDER BY h.valid_from, h.version) - 1, DATE '9999-12-31') AS until
                  FROM fee_rate h
                 WHERE h.district_id = p_district AND h.estate_id = p_estate AND h.item_id = p_item) r
            ON r.valid_from <= f.to_day AND r.until >= f.from_day AND r.until >= r.valid_from;
END $$;
