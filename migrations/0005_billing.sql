-- +goose Up
-- What is owed, and the run that publishes it.

CREATE SEQUENCE billing_id_seq AS bigint START 1;

-- Effective-dated: the rate of a day is the row with the latest valid_from on
-- or before it, the highest version among equals.
CREATE TABLE fee_rate (
    district_id bigint NOT NULL,
    rate_id     bigint NOT NULL DEFAULT nextval('billing_id_seq'),
    estate_id   bigint NOT NULL,
    item_id     smallint NOT NULL,
    use         text NOT NULL CHECK (use IN ('residential','shop','garage','other')),
    valid_from  date NOT NULL,
    version     smallint NOT NULL DEFAULT 1,
    rate        numeric(8,4) NOT NULL CHECK (rate >= 0),     -- yuan per m² and month, VAT inside
    vat_rate    numeric(6,4) NOT NULL CHECK (vat_rate >= 0 AND vat_rate < 1),
    rounding    text NOT NULL,
    basis       text NOT NULL DEFAULT '',                    -- contract, decision or price paper
    act_id      bigint NOT NULL,
    PRIMARY KEY (district_id, rate_id),
    CONSTRAINT fee_rate_start UNIQUE (district_id, estate_id, item_id, use, valid_from, version)
);
ALTER TABLE fee_rate ADD FOREIGN KEY (district_id, estate_id) REFERENCES estate (district_id, estate_id);

-- A draft is parameters and exceptions, never rows; publish recomputes and
-- compares with the preview's count, total and hash.
CREATE TABLE bill_run (
    district_id   bigint NOT NULL,
    run_id        bigint NOT NULL DEFAULT nextval('billing_id_seq'),
    estate_id     bigint NOT NULL,
    book_id       bigint NOT NULL,
    month         date NOT NULL CHECK (extract(day FROM month) = 1),
    state         text NOT NULL CHECK (state IN ('draft','published','withdrawn','discarded')),
    due_date      date NOT NULL,
    preview_count integer NOT NULL,
    preview_total numeric(16,2) NOT NULL,
    preview_hash  bytea NOT NULL,
    drafted_act   bigint NOT NULL,
    published_act bigint,
    published_on  date,
    count         integer,
    total         numeric(16,2),
    withdrawn_act bigint,
    PRIMARY KEY (district_id, run_id)
);
CREATE INDEX bill_run_estate ON bill_run (district_id, estate_id, month);
CREATE UNIQUE INDEX bill_run_one_draft ON bill_run (district_id, estate_id, month) WHERE state = 'draft';
ALTER TABLE bill_run ADD FOREIGN KEY (district_id, estate_id) REFERENCES estate (district_id, estate_id);

CREATE TABLE bill_run_exclusion (
    district_id bigint NOT NULL,
    run_id      bigint NOT NULL,
    unit_id     bigint NOT NULL,
    reason      text NOT NULL CHECK (reason <> ''),
    PRIMARY KEY (district_id, run_id, unit_id)
);
ALTER TABLE bill_run_exclusion ADD FOREIGN KEY (district_id, run_id) REFERENCES bill_run (district_id, run_id);
