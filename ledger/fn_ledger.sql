-- Posting inside the database: what a hot act and a set share with Go.

-- One key per book, not per month: closing a month also settles that nothing
-- comes into an earlier one that has no entries yet (docs/decisions/0002).
CREATE OR REPLACE FUNCTION ledger_period_key(p_district bigint, p_book bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT hashtextextended(CAST(p_district AS text) || ':period:' || CAST(p_book AS text), 0)
$$;

-- The last closed month of a book, NULL when none is. Months close in order, so
-- a month is open exactly when it is later than this one. plpgsql, because a
-- session then keeps the plan.
CREATE OR REPLACE FUNCTION ledger_closed_through(p_district bigint, p_book bigint) RETURNS date
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (
        SELECT max(last.month) FROM (
            SELECT DISTINCT ON (month) month, closed FROM period_event
             WHERE district_id = p_district AND book_id = p_book ORDER BY month, event_no DESC) last
         WHERE last.closed);
END $$;

-- Takes the shared lock of the book's periods and says whether the month a date
-- falls in is open. Closing takes the exclusive one, so between this and the commit no
-- close can come in between; row locks would let the close starve.
CREATE OR REPLACE FUNCTION ledger_hold_period(p_district bigint, p_book bigint, p_date date) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
    v_month date := CAST(date_trunc('month', p_date) AS date);
BEGIN
    PERFORM pg_advisory_xact_lock_shared(ledger_period_key(p_district, p_book));
    RETURN v_month > COALESCE(ledger_closed_through(p_district, p_book), DATE '0001-01-01');
END $$;

-- The posting date of a business date: the date itself while its month is open,
-- else the later of today and the first day of the first open month.
CREATE OR REPLACE FUNCTION ledger_posting_date(p_district bigint, p_book bigint, p_business date, p_today date) RETURNS date
LANGUAGE plpgsql AS $$
DECLARE
    v_date date := p_business;
BEGIN
    LOOP
        IF ledger_hold_period(p_district, p_book, v_date) THEN
            RETURN v_date;
        END IF;
        v_date := GREATEST(p_today,
            CAST(ledger_closed_through(p_district, p_book) + INTERVAL '1 month' AS date));
    END LOOP;
END $$;

-- Adds to a holding (a credit balance that is a condition). A decrease needs
-- the row; below zero the check constraint refuses.
CREATE OR REPLACE FUNCTION ledger_hold(p_district bigint, p_account bigint, p_dimension bigint, p_delta numeric) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    IF p_delta > 0 THEN
        INSERT INTO holding AS h (district_id, account_id, dimension_id, balance)
        VALUES (p_district, p_account, p_dimension, p_delta)
        ON CONFLICT (district_id, account_id, dimension_id) DO UPDATE SET balance = h.balance + EXCLUDED.balance;
    ELSIF p_delta < 0 THEN
        UPDATE holding SET balance = balance + p_delta
         WHERE district_id = p_district AND account_id = p_account AND dimension_id = p_dimension;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'no holding of account % dimension %', p_account, p_dimension USING ERRCODE = 'check_violation';
        END IF;
    END IF;
END $$;

-- Posts one movement and moves the holdings it touches. The caller holds the
-- period of p_posting.
CREATE OR REPLACE FUNCTION ledger_post(p_district bigint, p_book bigint,
    p_debit bigint, p_debit_dimension bigint, p_credit bigint, p_credit_dimension bigint, p_amount numeric,
    p_business date, p_posting date, p_source_kind smallint, p_source bigint, p_act bigint, p_recorded timestamptz)
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    v_entry bigint;
    v_held record;
BEGIN
    INSERT INTO entry (district_id, book_id, debit_account_id, credit_account_id, debit_dimension, credit_dimension,
                       source_id, act_id, recorded_at, business_date, posting_date, source_kind, amount)
    VALUES (p_district, p_book, p_debit, p_credit, p_debit_dimension, p_credit_dimension,
            p_source, p_act, p_recorded, p_business, p_posting, p_source_kind, p_amount)
    RETURNING entry_id INTO v_entry;
    FOR v_held IN SELECT account_id FROM account
                   WHERE district_id = p_district AND account_id IN (p_debit, p_credit) AND holding LOOP
        IF v_held.account_id = p_credit THEN
            PERFORM ledger_hold(p_district, p_credit, p_credit_dimension, p_amount);
        ELSE
            PERFORM ledger_hold(p_district, p_debit, p_debit_dimension, -p_amount);
        END IF;
    END LOOP;
    RETURN v_entry;
END $$;

-- Posts movements of several acts at once, one per place in the arrays, and
-- moves the holdings they touch, in the order of their keys. The caller holds
-- the periods of p_postings and the holdings that go down.
CREATE OR REPLACE FUNCTION ledger_post_many(p_district bigint, p_source_kind smallint, p_recorded timestamptz,
    p_books bigint[], p_debits bigint[], p_debit_dimensions bigint[], p_credits bigint[], p_credit_dimensions bigint[],
    p_amounts numeric[], p_businesses date[], p_postings date[], p_sources bigint[], p_acts bigint[]) RETURNS void
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $$
DECLARE
    v_held record;
BEGIN
    INSERT INTO entry (district_id, book_id, debit_account_id, credit_account_id, debit_dimension, credit_dimension,
                       source_id, act_id, recorded_at, business_date, posting_date, source_kind, amount)
    SELECT p_district, m.book, m.debit, m.credit, m.debit_dimension, m.credit_dimension, m.source, m.act, p_recorded, m.business,
           m.posting, p_source_kind, m.amount
      FROM unnest(p_books, p_debits, p_debit_dimensions, p_credits, p_credit_dimensions, p_amounts, p_businesses, p_postings,
                  p_sources, p_acts)
           AS m(book, debit, debit_dimension, credit, credit_dimension, amount, business, posting, source, act);
    FOR v_held IN
        SELECT side.account, side.dimension, sum(side.delta) AS delta
          FROM (SELECT account_id FROM account
                 WHERE district_id = p_district AND account_id = ANY (p_debits || p_credits) AND holding) a
          JOIN (SELECT m.credit, m.credit_dimension, m.amount FROM unnest(p_credits, p_credit_dimensions, p_amounts)
                       AS m(credit, credit_dimension, amount)
                UNION ALL
                SELECT m.debit, m.debit_dimension, -m.amount FROM unnest(p_debits, p_debit_dimensions, p_amounts)
                       AS m(debit, debit_dimension, amount)) AS side(account, dimension, delta) ON side.account = a.account_id
         GROUP BY side.account, side.dimension HAVING sum(side.delta) <> 0
         ORDER BY side.account, side.dimension
    LOOP
        PERFORM ledger_hold(p_district, v_held.account, v_held.dimension, v_held.delta);
    END LOOP;
END $$;

-- Moves the holdings for the entries of one kind that an act posted into some
-- months of a book.
CREATE OR REPLACE FUNCTION ledger_hold_act(p_district bigint, p_book bigint, p_from date, p_to date, p_act bigint, p_source_kind smallint)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    v record;
BEGIN
    FOR v IN
        SELECT side.account_id, side.dimension_id, sum(side.delta) AS delta
          FROM entry e
         CROSS JOIN LATERAL (VALUES (e.credit_account_id, e.credit_dimension, e.amount), (e.debit_account_id, e.debit_dimension, -e.amount))
               AS side(account_id, dimension_id, delta)
          JOIN account a ON a.district_id = p_district AND a.account_id = side.account_id AND a.holding
         WHERE e.district_id = p_district AND e.book_id = p_book AND e.posting_date BETWEEN p_from AND p_to
           AND e.act_id = p_act AND e.source_kind = p_source_kind
         GROUP BY side.account_id, side.dimension_id HAVING sum(side.delta) <> 0
         ORDER BY side.account_id, side.dimension_id
    LOOP
        PERFORM ledger_hold(p_district, v.account_id, v.dimension_id, v.delta);
    END LOOP;
END $$;

-- Reverses entries one to one: same sides, negative amount, linked. The posting
-- date is that of an open month, and never before the reversed entry's own.
-- Answers how many were reversed; an entry that is a reversal, or is reversed
-- already, is refused by an exception.
CREATE OR REPLACE FUNCTION ledger_reverse(p_district bigint, p_book bigint, p_entries bigint[], p_business date, p_today date,
    p_source_kind smallint, p_source bigint, p_act bigint, p_recorded timestamptz)
RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    v_posting date := ledger_posting_date(p_district, p_book, p_business, p_today);
    v_held    record;
    v_count   integer;
BEGIN
    WITH reversal AS (
        INSERT INTO entry (district_id, book_id, debit_account_id, credit_account_id, debit_dimension, credit_dimension,
                           source_id, act_id, reversed_entry_id, recorded_at, business_date, posting_date, source_kind, amount)
        SELECT e.district_id, e.book_id, e.debit_account_id, e.credit_account_id, e.debit_dimension, e.credit_dimension,
               p_source, p_act, e.entry_id, p_recorded, p_business, GREATEST(e.posting_date, v_posting), p_source_kind, -e.amount
          FROM entry e
         WHERE e.district_id = p_district AND e.book_id = p_book AND e.entry_id = ANY (p_entries) AND e.reversed_entry_id IS NULL
         ORDER BY e.entry_id
        RETURNING entry_id, reversed_entry_id)
    INSERT INTO entry_reversal (district_id, reversed_entry_id, reversal_entry_id)
    SELECT p_district, r.reversed_entry_id, r.entry_id FROM reversal r;
    GET DIAGNOSTICS v_count = ROW_COUNT;
    IF v_count <> cardinality(p_entries) THEN
        RAISE EXCEPTION 'only % of % entries can be reversed', v_count, cardinality(p_entries) USING ERRCODE = 'check_violation';
    END IF;
    FOR v_held IN
        SELECT side.account_id, side.dimension_id, sum(side.delta) AS delta
          FROM entry e
         CROSS JOIN LATERAL (VALUES (e.credit_account_id, e.credit_dimension, -e.amount), (e.debit_account_id, e.debit_dimension, e.amount))
               AS side(account_id, dimension_id, delta)
          JOIN account a ON a.district_id = p_district AND a.account_id = side.account_id AND a.holding
         WHERE e.district_id = p_district AND e.entry_id = ANY (p_entries)
         GROUP BY side.account_id, side.dimension_id HAVING sum(side.delta) <> 0
         ORDER BY side.account_id, side.dimension_id
    LOOP
        PERFORM ledger_hold(p_district, v_held.account_id, v_held.dimension_id, v_held.delta);
    END LOOP;
    RETURN v_count;
END $$;

-- Debits and credits per account and dimension from the beginning through a
-- day: turnover of whole months, what is not rolled up yet, and the broken month.
CREATE OR REPLACE FUNCTION ledger_balances(p_district bigint, p_book bigint, p_through date)
RETURNS TABLE (account_id bigint, dimension_id bigint, debit numeric, credit numeric) LANGUAGE sql STABLE AS $$
    WITH tail AS (
        SELECT rolled_xid, first_live_entry FROM ledger_tail WHERE district_id = p_district
    ), raw AS (
        SELECT e.debit_account_id, e.debit_dimension, e.credit_account_id, e.credit_dimension, e.amount
          FROM entry e
         WHERE e.district_id = p_district AND e.book_id = p_book
           AND e.posting_date BETWEEN date_trunc('month', p_through) AND p_through
        UNION ALL
        SELECT e.debit_account_id, e.debit_dimension, e.credit_account_id, e.credit_dimension, e.amount
          FROM entry e
         WHERE e.district_id = p_district AND e.book_id = p_book AND e.posting_date < date_trunc('month', p_through)
           AND e.xid >= (SELECT rolled_xid FROM tail) AND e.entry_id >= (SELECT first_live_entry FROM tail)
    )
    SELECT s.account_id, s.dimension_id, sum(s.debit), sum(s.credit) FROM (
        SELECT t.account_id, t.dimension_id, t.debit, t.credit FROM turnover t
         WHERE t.district_id = p_district AND t.book_id = p_book AND t.month < date_trunc('month', p_through)
        UNION ALL SELECT r.debit_account_id, r.debit_dimension, r.amount, 0 FROM raw r
        UNION ALL SELECT r.credit_account_id, r.credit_dimension, 0, r.amount FROM raw r) s
     GROUP BY s.account_id, s.dimension_id
$$;

-- Numbers and adds to the turnovers the entries of transactions below p_until
-- that are not rolled up yet. Answers how many.
CREATE OR REPLACE FUNCTION ledger_roll_until(p_district bigint, p_until bigint) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    v_tail  ledger_tail%ROWTYPE;
    v_count bigint;
BEGIN
    SELECT * INTO v_tail FROM ledger_tail WHERE district_id = p_district FOR UPDATE;
    IF NOT FOUND OR p_until <= v_tail.rolled_xid THEN
        RETURN 0;
    END IF;
    INSERT INTO entry_sequence (district_id, sequence, entry_id)
    SELECT p_district, v_tail.last_sequence + row_number() OVER (ORDER BY e.xid, e.entry_id), e.entry_id FROM entry e
     WHERE e.district_id = p_district AND e.xid >= v_tail.rolled_xid AND e.xid < p_until AND e.entry_id >= v_tail.first_live_entry;
    GET DIAGNOSTICS v_count = ROW_COUNT;
    INSERT INTO turnover AS t (district_id, account_id, dimension_id, month, book_id, debit, credit)
    SELECT p_district, s.account_id, s.dimension_id, s.month, s.book_id, sum(s.debit), sum(s.credit) FROM (
        SELECT e.debit_account_id AS account_id, e.debit_dimension AS dimension_id, e.book_id,
               CAST(date_trunc('month', e.posting_date) AS date) AS month, e.amount AS debit, 0 AS credit FROM entry e
         WHERE e.district_id = p_district AND e.xid >= v_tail.rolled_xid AND e.xid < p_until AND e.entry_id >= v_tail.first_live_entry
        UNION ALL
        SELECT e.credit_account_id, e.credit_dimension, e.book_id,
               CAST(date_trunc('month', e.posting_date) AS date), 0, e.amount FROM entry e
         WHERE e.district_id = p_district AND e.xid >= v_tail.rolled_xid AND e.xid < p_until AND e.entry_id >= v_tail.first_live_entry) s
     GROUP BY s.account_id, s.dimension_id, s.month, s.book_id
    ON CONFLICT (district_id, account_id, dimension_id, month)
    DO UPDATE SET debit = t.debit + EXCLUDED.debit, credit = t.credit + EXCLUDED.credit;
    UPDATE ledger_tail SET rolled_xid = p_until, last_sequence = v_tail.last_sequence + v_count WHERE district_id = p_district;
    RETURN v_count;
END $$;

-- Rolls up a district: everything of transactions older than the oldest one
-- still running, so that nothing committed later can belong before it.
CREATE OR REPLACE FUNCTION ledger_roll(p_district bigint) RETURNS bigint LANGUAGE sql AS $$
    SELECT ledger_roll_until(p_district, CAST(CAST(pg_snapshot_xmin(pg_current_snapshot()) AS text) AS bigint))
$$;

-- After a restore transaction ids start anew: everything restored is rolled up
-- and numbered first, and from then on only entries with a later id count as new.
CREATE OR REPLACE FUNCTION ledger_after_restore() RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    v_district bigint;
    v_rolled   bigint := 0;
    v_first    bigint;
BEGIN
    SELECT last_value + 1000 INTO v_first FROM entry_id_seq;
    PERFORM setval('entry_id_seq', v_first);
    FOR v_district IN SELECT district_id FROM ledger_tail ORDER BY district_id LOOP
        v_rolled := v_rolled + ledger_roll_until(v_district, 9223372036854775807);
        UPDATE ledger_tail SET rolled_xid = 0, first_live_entry = v_first WHERE district_id = v_district;
    END LOOP;
    RETURN v_rolled;
END $$;
