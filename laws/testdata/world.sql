-- The register of a small district, written in an act like everything else.

-- name: root
INSERT INTO scope_node (district_id, node_id, kind, name) VALUES (:district, nextval('scope_node_id_seq'), 'district', :name) RETURNING node_id;

-- name: district
INSERT INTO district (district_id, code, name, node_id) VALUES (:district, :name, :name, :node);

-- name: user
INSERT INTO app_user (login, name) VALUES (:login, :name) RETURNING user_id;

-- name: membership
INSERT INTO membership (district_id, user_id, role, node_id, valid_from) VALUES (:district, :user, :role, :node, DATE '2020-01-01')
RETURNING membership_id;

-- name: sub_district
INSERT INTO sub_district (district_id, name, node_id) VALUES (:district, :name, :node) RETURNING sub_district_id;

-- name: community
INSERT INTO community (district_id, sub_district_id, name, node_id) VALUES (:district, :parent, :name, :node) RETURNING community_id;

-- name: company
INSERT INTO property_company (district_id, name, node_id) VALUES (:district, :name, :node) RETURNING company_id;

-- name: estate
INSERT INTO estate (district_id, community_id, name, node_id, act_id) VALUES (:district, :parent, :name, :node, :act) RETURNING estate_id;

-- name: building
INSERT INTO building (district_id, estate_id, name) VALUES (:district, :parent, '1') RETURNING building_id;

-- name: stair
INSERT INTO stair (district_id, building_id, name) VALUES (:district, :parent, '1') RETURNING stair_id;

-- name: unit
INSERT INTO unit (district_id, estate_id, stair_id, room, code, use, tenure, act_id)
VALUES (:district, :estate, :stair, :room, '1-1-' || :room, 'residential', 'commodity', :act) RETURNING unit_id;

-- name: unit_area
INSERT INTO unit_area (district_id, unit_id, valid_from, area, source, act_id)
VALUES (:district, :unit, DATE '2020-01-01', :area, 'registry', :act);

-- name: person
INSERT INTO person (district_id, name, phone, document_hash, act_id)
VALUES (:district, :name, '13900000000', convert_to(:name, 'UTF8'), :act) RETURNING person_id;

-- name: ownership
INSERT INTO ownership (district_id, unit_id, valid_from, bill_from, act_id)
VALUES (:district, :unit, DATE '2020-01-01', DATE '2020-01-01', :act) RETURNING ownership_id;

-- name: share
INSERT INTO ownership_share (district_id, ownership_id, person_id, numerator, denominator)
VALUES (:district, :ownership, :person, :numerator, :denominator);

-- name: occupant
INSERT INTO occupant (district_id, unit_id, person_id, valid_from, act_id)
VALUES (:district, :unit, :person, DATE '2020-01-01', :act) RETURNING occupant_id;

-- name: takeover
INSERT INTO takeover (district_id, estate_id, company_id, entry_date, cut_over_date, act_id)
VALUES (:district, :estate, :company, DATE '2026-01-01', DATE '2026-01-01', :act) RETURNING takeover_id;

-- name: takeover_item
INSERT INTO takeover_item (district_id, takeover_id, item, noted_on, status, act_id)
VALUES (:district, :takeover, 'keys', DATE '2026-01-01', 'missing', :act);

-- name: contract
INSERT INTO service_contract (district_id, estate_id, company_id, valid_from, valid_to, fee_start_rule, fee_start, act_id)
VALUES (:district, :estate, :company, DATE '2026-01-01', DATE '2028-12-31', 'DAILY', DATE '2026-01-01', :act) RETURNING contract_id;

-- name: rate
INSERT INTO fee_rate (district_id, estate_id, item_id, use, valid_from, rate, vat_rate, rounding, act_id)
VALUES (:district, :estate, 1, 'residential', DATE '2026-01-01', 0.5, 0.06, 'FEN_HALF_UP', :act) RETURNING rate_id;

-- name: run
INSERT INTO bill_run (district_id, estate_id, book_id, month, state, due_date, preview_count, preview_total, preview_hash, drafted_act)
VALUES (:district, :estate, :book, :month, 'draft', :month, 0, 0, '', :act) RETURNING run_id;

-- name: publish_run
UPDATE bill_run SET state = 'published', published_act = :act, published_on = :today, count = :count, total = :total
 WHERE district_id = :district AND run_id = :run;

-- name: withdraw_run
UPDATE bill_run SET state = 'withdrawn', withdrawn_act = :act WHERE district_id = :district AND run_id = :run;

-- name: segments
-- What a month's run bills: half a yuan per m², VAT of 6 % inside.
SELECT u.unit_id AS subject_id, o.ownership_id AS debtor_id, CAST(1 AS smallint) AS item_id, CAST(:month AS date) AS segment_start,
       CAST(CAST(:month AS date) + INTERVAL '1 month' AS date) - 1 AS segment_end, CAST(CAST(:month AS date) + INTERVAL '1 month' AS date) - 1 AS due_date,
       GREATEST(CAST(:today AS date), CAST(:month AS date)) AS posting_date, 30 AS days, 30 AS month_days, a.area AS quantity,
       CAST(0.5 AS numeric) AS unit_price, CAST(0.06 AS numeric) AS tax_rate, 'FEN_HALF_UP' AS rounding, round(a.area * 0.5, 2) AS amount,
       round(a.area * 0.5, 2) - round(round(a.area * 0.5, 2) / 1.06, 2) AS tax_amount
  FROM unit u
  JOIN unit_area a ON a.district_id = u.district_id AND a.unit_id = u.unit_id
  JOIN ownership o ON o.district_id = u.district_id AND o.unit_id = u.unit_id
 WHERE u.district_id = :district AND u.estate_id = :estate
   AND NOT EXISTS (SELECT 1 FROM charge c WHERE c.district_id = u.district_id AND c.subject_id = u.unit_id AND c.item_id = 1
                                            AND c.segment_start = :month AND c.state = 1);

-- name: charges_of_unit
SELECT charge_id FROM charge WHERE district_id = :district AND subject_id = :unit AND state = 1 ORDER BY segment_start;

-- name: exclusion
INSERT INTO bill_run_exclusion (district_id, run_id, unit_id, reason) VALUES (:district, :run, :unit, '空置');

-- name: import_file
INSERT INTO import_file (district_id, kind, name, sha256, content, user_id)
VALUES (:district, 'units', 'a.xlsx', '', '', :user) RETURNING file_id;

-- name: progress
INSERT INTO progress (district_id, user_id, kind, title) VALUES (:district, :user, 'import', '导入') RETURNING progress_id;

-- name: entry_of_act
SELECT min(entry_id) FROM entry WHERE district_id = :district AND act_id = :act;

-- name: act_of_payment
SELECT act_id FROM payment WHERE district_id = :district AND payment_id = :payment;

-- name: as_json
-- A query's rows, whatever their columns.
SELECT CAST(row_to_json(answer) AS text) FROM ({{source}}) answer;
