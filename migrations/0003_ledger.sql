-- +goose Up
-- Legal owner → bank account → book. One row per movement, so that a book
-- balances by construction; nothing posted is ever updated or deleted.

CREATE SEQUENCE ledger_id_seq AS bigint START 1;
CREATE SEQUENCE entry_id_seq AS bigint START 1 CACHE 100;

CREATE TABLE legal_owner (
    district_id    bigint NOT NULL,
    legal_owner_id bigint NOT NULL DEFAULT nextval('ledger_id_seq'),
    kind           text NOT NULL CHECK (kind IN ('company','owners','sub_district')),
    name           text NOT NULL,
    node_id        bigint NOT NULL,       -- company, estate or sub-district
    PRIMARY KEY (district_id, legal_owner_id),
    CONSTRAINT legal_owner_node UNIQUE (district_id, kind, node_id)
);

-- A cash box is a bank account of kind cash. bank_account_id is a subject id:
-- cash movements carry it as their dimension.
CREATE TABLE bank_account (
    district_id     bigint NOT NULL,
    bank_account_id bigint NOT NULL DEFAULT nextval('subject_id_seq'),
    legal_owner_id  bigint NOT NULL,
    kind            text NOT NULL CHECK (kind IN ('cash','bank','clearing','trust')),
    name            text NOT NULL,
    number_tail     text NOT NULL DEFAULT '',
    PRIMARY KEY (district_id, bank_account_id),
    CONSTRAINT bank_account_name UNIQUE (district_id, legal_owner_id, name)
);
ALTER TABLE bank_account ADD FOREIGN KEY (district_id, legal_owner_id) REFERENCES legal_owner (district_id, legal_owner_id);

CREATE TABLE book (
    district_id    bigint NOT NULL,
    book_id        bigint NOT NULL DEFAULT nextval('ledger_id_seq'),
    legal_owner_id bigint NOT NULL,
    kind           text NOT NULL CHECK (kind IN ('company_estate','company_head','common_income','fund','sub_district')),
    basis          text NOT NULL CHECK (basis IN ('accrual','cash')),
    name           text NOT NULL,
    node_id        bigint NOT NULL,        -- its own scope node (kind book)
    place_node_id  bigint NOT NULL,        -- what it is about: the estate's, company's or sub-district's node
    opened_on      date NOT NULL,
    act_id         bigint NOT NULL,
    PRIMARY KEY (district_id, book_id),
    CONSTRAINT book_owner_place UNIQUE (district_id, legal_owner_id, kind, place_node_id)
);
CREATE INDEX book_place ON book (district_id, place_node_id);
ALTER TABLE book ADD FOREIGN KEY (district_id, legal_owner_id) REFERENCES legal_owner (district_id, legal_owner_id);

CREATE TABLE account (
    district_id   bigint NOT NULL,
    account_id    bigint NOT NULL DEFAULT nextval('ledger_id_seq'),
    book_id       bigint NOT NULL,
    slug          text NOT NULL,
    name          text NOT NULL,
    kind          text NOT NULL CHECK (kind IN ('asset','liability','equity','income','expense','memo')),
    official_code text NOT NULL,
    holding       boolean NOT NULL DEFAULT false,   -- its balance per dimension is a condition
    PRIMARY KEY (district_id, account_id),
    CONSTRAINT account_slug UNIQUE (district_id, book_id, slug)
);
ALTER TABLE account ADD FOREIGN KEY (district_id, book_id) REFERENCES book (district_id, book_id);

-- No foreign keys per row: they make a set 2.7 times slower; consistency
-- queries watch instead (docs/decisions).
CREATE TABLE entry (
    district_id       bigint NOT NULL,
    entry_id          bigint NOT NULL DEFAULT nextval('entry_id_seq'),
    book_id           bigint NOT NULL,
    debit_account_id  bigint NOT NULL,
    credit_account_id bigint NOT NULL,
    debit_dimension   bigint NOT NULL DEFAULT 0,
    credit_dimension  bigint NOT NULL DEFAULT 0,
    source_id         bigint NOT NULL,
    act_id            bigint NOT NULL,
    reversed_entry_id bigint,
    xid               bigint NOT NULL DEFAULT (pg_current_xact_id()::text::bigint),
    recorded_at       timestamptz NOT NULL,
    business_date     date NOT NULL,
    posting_date      date NOT NULL,
    source_kind       smallint NOT NULL,      -- ledger.SourceKind
    amount            numeric(14,2) NOT NULL,
    CONSTRAINT entry_amount CHECK (amount <> 0 AND (amount > 0 OR reversed_entry_id IS NOT NULL)),
    CONSTRAINT entry_sides CHECK (debit_account_id <> credit_account_id OR debit_dimension <> credit_dimension),
    PRIMARY KEY (district_id, entry_id, posting_date)
) PARTITION BY RANGE (posting_date);
CREATE INDEX entry_book ON entry (district_id, book_id, posting_date);

-- +goose StatementBegin
DO $$
BEGIN
    FOR y IN 2000..2040 LOOP
        EXECUTE format('CREATE TABLE entry_%s PARTITION OF entry FOR VALUES FROM (%L) TO (%L)',
                       y, make_date(y, 1, 1), make_date(y + 1, 1, 1));
    END LOOP;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE FUNCTION ledger_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a posted row of % is never changed or removed; correct it by reversal', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;
-- +goose StatementEnd
CREATE TRIGGER entry_immutable BEFORE UPDATE OR DELETE ON entry FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER act_immutable BEFORE UPDATE OR DELETE ON act FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change();

CREATE TABLE entry_reversal (
    district_id       bigint NOT NULL,
    reversed_entry_id bigint NOT NULL,
    reversal_entry_id bigint NOT NULL,
    PRIMARY KEY (district_id, reversed_entry_id),
    CONSTRAINT entry_reversal_once UNIQUE (district_id, reversal_entry_id)
);

-- The state of a (book, month) is its last event; no event means open.
CREATE TABLE period_event (
    district_id bigint NOT NULL,
    book_id     bigint NOT NULL,
    month       date NOT NULL CHECK (extract(day FROM month) = 1),
    event_no    integer NOT NULL,
    closed      boolean NOT NULL,
    reason      text NOT NULL DEFAULT '',
    user_id     bigint NOT NULL,
    at          timestamptz NOT NULL,
    entries     bigint NOT NULL,           -- control totals at that moment
    total       numeric(18,2) NOT NULL,
    act_id      bigint NOT NULL,
    PRIMARY KEY (district_id, book_id, month, event_no)
);

-- Strict order for seals and "as known at": filled after commit, insert-only.
CREATE TABLE entry_sequence (
    district_id bigint NOT NULL,
    sequence    bigint NOT NULL,
    entry_id    bigint NOT NULL,
    PRIMARY KEY (district_id, sequence),
    CONSTRAINT entry_sequence_entry UNIQUE (district_id, entry_id)
);

-- How far the roll-up has come: entries of a transaction older than rolled_xid
-- and all entries with an id below first_live_entry are in turnover and sequence.
CREATE TABLE ledger_tail (
    district_id      bigint PRIMARY KEY,
    rolled_xid       bigint NOT NULL DEFAULT 0,
    first_live_entry bigint NOT NULL DEFAULT 0,
    last_sequence    bigint NOT NULL DEFAULT 0
);
CREATE INDEX entry_xid ON entry USING brin (xid) WITH (pages_per_range = 16, autosummarize = on);

CREATE TABLE turnover (
    district_id  bigint NOT NULL,
    account_id   bigint NOT NULL,
    dimension_id bigint NOT NULL,
    month        date NOT NULL,
    book_id      bigint NOT NULL,
    debit        numeric(18,2) NOT NULL,
    credit       numeric(18,2) NOT NULL,
    PRIMARY KEY (district_id, account_id, dimension_id, month)
);
CREATE INDEX turnover_book ON turnover (district_id, book_id, month);

-- Where a balance is a condition: the row that is locked. Credit balance.
CREATE TABLE holding (
    district_id  bigint NOT NULL,
    account_id   bigint NOT NULL,
    dimension_id bigint NOT NULL,
    balance      numeric(14,2) NOT NULL,
    PRIMARY KEY (district_id, account_id, dimension_id),
    CONSTRAINT holding_not_negative CHECK (balance >= 0)
) WITH (fillfactor = 80);
ALTER TABLE holding ADD FOREIGN KEY (district_id, account_id) REFERENCES account (district_id, account_id);

CREATE TRIGGER entry_reversal_immutable BEFORE UPDATE OR DELETE ON entry_reversal FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER entry_sequence_immutable BEFORE UPDATE OR DELETE ON entry_sequence FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER period_event_immutable BEFORE UPDATE OR DELETE ON period_event FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change();

-- A movement booked by hand: an expense, a correction, with its paper.
CREATE TABLE voucher (
    district_id   bigint NOT NULL,
    voucher_id    bigint NOT NULL DEFAULT nextval('ledger_id_seq'),
    book_id       bigint NOT NULL,
    business_date date NOT NULL,
    summary       text NOT NULL CHECK (summary <> ''),
    paper         text NOT NULL DEFAULT '',       -- number of the invoice or contract behind it
    user_id       bigint NOT NULL,
    act_id        bigint NOT NULL,
    PRIMARY KEY (district_id, voucher_id)
);
ALTER TABLE voucher ADD FOREIGN KEY (district_id, book_id) REFERENCES book (district_id, book_id);
CREATE TRIGGER voucher_immutable BEFORE UPDATE OR DELETE ON voucher FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change();
