-- The SQL twins of package money; a property test holds them equal to Go.

-- One CASE in plain SQL, and not STRICT, so that the planner puts it in place of
-- the call: it runs once per row of a bill run. An unknown rule must not become
-- NULL, which sum() would skip: the cast in ELSE fails and names the rule.
CREATE OR REPLACE FUNCTION money_round(p_amount numeric, p_rule text) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE p_rule
        WHEN 'FEN_HALF_UP'  THEN round(p_amount, 2)
        WHEN 'FEN_UP'       THEN round(sign(p_amount) * ceil(abs(p_amount) * 100) / 100, 2)
        WHEN 'FEN_DOWN'     THEN trunc(p_amount, 2)
        WHEN 'JIAO_HALF_UP' THEN round(p_amount, 1)
        WHEN 'JIAO_UP'      THEN round(sign(p_amount) * ceil(abs(p_amount) * 10) / 10, 1)
        WHEN 'JIAO_DOWN'    THEN trunc(p_amount, 1)
        WHEN 'YUAN_HALF_UP' THEN round(p_amount, 0)
        WHEN 'YUAN_UP'      THEN sign(p_amount) * ceil(abs(p_amount))
        WHEN 'YUAN_DOWN'    THEN trunc(p_amount, 0)
        ELSE CAST('unknown rounding rule ' || coalesce(p_rule, 'NULL') AS numeric)
    END
$$;

-- Largest remainder over fen, ties in the order given; a negative total is split
-- like its absolute value. What Go refuses is refused here, with the same reason.
CREATE OR REPLACE FUNCTION money_split(p_total numeric, p_weights numeric[]) RETURNS numeric[]
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    v_fen   numeric := abs(p_total) * 100;
    v_sum   numeric;
    v_least numeric;
    v_none  boolean;
    v_parts numeric[];
BEGIN
    SELECT sum(weight), min(weight), bool_or(weight IS NULL)
      INTO v_sum, v_least, v_none
      FROM unnest(p_weights) AS t(weight);
    IF p_total IS NULL OR v_fen <> trunc(v_fen) THEN
        RAISE EXCEPTION 'money_split: total % is not rounded to fen', p_total USING ERRCODE = 'invalid_parameter_value';
    ELSIF v_none OR v_least < 0 THEN
        RAISE EXCEPTION 'money_split: money.negative_weight: %', p_weights USING ERRCODE = 'invalid_parameter_value';
    ELSIF coalesce(v_sum, 0) = 0 THEN
        RAISE EXCEPTION 'money_split: money.no_weight: %', p_weights USING ERRCODE = 'invalid_parameter_value';
    END IF;
    WITH cut AS (
        SELECT n, div(v_fen * weight, v_sum) AS part, mod(v_fen * weight, v_sum) AS remainder
          FROM unnest(p_weights) WITH ORDINALITY AS t(weight, n)
    ), ranked AS (
        SELECT n, part, row_number() OVER (ORDER BY remainder DESC, n) AS place, v_fen - sum(part) OVER () AS left_over
          FROM cut
    )
    SELECT array_agg(round(sign(p_total) * (part + CASE WHEN place <= left_over THEN 1 ELSE 0 END) / 100, 2) ORDER BY n)
      INTO v_parts
      FROM ranked;
    RETURN v_parts;
END
$$;
