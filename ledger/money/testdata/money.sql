-- name: round
SELECT money_round(CAST(:amount AS numeric), :rule)

-- name: split
SELECT part FROM unnest(money_split(CAST(:total AS numeric), CAST(:weights AS numeric[]))) WITH ORDINALITY AS t(part, n) ORDER BY n

-- name: plan_with_a_rule_per_row
EXPLAIN (VERBOSE, COSTS OFF)
SELECT sum(money_round(area * rate, rule))
  FROM (SELECT CAST(n AS numeric) AS area, CAST(n AS numeric) AS rate, CAST(n AS text) AS rule FROM generate_series(1, 10) AS n OFFSET 0) AS bill

-- name: plan_with_one_rule
EXPLAIN (VERBOSE, COSTS OFF)
SELECT sum(money_round(area * rate, 'FEN_HALF_UP'))
  FROM (SELECT CAST(n AS numeric) AS area, CAST(n AS numeric) AS rate FROM generate_series(1, 10) AS n OFFSET 0) AS bill

-- name: plan_of_a_prorated_bill
EXPLAIN (VERBOSE, COSTS OFF)
SELECT sum(money_round(area * rate * days / month_days, rule))
  FROM (SELECT CAST(n AS numeric) AS area, CAST(n AS numeric) AS rate, CAST(n AS text) AS rule, n AS days, n AS month_days
          FROM generate_series(1, 10) AS n OFFSET 0) AS bill
