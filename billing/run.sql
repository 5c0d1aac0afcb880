-- name: run_segments
-- What the run bills, in the columns that receivable publishes. An accrual posts
-- on the later of publication and the segment's first day.
SELECT k.unit_id AS subject_id, k.ownership_id AS debtor_id, CAST(:item AS smallint) AS item_id, k.segment_start, k.segment_end, k.due_date,
       GREATEST(CAST(:published_on AS date), k.segment_start) AS posting_date, k.days, k.month_days,
       k.area AS quantity, k.rate AS unit_price, k.vat_rate AS tax_rate, k.rounding, k.amount,
       k.amount - round(k.amount / (1 + k.vat_rate), 2) AS tax_amount
  FROM billing_candidates(CAST(:district AS bigint), CAST(:estate AS bigint), CAST(:book AS bigint), CAST(:month AS date),
                          CAST(:item AS smallint), CAST(:run AS bigint)) k
 WHERE k.registered AND NOT k.excluded AND k.billed_start IS NULL;

-- name: run_figures
-- Count, total and hash of what a run would bill, to be compared with what
-- publishing wrote: the hash is receivable's, over the same columns.
SELECT count(*) AS count, COALESCE(sum(s.amount), 0) AS total, max(s.due_date) AS due_date,
       COALESCE(sha256(convert_to(string_agg(concat_ws('|', s.subject_id, s.item_id, s.segment_start, s.segment_end, s.amount), ';'
                ORDER BY s.subject_id, s.item_id, s.segment_start), 'UTF8')), '') AS hash
  FROM ({{source}}) s;

-- name: new_run_id
SELECT nextval('billing_id_seq');

-- name: due_date
SELECT max(f.due_date) FROM billing_frame(:district, :estate, :book, :month) f;

-- name: open_draft
SELECT COALESCE(max(run_id), 0) FROM bill_run WHERE district_id = :district AND estate_id = :estate AND month = :month AND state = 'draft';

-- name: run
SELECT r.run_id, r.estate_id, e.node_id, r.book_id, r.month, r.state, r.due_date, r.preview_count, r.preview_total, r.preview_hash,
       r.published_on, COALESCE(r.count, 0) AS count, COALESCE(r.total, 0) AS total
  FROM bill_run r JOIN estate e ON e.district_id = r.district_id AND e.estate_id = r.estate_id
 WHERE r.district_id = :district AND r.run_id = :run;

-- name: insert_draft
INSERT INTO bill_run (district_id, run_id, estate_id, book_id, month, state, due_date, preview_count, preview_total, preview_hash, drafted_act)
VALUES (:district, :run, :estate, :book, :month, 'draft', :due_date, :count, :total, :hash, :act);

-- name: insert_published
INSERT INTO bill_run (district_id, run_id, estate_id, book_id, month, state, due_date, preview_count, preview_total, preview_hash,
                      drafted_act, published_act, published_on, count, total)
VALUES (:district, :run, :estate, :book, :month, 'published', :due_date, CAST(:count AS integer), CAST(:total AS numeric), :hash,
        CAST(:act AS bigint), CAST(:act AS bigint), :published_on, CAST(:count AS integer), CAST(:total AS numeric));

-- name: update_preview
UPDATE bill_run SET preview_count = :count, preview_total = :total, preview_hash = :hash
 WHERE district_id = :district AND run_id = :run AND state = 'draft';

-- name: discard_draft
UPDATE bill_run SET state = 'discarded' WHERE district_id = :district AND run_id = :run AND state = 'draft';

-- name: mark_published
UPDATE bill_run SET state = 'published', published_act = :act, published_on = :published_on, count = :count, total = :total
 WHERE district_id = :district AND run_id = :run AND state = 'draft';

-- name: mark_withdrawn
UPDATE bill_run SET state = 'withdrawn', withdrawn_act = :act WHERE district_id = :district AND run_id = :run AND state = 'published';

-- name: carry_exclusions
-- A draft made again keeps the units its clerk had left out, with the reasons.
INSERT INTO bill_run_exclusion (district_id, run_id, unit_id, reason)
SELECT x.district_id, CAST(:run AS bigint), x.unit_id, x.reason FROM bill_run_exclusion x
 WHERE x.district_id = :district AND x.run_id = CAST(:earlier AS bigint);

-- name: unit_in_estate
SELECT EXISTS (SELECT 1 FROM unit WHERE district_id = :district AND unit_id = :unit AND estate_id = :estate);

-- name: exclude
INSERT INTO bill_run_exclusion (district_id, run_id, unit_id, reason) VALUES (:district, :run, :unit, :reason)
ON CONFLICT (district_id, run_id, unit_id) DO UPDATE SET reason = EXCLUDED.reason;

-- name: include
DELETE FROM bill_run_exclusion WHERE district_id = :district AND run_id = :run AND unit_id = :unit;
