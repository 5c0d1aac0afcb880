-- +goose Up
-- Who owes what, once for all subjects and books.

CREATE SEQUENCE charge_id_seq AS bigint START 1 CACHE 100;
CREATE SEQUENCE payment_id_seq AS bigint START 1;
CREATE SEQUENCE allocation_id_seq AS bigint START 1 CACHE 20;
CREATE SEQUENCE receivable_id_seq AS bigint START 1;

CREATE TABLE charge_item (
    item_id     smallint PRIMARY KEY,
    code        text NOT NULL UNIQUE,
    name        text NOT NULL,
    pay_rank    smallint NOT NULL          -- among charges due on one day: smaller is paid first (Civil Code 560, 561)
);
INSERT INTO charge_item (item_id, code, name, pay_rank) VALUES
    (1, 'SERVICE_FEE', '物业费', 20),
    (2, 'OPENING_UNDATED', '接管前旧欠(无账期)', 5),
    (3, 'LATE_PENALTY', '违约金', 1),
    (4, 'SERVICE_FEE_ADJUSTMENT', '物业费调整', 21);

-- Unique on (district, subject, item, segment start) over live rows: nobody is
-- billed twice, by a key and not by a check. A withdrawn or reversed charge
-- keeps its row and leaves the index.
CREATE TABLE charge (
    district_id    bigint NOT NULL,
    charge_id      bigint NOT NULL DEFAULT nextval('charge_id_seq'),
    book_id        bigint NOT NULL,
    subject_id     bigint NOT NULL,        -- unit or contract
    debtor_id      bigint NOT NULL,        -- the title (ownership) that owes it; 0 = not registered
    run_id         bigint NOT NULL,        -- 0 = by hand or opening
    act_id         bigint NOT NULL,
    corrects_id    bigint,
    segment_start  date NOT NULL,
    segment_end    date NOT NULL,
    due_date       date NOT NULL,
    posting_date   date NOT NULL,          -- later of publication and the segment's first day
    item_id        smallint NOT NULL,
    state          smallint NOT NULL DEFAULT 1 CHECK (state IN (1,2,3)),   -- live, withdrawn, reversed
    days           smallint NOT NULL,
    month_days     smallint NOT NULL,
    quantity       numeric(12,2) NOT NULL, -- m² or pieces
    unit_price     numeric(12,4) NOT NULL, -- yuan per quantity and month, VAT inside
    tax_rate       numeric(6,4) NOT NULL,
    amount         numeric(14,2) NOT NULL,
    tax_amount     numeric(14,2) NOT NULL,
    settled        numeric(14,2) NOT NULL DEFAULT 0,
    rounding       text NOT NULL DEFAULT 'FEN_HALF_UP',
    PRIMARY KEY (district_id, charge_id),
    CONSTRAINT charge_settled CHECK (settled BETWEEN LEAST(0, amount) AND GREATEST(0, amount)),
    CONSTRAINT charge_segment CHECK (segment_end >= segment_start),
    CONSTRAINT charge_tax CHECK (abs(tax_amount) <= abs(amount))
) WITH (fillfactor = 90);
CREATE UNIQUE INDEX charge_once ON charge (district_id, subject_id, item_id, segment_start) WHERE state = 1;
CREATE INDEX charge_open ON charge (district_id, book_id, subject_id) WHERE state = 1 AND settled <> amount;
CREATE INDEX charge_run ON charge (district_id, book_id, run_id);

-- A cash desk, or a channel that is a counter of its own.
CREATE TABLE counter (
    district_id         bigint NOT NULL,
    counter_id          bigint NOT NULL DEFAULT nextval('receivable_id_seq'),
    legal_owner_id      bigint NOT NULL,   -- owner of the cash account
    book_id             bigint NOT NULL,
    code                text NOT NULL,     -- stands in the receipt number
    name                text NOT NULL,
    cash_account_id     bigint NOT NULL,   -- bank_account ids (dimensions)
    bank_account_id     bigint NOT NULL,
    clearing_account_id bigint NOT NULL,
    closed_on           date,
    PRIMARY KEY (district_id, counter_id),
    CONSTRAINT counter_code UNIQUE (district_id, book_id, code)
);
ALTER TABLE counter ADD FOREIGN KEY (district_id, book_id) REFERENCES book (district_id, book_id);

CREATE TABLE receipt_series (
    district_id bigint NOT NULL,
    series_id   bigint NOT NULL DEFAULT nextval('receivable_id_seq'),
    counter_id  bigint NOT NULL,
    year        smallint NOT NULL,
    prefix      text NOT NULL,             -- AH-01-2026
    last_number integer NOT NULL DEFAULT 0,
    PRIMARY KEY (district_id, series_id),
    CONSTRAINT receipt_series_counter UNIQUE (district_id, counter_id, year)
) WITH (fillfactor = 50);
ALTER TABLE receipt_series ADD FOREIGN KEY (district_id, counter_id) REFERENCES counter (district_id, counter_id);

CREATE TABLE payment (
    district_id   bigint NOT NULL,
    payment_id    bigint NOT NULL DEFAULT nextval('payment_id_seq'),
    book_id       bigint NOT NULL,
    subject_id    bigint NOT NULL,
    counter_id    bigint NOT NULL,
    act_id        bigint NOT NULL,
    channel       text NOT NULL CHECK (channel IN ('cash','wechat','alipay','pos','transfer')),
    business_date date NOT NULL,
    posting_date  date NOT NULL,
    amount        numeric(14,2) NOT NULL CHECK (amount > 0),
    prepaid       numeric(14,2) NOT NULL CHECK (prepaid >= 0),   -- part that settled nothing yet
    payer         text NOT NULL DEFAULT '',
    note          text NOT NULL DEFAULT '',
    user_id       bigint NOT NULL,
    PRIMARY KEY (district_id, payment_id)
);
CREATE INDEX payment_subject ON payment (district_id, subject_id, payment_id);
CREATE INDEX payment_book_date ON payment (district_id, book_id, business_date);

CREATE TABLE payment_reversal (
    district_id   bigint NOT NULL,
    payment_id    bigint NOT NULL,
    business_date date NOT NULL,
    posting_date  date NOT NULL,
    reason        text NOT NULL CHECK (reason <> ''),
    user_id       bigint NOT NULL,
    act_id        bigint NOT NULL,
    PRIMARY KEY (district_id, payment_id)
);
ALTER TABLE payment_reversal ADD FOREIGN KEY (district_id, payment_id) REFERENCES payment (district_id, payment_id);

-- What settled what. Taking back repeats the row with a negative amount.
CREATE TABLE allocation (
    district_id   bigint NOT NULL,
    allocation_id bigint NOT NULL DEFAULT nextval('allocation_id_seq'),
    charge_id     bigint NOT NULL,
    payment_id    bigint NOT NULL,         -- 0 = from prepayment
    reverses_id   bigint,
    act_id        bigint NOT NULL,
    business_date date NOT NULL,
    amount        numeric(14,2) NOT NULL CHECK (amount <> 0),
    PRIMARY KEY (district_id, allocation_id)
);
CREATE INDEX allocation_charge ON allocation (district_id, charge_id);
CREATE INDEX allocation_payment ON allocation (district_id, payment_id) WHERE payment_id <> 0;
CREATE UNIQUE INDEX allocation_reversed_once ON allocation (district_id, reverses_id) WHERE reverses_id IS NOT NULL;

CREATE TABLE receipt (
    district_id bigint NOT NULL,
    series_id   bigint NOT NULL,
    number      integer NOT NULL,
    payment_id  bigint NOT NULL,
    amount      numeric(14,2) NOT NULL,
    issued_on   date NOT NULL,
    PRIMARY KEY (district_id, series_id, number),
    CONSTRAINT receipt_payment UNIQUE (district_id, payment_id, series_id)
);

-- Second belt behind the grants: documents and their links stay as written.
CREATE TRIGGER payment_immutable BEFORE UPDATE OR DELETE ON payment FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER payment_reversal_immutable BEFORE UPDATE OR DELETE ON payment_reversal FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER allocation_immutable BEFORE UPDATE OR DELETE ON allocation FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER receipt_immutable BEFORE UPDATE OR DELETE ON receipt FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change();
