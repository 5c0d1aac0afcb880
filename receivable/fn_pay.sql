-- The counter payment, a hot act: payments that wait at the same moment are
-- judged and posted by one call and committed together. A refusal is a result
-- and never an exception, which would undo the neighbours.
--
-- p_items: a JSON array of
--   {i, key, user, permission, node, use_case, hash, today, now, request: {book, subject, counter, channel, amount,
--    first: [charge ids paid first, in this order], shown, business_date, payer, note}}
-- answer: a JSON array of {i, outcome: done | replayed | refused | again, act, result | code}.

-- What a payment needs to know of its counter and book, and whether the unit
-- lies in the estate the act was authorised for.
CREATE OR REPLACE FUNCTION receivable_pay_place(p_district bigint, p_book bigint, p_counter bigint, p_subject bigint,
    p_node bigint, p_channel text, p_today date,
    OUT cash_account bigint, OUT cash_dimension bigint, OUT receivable_account bigint, OUT prepayment_account bigint,
    OUT series_id bigint, OUT number integer, OUT prefix text)
LANGUAGE plpgsql STABLE AS $$ -- plpgsql keeps the plan: planning ten joins anew took 6 ms a payment
BEGIN
    SELECT cash.account_id,
           CASE WHEN p_channel = 'cash' THEN c.cash_account_id
                WHEN p_channel = 'transfer' THEN c.bank_account_id
                ELSE c.clearing_account_id END,
           owed.account_id, ahead.account_id, s.series_id, s.last_number + 1, s.prefix
      INTO cash_account, cash_dimension, receivable_account, prepayment_account, series_id, number, prefix
      FROM counter c
      JOIN book b ON b.district_id = c.district_id AND b.book_id = c.book_id AND b.place_node_id = p_node
      JOIN estate e ON e.district_id = b.district_id AND e.node_id = b.place_node_id
      JOIN unit u ON u.district_id = e.district_id AND u.estate_id = e.estate_id AND u.unit_id = p_subject
      JOIN account cash ON cash.district_id = b.district_id AND cash.book_id = b.book_id
           AND cash.slug = CASE WHEN p_channel = 'cash' THEN 'cash' WHEN p_channel = 'transfer' THEN 'bank' ELSE 'clearing' END
      JOIN account owed ON owed.district_id = b.district_id AND owed.book_id = b.book_id AND owed.slug = 'receivable'
      JOIN account ahead ON ahead.district_id = b.district_id AND ahead.book_id = b.book_id AND ahead.slug = 'prepayment'
      JOIN receipt_series s ON s.district_id = c.district_id AND s.counter_id = c.counter_id
           AND s.year = CAST(extract(year FROM p_today) AS smallint)
     WHERE c.district_id = p_district AND c.counter_id = p_counter AND c.book_id = p_book
       AND (c.closed_on IS NULL OR c.closed_on > p_today)
       AND receivable_node(p_district, p_book, p_today) = p_node;
END $$;

-- The order in which a sum settles: what the payer named, in his order, then
-- due first, then by rank of the item, then oldest (Civil Code 560, 561).
CREATE OR REPLACE FUNCTION receivable_settle(p_district bigint, p_book bigint, p_subject bigint, p_amount numeric, p_first bigint[])
RETURNS TABLE (charge_id bigint, part numeric, posting_date date, before numeric)
LANGUAGE sql STABLE AS $$
    SELECT q.charge_id, LEAST(q.open, p_amount - q.ahead), q.posting_date, q.open
      FROM (SELECT c.charge_id, c.posting_date, c.amount - c.settled AS open,
                   COALESCE(sum(c.amount - c.settled) OVER (
                       ORDER BY array_position(p_first, c.charge_id) NULLS LAST, c.due_date, i.pay_rank, c.segment_start, c.charge_id
                       ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS ahead
              FROM charge c JOIN charge_item i ON i.item_id = c.item_id
             WHERE c.district_id = p_district AND c.book_id = p_book AND c.subject_id = p_subject
               AND c.state = 1 AND c.settled <> c.amount AND c.amount > c.settled) q
     WHERE q.ahead < p_amount
$$;

-- The fingerprint of what a sum settles: the page carries it, the posting makes it
-- again, and money that would go elsewhere than shown is not taken.
CREATE OR REPLACE FUNCTION receivable_shown(p_amount numeric, p_charges bigint[], p_parts numeric[]) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT md5(to_char(p_amount, 'FM999999999999990.00')
               || COALESCE((SELECT string_agg(';' || s.c || ':' || to_char(s.p, 'FM999999999999990.00'), '' ORDER BY s.c)
                              FROM unnest(p_charges, p_parts) AS s(c, p)), ''))
$$;

-- The lock of what the households of a book owe. Payments share it; whatever
-- makes a debt, takes one back or opens one again holds it alone. Row locks are
-- not enough: between the locking of a household's open charges and the reading
-- of what to settle, a charge could come (and be withdrawn again) that nobody
-- had locked, and a payment made at the same moment would not see it. Taken before
-- the book's period, always: else a close would wait for all who wait here.
CREATE OR REPLACE FUNCTION receivable_debts_key(p_district bigint, p_book bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT hashtextextended(p_district || ':debts:' || p_book, 0)
$$;

-- Locks, in the order of the house, everything the items of a batch may touch.
CREATE OR REPLACE FUNCTION receivable_pay_lock(p_district bigint, p_items jsonb) RETURNS void
LANGUAGE plpgsql SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(k.key)
       FROM (SELECT v.key FROM (SELECT DISTINCT CAST(x -> 'request' ->> 'book' AS bigint) AS book FROM jsonb_array_elements(p_items) x) b
              CROSS JOIN LATERAL (VALUES (1, receivable_debts_key(p_district, b.book)), (2, ledger_period_key(p_district, b.book))) v(step, key)
              ORDER BY v.step, b.book) k;

    PERFORM 1 FROM (SELECT DISTINCT CAST(x -> 'request' ->> 'book' AS bigint) AS book,
                           CAST(x -> 'request' ->> 'subject' AS bigint) AS subject
                      FROM jsonb_array_elements(p_items) x) i
      JOIN charge c ON c.district_id = p_district AND c.book_id = i.book AND c.subject_id = i.subject
     WHERE c.state = 1 AND c.settled <> c.amount
     ORDER BY c.charge_id FOR UPDATE OF c;

    PERFORM 1 FROM (SELECT DISTINCT CAST(x -> 'request' ->> 'book' AS bigint) AS book,
                           CAST(x -> 'request' ->> 'subject' AS bigint) AS subject
                      FROM jsonb_array_elements(p_items) x) i
      JOIN account a ON a.district_id = p_district AND a.book_id = i.book AND a.slug = 'prepayment'
      JOIN holding h ON h.district_id = p_district AND h.account_id = a.account_id AND h.dimension_id = i.subject
     ORDER BY h.account_id, h.dimension_id FOR UPDATE OF h;

    INSERT INTO receipt_series (district_id, counter_id, year, prefix)
    SELECT p_district, c.counter_id, i.year, c.code || '-' || i.year
      FROM (SELECT DISTINCT CAST(x -> 'request' ->> 'counter' AS bigint) AS counter,
                   CAST(extract(year FROM CAST(x ->> 'today' AS date)) AS smallint) AS year
              FROM jsonb_array_elements(p_items) x) i
      JOIN counter c ON c.district_id = p_district AND c.counter_id = i.counter
     WHERE NOT EXISTS (SELECT 1 FROM receipt_series s
                        WHERE s.district_id = p_district AND s.counter_id = i.counter AND s.year = i.year)
     ORDER BY c.counter_id, i.year
    ON CONFLICT DO NOTHING;

    PERFORM 1 FROM (SELECT DISTINCT CAST(x -> 'request' ->> 'counter' AS bigint) AS counter,
                           CAST(extract(year FROM CAST(x ->> 'today' AS date)) AS smallint) AS year
                      FROM jsonb_array_elements(p_items) x) i
      JOIN receipt_series s ON s.district_id = p_district AND s.counter_id = i.counter AND s.year = i.year
     ORDER BY s.series_id FOR UPDATE OF s;
END $$;

-- Judges and posts one payment whose locks are held.
CREATE OR REPLACE FUNCTION receivable_pay_one(p_district bigint, p_item jsonb, p_now timestamptz) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    v_request  jsonb := p_item -> 'request';
    v_book     bigint := CAST(v_request ->> 'book' AS bigint);
    v_subject  bigint := CAST(v_request ->> 'subject' AS bigint);
    v_amount   numeric := CAST(v_request ->> 'amount' AS numeric);
    v_today    date := CAST(p_item ->> 'today' AS date);
    v_business date := COALESCE(CAST(NULLIF(v_request ->> 'business_date', '') AS date), v_today);
    v_user     bigint := CAST(p_item ->> 'user' AS bigint);
    v_node     bigint := CAST(p_item ->> 'node' AS bigint);
    v_first    bigint[] := ARRAY(SELECT CAST(f AS bigint) FROM jsonb_array_elements_text(COALESCE(v_request -> 'first', '[]')) f);
    v_earlier  record;
    v_place    record;
    v_charges  bigint[];
    v_parts    numeric[];
    v_postings date[];
    v_open     numeric;
    v_settled  numeric;
    v_later    numeric := 0;
    v_prepaid  numeric;
    v_posting  date;
    v_act      bigint;
    v_payment  bigint;
    v_result   jsonb;
BEGIN
    SELECT act_id, request_hash, result INTO v_earlier FROM act
     WHERE district_id = p_district AND idem_key = p_item ->> 'key';
    IF FOUND THEN
        IF v_earlier.request_hash = decode(p_item ->> 'hash', 'hex') THEN
            RETURN jsonb_build_object('outcome', 'replayed', 'act', v_earlier.act_id, 'result', v_earlier.result);
        END IF;
        RETURN jsonb_build_object('outcome', 'refused', 'code', 'access.key_reused');
    END IF;
    IF NOT access_covers(p_district, v_user, p_item ->> 'permission', v_node, v_today) THEN
        RETURN jsonb_build_object('outcome', 'refused', 'code', 'access.forbidden');
    END IF;
    SELECT * INTO v_place FROM receivable_pay_place(p_district, v_book, CAST(v_request ->> 'counter' AS bigint), v_subject,
        v_node, v_request ->> 'channel', v_today);
    IF v_place.series_id IS NULL THEN
        RETURN jsonb_build_object('outcome', 'refused', 'code', 'receivable.counter_not_here');
    END IF;
    IF v_amount <= 0 THEN
        RETURN jsonb_build_object('outcome', 'refused', 'code', 'receivable.amount_not_positive');
    END IF;
    IF v_business > v_today THEN
        RETURN jsonb_build_object('outcome', 'refused', 'code', 'receivable.date_in_future');
    END IF;

    v_posting := ledger_posting_date(p_district, v_book, v_business, v_today);
    SELECT array_agg(s.charge_id), array_agg(s.part), array_agg(s.posting_date), COALESCE(sum(s.part), 0),
           COALESCE(sum(s.part) FILTER (WHERE s.posting_date > v_posting), 0), COALESCE(sum(s.before), 0)
      INTO v_charges, v_parts, v_postings, v_settled, v_later, v_open
      FROM receivable_settle(p_district, v_book, v_subject, v_amount, v_first) s;
    v_prepaid := v_amount - v_settled;
    IF EXISTS (SELECT 1 FROM unnest(v_first) f WHERE NOT f = ANY (COALESCE(v_charges, '{}'))
               AND NOT EXISTS (SELECT 1 FROM charge c WHERE c.district_id = p_district AND c.charge_id = f
                               AND c.book_id = v_book AND c.subject_id = v_subject AND c.state = 1)) THEN
        RETURN jsonb_build_object('outcome', 'refused', 'code', 'receivable.charge_not_open');
    END IF;

    IF COALESCE(v_request ->> 'shown', '') NOT IN ('', receivable_shown(v_amount, v_charges, v_parts)) THEN
        RETURN jsonb_build_object('outcome', 'refused', 'code', 'receivable.allocation_changed');
    END IF;

    v_payment := nextval('payment_id_seq');
    v_act := nextval('act_id_seq');
    v_result := jsonb_build_object(
        'payment_id', CAST(v_payment AS text), 'series_id', CAST(v_place.series_id AS text), 'number', v_place.number,
        'receipt_no', v_place.prefix || '-' || lpad(CAST(v_place.number AS text), 6, '0'),
        'amount', CAST(v_amount AS text), 'settled', CAST(v_settled AS text), 'prepaid', CAST(v_prepaid AS text),
        'posting_date', v_posting,
        'allocations', COALESCE((SELECT jsonb_agg(jsonb_build_object('charge_id', CAST(c AS text), 'amount', CAST(p AS text)))
                                   FROM unnest(v_charges, v_parts) AS t(c, p)), '[]'));
    IF NOT access_record_act(p_district, v_act, p_item ->> 'key', v_user, p_item ->> 'permission', v_node, p_item ->> 'use_case',
            decode(p_item ->> 'hash', 'hex'),
            jsonb_build_object('open', CAST(v_open AS text)),
            jsonb_build_object('open', CAST(v_open - v_settled AS text), 'request', v_request), v_result, p_now) THEN
        RETURN jsonb_build_object('outcome', 'again');
    END IF;

    UPDATE receipt_series SET last_number = v_place.number WHERE district_id = p_district AND series_id = v_place.series_id;
    INSERT INTO payment (district_id, payment_id, book_id, subject_id, counter_id, act_id, channel, business_date, posting_date,
                         amount, prepaid, payer, note, user_id)
    VALUES (p_district, v_payment, v_book, v_subject, CAST(v_request ->> 'counter' AS bigint), v_act, v_request ->> 'channel',
            v_business, v_posting, v_amount, v_prepaid, COALESCE(v_request ->> 'payer', ''), COALESCE(v_request ->> 'note', ''), v_user);
    INSERT INTO receipt (district_id, series_id, number, payment_id, amount, issued_on)
    VALUES (p_district, v_place.series_id, v_place.number, v_payment, v_amount, v_today);
    IF v_charges IS NOT NULL THEN
        INSERT INTO allocation (district_id, charge_id, payment_id, act_id, business_date, amount)
        SELECT p_district, t.c, v_payment, v_act, v_business, t.p FROM unnest(v_charges, v_parts) AS t(c, p);
        UPDATE charge SET settled = settled + t.p FROM unnest(v_charges, v_parts) AS t(c, p)
         WHERE charge.district_id = p_district AND charge.charge_id = t.c;
    END IF;

    -- Money for a charge that is not yet posted is prepayment until that day.
    IF v_settled - v_later > 0 THEN
        PERFORM ledger_post(p_district, v_book, v_place.cash_account, v_place.cash_dimension, v_place.receivable_account, v_subject,
            v_settled - v_later, v_business, v_posting, CAST(2 AS smallint), v_payment, v_act, p_now);
    END IF;
    IF v_prepaid + v_later > 0 THEN
        PERFORM ledger_post(p_district, v_book, v_place.cash_account, v_place.cash_dimension, v_place.prepayment_account, v_subject,
            v_prepaid + v_later, v_business, v_posting, CAST(2 AS smallint), v_payment, v_act, p_now);
    END IF;
    IF v_later > 0 THEN
        PERFORM ledger_post(p_district, v_book, v_place.prepayment_account, v_subject, v_place.receivable_account, v_subject,
            l.part, v_business, ledger_posting_date(p_district, v_book, l.posting_date, v_today),
            CAST(2 AS smallint), v_payment, v_act, p_now)
           FROM (SELECT t.d AS posting_date, sum(t.p) AS part FROM unnest(v_parts, v_postings) AS t(p, d)
                  WHERE t.d > v_posting GROUP BY t.d ORDER BY t.d) l;
    END IF;
    RETURN jsonb_build_object('outcome', 'done', 'act', v_act, 'result', v_result);
END $$;

CREATE OR REPLACE FUNCTION receivable_pay(p_district bigint, p_items jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    v_item jsonb;
    v_now  timestamptz;
    v_out  jsonb := '[]';
BEGIN
    PERFORM set_config('estateledger.now', COALESCE(p_items -> 0 ->> 'now', ''), true);
    v_now := access_now();
    PERFORM receivable_pay_lock(p_district, p_items);
    FOR v_item IN SELECT x FROM jsonb_array_elements(p_items) x
                   ORDER BY CAST(x -> 'request' ->> 'book' AS bigint), CAST(x -> 'request' ->> 'subject' AS bigint), CAST(x ->> 'i' AS integer) LOOP
        v_out := v_out || (receivable_pay_one(p_district, v_item, v_now) || jsonb_build_object('i', v_item -> 'i'));
    END LOOP;
    RETURN v_out;
END $$;
