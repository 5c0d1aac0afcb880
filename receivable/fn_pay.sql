-- The counter payment, a hot act: payments that wait at the same moment are
-- judged and posted as one set and committed together. A refusal is a result
-- and never an exception, which would undo the neighbours.
--
-- p_items: a JSON array of items as access/fn_hot.sql reads them, the request being
--   {book, subject, counter, channel, amount, first: [charge ids paid first, in this order], shown, business_date, payer, note}
-- answer: a JSON array of {i, outcome: done | replayed | refused | again, act, result | code}.

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
    SELECT hashtextextended(CAST(p_district AS text) || ':debts:' || CAST(p_book AS text), 0)
$$;

-- Locks, in the order of the house, everything the items may touch.
CREATE OR REPLACE FUNCTION receivable_pay_lock(p_district bigint, p_items jsonb) RETURNS void
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
    v_books    bigint[];
    v_subjects bigint[];
    v_counters bigint[];
    v_years    smallint[];
BEGIN
    SELECT array_agg(r.book), array_agg(r.subject), array_agg(r.counter), array_agg(CAST(extract(year FROM x.today) AS smallint))
      INTO v_books, v_subjects, v_counters, v_years
      FROM jsonb_to_recordset(p_items) AS x(today date, request jsonb)
     CROSS JOIN LATERAL jsonb_to_record(x.request) AS r(book bigint, subject bigint, counter bigint);

    PERFORM pg_advisory_xact_lock_shared(k.key)
       FROM (SELECT v.key FROM (SELECT DISTINCT t.book FROM unnest(v_books) AS t(book)) b
              CROSS JOIN LATERAL (VALUES (1, receivable_debts_key(p_district, b.book)), (2, ledger_period_key(p_district, b.book))) v(step, key)
              ORDER BY v.step, b.book) k;

    PERFORM 1 FROM (SELECT DISTINCT t.book, t.subject FROM unnest(v_books, v_subjects) AS t(book, subject)) i
      JOIN charge c ON c.district_id = p_district AND c.book_id = i.book AND c.subject_id = i.subject
     WHERE c.state = 1 AND c.settled <> c.amount
     ORDER BY c.charge_id FOR UPDATE OF c;

    PERFORM 1 FROM (SELECT DISTINCT t.book, t.subject FROM unnest(v_books, v_subjects) AS t(book, subject)) i
      JOIN account a ON a.district_id = p_district AND a.book_id = i.book AND a.slug = 'prepayment'
      JOIN holding h ON h.district_id = p_district AND h.account_id = a.account_id AND h.dimension_id = i.subject
     ORDER BY h.account_id, h.dimension_id FOR UPDATE OF h;

    INSERT INTO receipt_series (district_id, counter_id, year, prefix)
    SELECT p_district, c.counter_id, i.year, c.code || '-' || i.year
      FROM (SELECT DISTINCT t.counter, t.year FROM unnest(v_counters, v_years) AS t(counter, year)) i
      JOIN counter c ON c.district_id = p_district AND c.counter_id = i.counter
     WHERE NOT EXISTS (SELECT 1 FROM receipt_series s
                        WHERE s.district_id = p_district AND s.counter_id = i.counter AND s.year = i.year)
     ORDER BY c.counter_id, i.year
    ON CONFLICT DO NOTHING;

    PERFORM 1 FROM (SELECT DISTINCT t.counter, t.year FROM unnest(v_counters, v_years) AS t(counter, year)) i
      JOIN receipt_series s ON s.district_id = p_district AND s.counter_id = i.counter AND s.year = i.year
     ORDER BY s.series_id FOR UPDATE OF s;
END $$;

-- Judges and posts payments whose locks are held: of each household the one
-- that is its p_turn-th in the batch, so that each sees what the one before has
-- settled.
CREATE OR REPLACE FUNCTION receivable_pay_turn(p_district bigint, p_items jsonb, p_turn integer, p_now timestamptz) RETURNS jsonb
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off AS $$
DECLARE
    v record;
BEGIN
    WITH item AS MATERIALIZED (
        SELECT * FROM (
            SELECT x.i, x."user", x.node, x.today, r.*, COALESCE(CAST(NULLIF(r.business_date, '') AS date), x.today) AS business,
                   COALESCE(r.payer, '') AS payer_name, COALESCE(r.note, '') AS note_text,
                   row_number() OVER (PARTITION BY r.book, r.subject ORDER BY x.i) AS turn
              FROM jsonb_to_recordset(p_items) AS x(i integer, "user" bigint, node bigint, today date, request jsonb)
             CROSS JOIN LATERAL jsonb_to_record(x.request) AS r(book bigint, subject bigint, counter bigint, channel text,
                   amount numeric, "first" bigint[], shown text, business_date text, payer text, note text)) t
         WHERE t.turn = p_turn
    ), posting AS MATERIALIZED (
        SELECT d.*, ledger_posting_date(p_district, d.book, d.business, d.today) AS posting_date,
               receivable_node(p_district, d.book, d.today) AS place
          FROM (SELECT DISTINCT book, business, today FROM item) d
    -- Whose counter, whether the unit lies in the estate the act was authorised
    -- for, and the refusal, if any.
    ), judged AS MATERIALIZED (
        SELECT i.*, COALESCE(i."first", '{}') AS named, p.posting_date, s.series_id, s.last_number, s.prefix,
               cash.account_id AS cash_account, owed.account_id AS owed_account, ahead.account_id AS ahead_account,
               CASE i.channel WHEN 'cash' THEN c.cash_account_id WHEN 'transfer' THEN c.bank_account_id ELSE c.clearing_account_id END
                    AS cash_dimension,
               CASE WHEN u.unit_id IS NULL OR s.series_id IS NULL OR p.place <> i.node THEN 'receivable.counter_not_here'
                    WHEN i.amount <= 0 THEN 'receivable.amount_not_positive'
                    WHEN i.business > i.today THEN 'receivable.date_in_future'
                    WHEN EXISTS (SELECT 1 FROM unnest(i."first") AS f(charge_id)
                                  WHERE NOT EXISTS (SELECT 1 FROM charge g
                                                     WHERE g.district_id = p_district AND g.charge_id = f.charge_id
                                                       AND g.book_id = i.book AND g.subject_id = i.subject AND g.state = 1))
                         THEN 'receivable.charge_not_open' END AS code
          FROM item i
          JOIN posting p ON p.book = i.book AND p.business = i.business AND p.today = i.today
          LEFT JOIN counter c ON c.district_id = p_district AND c.counter_id = i.counter AND c.book_id = i.book
               AND (c.closed_on IS NULL OR c.closed_on > i.today)
          LEFT JOIN book b ON b.district_id = p_district AND b.book_id = c.book_id AND b.place_node_id = i.node
          LEFT JOIN estate e ON e.district_id = p_district AND e.node_id = b.place_node_id
          LEFT JOIN unit u ON u.district_id = p_district AND u.unit_id = i.subject AND u.estate_id = e.estate_id
          LEFT JOIN receipt_series s ON s.district_id = p_district AND s.counter_id = c.counter_id
               AND s.year = CAST(extract(year FROM i.today) AS smallint)
          LEFT JOIN account cash ON cash.district_id = p_district AND cash.book_id = b.book_id
               AND cash.slug = CASE i.channel WHEN 'cash' THEN 'cash' WHEN 'transfer' THEN 'bank' ELSE 'clearing' END
          LEFT JOIN account owed ON owed.district_id = p_district AND owed.book_id = b.book_id AND owed.slug = 'receivable'
          LEFT JOIN account ahead ON ahead.district_id = p_district AND ahead.book_id = b.book_id AND ahead.slug = 'prepayment'
    ), part AS MATERIALIZED (
        SELECT j.i, s.charge_id, s.part, s.before, s.posting_date, s.posting_date > j.posting_date AS later
          FROM judged j CROSS JOIN LATERAL receivable_settle(p_district, j.book, j.subject, j.amount, j.named) s
         WHERE j.code IS NULL
    ), settled AS MATERIALIZED (
        SELECT part.i, sum(part.part) AS settled, COALESCE(sum(part.part) FILTER (WHERE part.later), 0) AS later, sum(part.before) AS open,
               array_agg(part.charge_id) AS charges, array_agg(part.part) AS parts,
               jsonb_agg(jsonb_build_object('charge_id', CAST(part.charge_id AS text), 'amount', CAST(part.part AS text))) AS allocations
          FROM part GROUP BY part.i
    -- Money that would go elsewhere than the page has shown is not taken.
    ), decided AS MATERIALIZED (
        SELECT j.i, COALESCE(j.code, CASE WHEN COALESCE(j.shown, '') NOT IN ('', receivable_shown(j.amount, s.charges, s.parts))
                                          THEN 'receivable.allocation_changed' END) AS code
          FROM judged j LEFT JOIN settled s ON s.i = j.i
    ), paid AS MATERIALIZED (
        SELECT j.*, nextval('payment_id_seq') AS payment_id, nextval('act_id_seq') AS act_id,
               j.last_number + CAST(row_number() OVER (PARTITION BY j.series_id ORDER BY j.i) AS integer) AS number,
               COALESCE(s.settled, 0) AS settled, COALESCE(s.later, 0) AS later, COALESCE(s.open, 0) AS open,
               j.amount - COALESCE(s.settled, 0) AS prepaid, COALESCE(s.allocations, '[]') AS allocations
          FROM decided d
          JOIN judged j ON j.i = d.i
          LEFT JOIN settled s ON s.i = d.i
         WHERE d.code IS NULL
    ), answer AS MATERIALIZED (
        SELECT p.i, p.act_id, p.open, p.settled, jsonb_build_object(
                   'payment_id', CAST(p.payment_id AS text), 'series_id', CAST(p.series_id AS text), 'number', p.number,
                   'receipt_no', p.prefix || '-' || lpad(CAST(p.number AS text), 6, '0'), 'amount', CAST(p.amount AS text),
                   'settled', CAST(p.settled AS text), 'prepaid', CAST(p.prepaid AS text), 'posting_date', p.posting_date,
                   'allocations', p.allocations) AS result
          FROM paid p
    ), numbered AS (
        UPDATE receipt_series s SET last_number = p.number
          FROM (SELECT series_id, max(number) AS number FROM paid GROUP BY series_id) p
         WHERE s.district_id = p_district AND s.series_id = p.series_id
    ), payments AS (
        INSERT INTO payment (district_id, payment_id, book_id, subject_id, counter_id, act_id, channel, business_date, posting_date,
                             amount, prepaid, payer, note, user_id)
        SELECT p_district, p.payment_id, p.book, p.subject, p.counter, p.act_id, p.channel, p.business, p.posting_date,
               p.amount, p.prepaid, p.payer_name, p.note_text, p."user"
          FROM paid p
    ), receipts AS (
        INSERT INTO receipt (district_id, series_id, number, payment_id, amount, issued_on)
        SELECT p_district, p.series_id, p.number, p.payment_id, p.amount, p.today FROM paid p
    ), allocations AS (
        INSERT INTO allocation (district_id, charge_id, payment_id, act_id, business_date, amount)
        SELECT p_district, t.charge_id, p.payment_id, p.act_id, p.business, t.part FROM part t JOIN paid p ON p.i = t.i
    ), charges AS (
        UPDATE charge c SET settled = c.settled + t.part FROM part t JOIN paid p ON p.i = t.i
         WHERE c.district_id = p_district AND c.charge_id = t.charge_id
    -- Money for a charge that is not yet posted is prepayment until that day.
    ), movement AS (
        SELECT p.*, p.cash_account AS debit, p.cash_dimension AS debit_dimension, p.owed_account AS credit, p.settled - p.later AS moved,
               p.posting_date AS moved_on
          FROM paid p WHERE p.settled > p.later
        UNION ALL
        SELECT p.*, p.cash_account, p.cash_dimension, p.ahead_account, p.prepaid + p.later, p.posting_date
          FROM paid p WHERE p.prepaid + p.later > 0
        UNION ALL
        SELECT p.*, p.ahead_account, p.subject, p.owed_account, l.part, ledger_posting_date(p_district, p.book, l.posting_date, p.today)
          FROM paid p
          JOIN (SELECT part.i, part.posting_date, sum(part.part) AS part FROM part WHERE part.later GROUP BY part.i, part.posting_date) l
            ON l.i = p.i
    )
    SELECT a.answers, a.done, m.* INTO v
      FROM (SELECT jsonb_agg(jsonb_build_object('i', d.i, 'outcome', CASE WHEN d.code IS NULL THEN 'done' ELSE 'refused' END,
                                                'code', d.code, 'act', a.act_id, 'result', a.result)) AS answers,
                   jsonb_agg(jsonb_build_object('i', a.i, 'act', a.act_id, 'before', jsonb_build_object('open', CAST(a.open AS text)),
                                                'after', jsonb_build_object('open', CAST(a.open - a.settled AS text)),
                                                'result', a.result)) FILTER (WHERE a.i IS NOT NULL) AS done
              FROM decided d LEFT JOIN answer a ON a.i = d.i) a
     CROSS JOIN (SELECT array_agg(book) AS books, array_agg(debit) AS debits, array_agg(debit_dimension) AS debit_dimensions,
                        array_agg(credit) AS credits, array_agg(subject) AS subjects, array_agg(moved) AS amounts,
                        array_agg(business) AS businesses, array_agg(moved_on) AS postings, array_agg(payment_id) AS sources,
                        array_agg(act_id) AS acts FROM movement) m;
    IF v.done IS NOT NULL THEN
        PERFORM ledger_post_many(p_district, CAST(2 AS smallint), p_now, v.books, v.debits, v.debit_dimensions,
            v.credits, v.subjects, v.amounts, v.businesses, v.postings, v.sources,
            v.acts);
        PERFORM access_hot_record(p_district, p_items, v.done, p_now);
    END IF;
    RETURN v.answers;
END $$;

CREATE OR REPLACE FUNCTION receivable_pay(p_district bigint, p_items jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    v_now   timestamptz;
    v_out   jsonb;
    v_items jsonb := p_items;
    v_turns integer;
BEGIN
    PERFORM set_config('estateledger.now', COALESCE(p_items -> 0 ->> 'now', ''), true);
    v_now := access_now();
    SELECT jsonb_agg(jsonb_build_object('i', b.i, 'outcome', b.outcome, 'act', b.act_id, 'code', b.code, 'result', b.result))
      INTO v_out FROM access_hot_begin(p_district, p_items) b WHERE b.outcome IS NOT NULL;
    IF v_out IS NULL THEN
        v_out := '[]';
    ELSE
        v_items := (SELECT jsonb_agg(x) FROM jsonb_array_elements(p_items) x
                     WHERE NOT EXISTS (SELECT 1 FROM jsonb_array_elements(v_out) o WHERE o -> 'i' = x -> 'i'));
        IF v_items IS NULL THEN
            RETURN v_out;
        END IF;
    END IF;
    PERFORM receivable_pay_lock(p_district, v_items);
    SELECT max(n) INTO v_turns
      FROM (SELECT count(*) AS n FROM jsonb_array_elements(v_items) x GROUP BY x -> 'request' -> 'book', x -> 'request' -> 'subject') t;
    FOR v_turn IN 1 .. v_turns LOOP
        v_out := v_out || receivable_pay_turn(p_district, v_items, v_turn, v_now);
    END LOOP;
    RETURN v_out;
END $$;
