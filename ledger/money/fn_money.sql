-- The SQL twins of package money; a property test holds them equal.

-- Plain SQL so that the planner inlines it: it runs once per row of a bill run.
CREATE OR REPLACE FUNCTION money_round(p_amount numeric, p_rule text) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE
        WHEN p_rule = 'FEN_HALF_UP'  THEN round(p_amount, 2)
        WHEN p_rule = 'FEN_UP'       THEN sign(p_amount) * ceil(abs(p_amount) * 100) / 100
        WHEN p_rule = 'FEN_DOWN'     THEN trunc(p_amount, 2)
        WHEN p_rule = 'JIAO_HALF_UP' THEN round(p_amount, 1)
        WHEN p_rule = 'JIAO_UP'      THEN sign(p_amount) * ceil(abs(p_amount) * 10) / 10
        WHEN p_rule = 'JIAO_DOWN'    THEN trunc(p_amount, 1)
        WHEN p_rule = 'YUAN_HALF_UP' THEN round(p_amount, 0)
        WHEN p_rule = 'YUAN_UP'      THEN sign(p_amount) * ceil(abs(p_amount))
        WHEN p_rule = 'YUAN_DOWN'    THEN trunc(p_amount, 0)
    END
$$;

-- Largest remainder over fen, ties in the order given.
CREATE OR REPLACE FUNCTION money_split(p_total numeric, p_weights numeric[]) RETURNS numeric[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    WITH w AS (
        SELECT n, weight, sum(weight) OVER () AS total_weight, abs(p_total) * 100 AS fen
          FROM unnest(p_weights) WITH ORDINALITY AS t(weight, n)
    ), cut AS (
        SELECT n, div(fen * weight, total_weight) AS part, mod(fen * weight, total_weight) AS remainder, fen FROM w
    ), ranked AS (
        SELECT n, part, row_number() OVER (ORDER BY remainder DESC, n) AS place, fen - sum(part) OVER () AS left_over FROM cut
    )
    SELECT array_agg(sign(p_total) * (part + CASE WHEN place <= left_over THEN 1 ELSE 0 END) / 100 ORDER BY n) FROM ranked
$$;
