-- +goose Up
-- The register. Insert-only where time passes: a new area, title or checklist
-- state is a new row, so that every past date can be looked up as it stood.

CREATE SEQUENCE estate_id_seq AS bigint START 1;

CREATE TABLE district (
    district_id bigint PRIMARY KEY,
    code        text NOT NULL UNIQUE,
    name        text NOT NULL,
    node_id     bigint NOT NULL
);
CREATE SEQUENCE district_id_seq AS bigint START 1;

CREATE TABLE sub_district (
    district_id     bigint NOT NULL,
    sub_district_id bigint NOT NULL DEFAULT nextval('estate_id_seq'),
    name            text NOT NULL CHECK (name <> ''),
    placeholder     boolean NOT NULL DEFAULT false,   -- 未定: the source does not say
    node_id         bigint NOT NULL,
    PRIMARY KEY (district_id, sub_district_id),
    CONSTRAINT sub_district_name UNIQUE (district_id, name)
);

CREATE TABLE community (
    district_id     bigint NOT NULL,
    community_id    bigint NOT NULL DEFAULT nextval('estate_id_seq'),
    sub_district_id bigint NOT NULL,
    name            text NOT NULL CHECK (name <> ''),
    placeholder     boolean NOT NULL DEFAULT false,
    node_id         bigint NOT NULL,
    PRIMARY KEY (district_id, community_id),
    CONSTRAINT community_name UNIQUE (district_id, sub_district_id, name)
);
ALTER TABLE community ADD FOREIGN KEY (district_id, sub_district_id) REFERENCES sub_district (district_id, sub_district_id);

CREATE TABLE property_company (
    district_id bigint NOT NULL,
    company_id  bigint NOT NULL DEFAULT nextval('estate_id_seq'),
    name        text NOT NULL CHECK (name <> ''),
    credit_code text,
    phone       text,
    node_id     bigint NOT NULL,
    PRIMARY KEY (district_id, company_id),
    CONSTRAINT property_company_name UNIQUE (district_id, name)
);

CREATE TABLE estate (
    district_id      bigint NOT NULL,
    estate_id        bigint NOT NULL DEFAULT nextval('estate_id_seq'),
    community_id     bigint NOT NULL,
    name             text NOT NULL CHECK (name <> ''),
    address          text,
    built_year       smallint CHECK (built_year BETWEEN 1900 AND 2100),
    renovation_class text CHECK (renovation_class IN ('basic','improved','extended')),
    renovation_cost  numeric(10,2) CHECK (renovation_cost >= 0),   -- yuan per m²
    completion_date  date,
    has_lift         boolean,
    buildings_stated integer CHECK (buildings_stated >= 0),
    stairs_stated    integer CHECK (stairs_stated >= 0),
    units_stated     integer CHECK (units_stated >= 0),
    area_stated      numeric(14,2) CHECK (area_stated > 0),         -- m², NULL = not known, never guessed
    source           text,
    node_id          bigint NOT NULL,
    act_id           bigint NOT NULL,
    PRIMARY KEY (district_id, estate_id),
    CONSTRAINT estate_name UNIQUE (district_id, community_id, name),
    CONSTRAINT estate_node UNIQUE (district_id, node_id)
);
ALTER TABLE estate ADD FOREIGN KEY (district_id, community_id) REFERENCES community (district_id, community_id);

CREATE TABLE building (
    district_id bigint NOT NULL,
    building_id bigint NOT NULL DEFAULT nextval('estate_id_seq'),
    estate_id   bigint NOT NULL,
    name        text NOT NULL CHECK (name <> ''),        -- as normalised: "7"
    placeholder boolean NOT NULL DEFAULT false,
    PRIMARY KEY (district_id, building_id),
    CONSTRAINT building_name UNIQUE (district_id, estate_id, name)
);
ALTER TABLE building ADD FOREIGN KEY (district_id, estate_id) REFERENCES estate (district_id, estate_id);

CREATE TABLE stair (
    district_id bigint NOT NULL,
    stair_id    bigint NOT NULL DEFAULT nextval('estate_id_seq'),
    building_id bigint NOT NULL,
    name        text NOT NULL CHECK (name <> ''),
    placeholder boolean NOT NULL DEFAULT false,
    has_lift    boolean,
    PRIMARY KEY (district_id, stair_id),
    CONSTRAINT stair_name UNIQUE (district_id, building_id, name)
);
ALTER TABLE stair ADD FOREIGN KEY (district_id, building_id) REFERENCES building (district_id, building_id);

CREATE TABLE unit (
    district_id bigint NOT NULL,
    unit_id     bigint NOT NULL DEFAULT nextval('subject_id_seq'),
    estate_id   bigint NOT NULL,
    stair_id    bigint NOT NULL,
    room        text NOT NULL CHECK (room <> ''),
    code        text NOT NULL,            -- 7-1-502, unique in its estate
    floor       smallint,
    use         text NOT NULL CHECK (use IN ('residential','shop','garage','other')),
    tenure      text NOT NULL CHECK (tenure IN ('commodity','sold_public','public_rental','resettlement','unknown')),
    act_id      bigint NOT NULL,
    PRIMARY KEY (district_id, unit_id),
    CONSTRAINT unit_room UNIQUE (district_id, stair_id, room),
    CONSTRAINT unit_code UNIQUE (district_id, estate_id, code)
);
ALTER TABLE unit ADD FOREIGN KEY (district_id, estate_id) REFERENCES estate (district_id, estate_id);
ALTER TABLE unit ADD FOREIGN KEY (district_id, stair_id) REFERENCES stair (district_id, stair_id);

-- The area in force on a day is the row with the latest valid_from on or before
-- it, the highest version among equals. A unit without a row has no known area.
CREATE TABLE unit_area (
    district_id bigint NOT NULL,
    unit_id     bigint NOT NULL,
    valid_from  date NOT NULL,
    version     smallint NOT NULL DEFAULT 1,
    area        numeric(10,2) NOT NULL CHECK (area > 0 AND area <= 99999.99),   -- m²
    source      text NOT NULL CHECK (source IN ('registry','survey','contract','stated')),
    reason      text,
    act_id      bigint NOT NULL,
    PRIMARY KEY (district_id, unit_id, valid_from, version)
);
ALTER TABLE unit_area ADD FOREIGN KEY (district_id, unit_id) REFERENCES unit (district_id, unit_id);

-- Persons are one only by a hashed document number or an explicit act, never by
-- name: the heads of Civil Code art. 278 are counted on this.
CREATE TABLE person (
    district_id   bigint NOT NULL,
    person_id     bigint NOT NULL DEFAULT nextval('estate_id_seq'),
    kind          text NOT NULL DEFAULT 'natural' CHECK (kind IN ('natural','organisation')),
    name          text NOT NULL CHECK (name <> ''),
    phone         text,
    document_hash bytea,
    act_id        bigint NOT NULL,
    PRIMARY KEY (district_id, person_id)
);
CREATE UNIQUE INDEX person_document ON person (district_id, document_hash) WHERE document_hash IS NOT NULL;
CREATE INDEX person_name ON person (district_id, name);
CREATE INDEX person_phone ON person (district_id, phone) WHERE phone IS NOT NULL;

-- A title: who owns the unit from a day on. It ends where the next one begins,
-- so two titles of a unit cannot overlap. A title without shares says that the
-- owner is not registered. bill_from is the day from which bills go to it: the
-- day agreed at a sale may differ from the day of the title.
CREATE TABLE ownership (
    district_id  bigint NOT NULL,
    ownership_id bigint NOT NULL DEFAULT nextval('estate_id_seq'),
    unit_id      bigint NOT NULL,
    valid_from   date NOT NULL,
    version      smallint NOT NULL DEFAULT 1,
    bill_from    date NOT NULL,
    basis        text NOT NULL DEFAULT '',
    act_id       bigint NOT NULL,
    PRIMARY KEY (district_id, ownership_id),
    CONSTRAINT ownership_start UNIQUE (district_id, unit_id, valid_from, version)
);
ALTER TABLE ownership ADD FOREIGN KEY (district_id, unit_id) REFERENCES unit (district_id, unit_id);

CREATE TABLE ownership_share (
    district_id  bigint NOT NULL,
    ownership_id bigint NOT NULL,
    person_id    bigint NOT NULL,
    numerator    integer NOT NULL CHECK (numerator > 0),
    denominator  integer NOT NULL CHECK (denominator >= numerator),
    PRIMARY KEY (district_id, ownership_id, person_id)
);
CREATE INDEX ownership_share_person ON ownership_share (district_id, person_id);
ALTER TABLE ownership_share ADD FOREIGN KEY (district_id, ownership_id) REFERENCES ownership (district_id, ownership_id);
ALTER TABLE ownership_share ADD FOREIGN KEY (district_id, person_id) REFERENCES person (district_id, person_id);

CREATE TABLE occupant (
    district_id bigint NOT NULL,
    occupant_id bigint NOT NULL DEFAULT nextval('estate_id_seq'),
    unit_id     bigint NOT NULL,
    person_id   bigint NOT NULL,
    valid_from  date NOT NULL,
    valid_to    date,
    act_id      bigint NOT NULL,
    PRIMARY KEY (district_id, occupant_id),
    CHECK (valid_to IS NULL OR valid_to >= valid_from)
);
CREATE INDEX occupant_unit ON occupant (district_id, unit_id);
ALTER TABLE occupant ADD FOREIGN KEY (district_id, unit_id) REFERENCES unit (district_id, unit_id);
ALTER TABLE occupant ADD FOREIGN KEY (district_id, person_id) REFERENCES person (district_id, person_id);

-- Takeover (接管): the company enters on entry_date, which counts as a service
-- day. cut_over_date: no run bills a segment before it; older debts are opening.
CREATE TABLE takeover (
    district_id   bigint NOT NULL,
    takeover_id   bigint NOT NULL DEFAULT nextval('estate_id_seq'),
    estate_id     bigint NOT NULL,
    company_id    bigint NOT NULL,
    entry_date    date NOT NULL,
    cut_over_date date NOT NULL,
    paper         text NOT NULL DEFAULT '',
    act_id        bigint NOT NULL,
    PRIMARY KEY (district_id, takeover_id),
    CONSTRAINT takeover_entry UNIQUE (district_id, estate_id, entry_date)
);
ALTER TABLE takeover ADD FOREIGN KEY (district_id, estate_id) REFERENCES estate (district_id, estate_id);
ALTER TABLE takeover ADD FOREIGN KEY (district_id, company_id) REFERENCES property_company (district_id, company_id);

-- The handover checklist as a history: the state on a day is the row with the
-- latest noted_on on or before it, the highest version among equals.
CREATE TABLE takeover_item (
    district_id bigint NOT NULL,
    takeover_id bigint NOT NULL,
    item        text NOT NULL,           -- code of estate.ChecklistItems
    noted_on    date NOT NULL,
    version     smallint NOT NULL DEFAULT 1,
    status      text NOT NULL CHECK (status IN ('present','missing','not_applicable')),
    note        text NOT NULL DEFAULT '',
    act_id      bigint NOT NULL,
    PRIMARY KEY (district_id, takeover_id, item, noted_on, version)
);
ALTER TABLE takeover_item ADD FOREIGN KEY (district_id, takeover_id) REFERENCES takeover (district_id, takeover_id);

CREATE TABLE service_contract (
    district_id    bigint NOT NULL,
    contract_id    bigint NOT NULL DEFAULT nextval('subject_id_seq'),
    estate_id      bigint NOT NULL,
    company_id     bigint NOT NULL,
    version        smallint NOT NULL DEFAULT 1,
    valid_from     date NOT NULL,
    valid_to       date NOT NULL,
    fee_start_rule text NOT NULL CHECK (fee_start_rule IN ('DAILY','NEXT_MONTH')),
    fee_start      date NOT NULL,         -- first day that is billed, from entry date and rule
    due_day        smallint NOT NULL DEFAULT 0 CHECK (due_day BETWEEN 0 AND 28),  -- 0 = last day of the month
    paper          text NOT NULL DEFAULT '',
    act_id         bigint NOT NULL,
    PRIMARY KEY (district_id, contract_id),
    CONSTRAINT service_contract_start UNIQUE (district_id, estate_id, valid_from, version),
    CHECK (valid_to >= valid_from)
);
ALTER TABLE service_contract ADD FOREIGN KEY (district_id, estate_id) REFERENCES estate (district_id, estate_id);

-- The uploaded file between dry run and confirmation; bounded, removed by housekeeping.
CREATE TABLE import_file (
    district_id bigint NOT NULL,
    file_id     bigint NOT NULL DEFAULT nextval('estate_id_seq'),
    kind        text NOT NULL,
    name        text NOT NULL,
    sha256      bytea NOT NULL,
    content     bytea NOT NULL,
    user_id     bigint NOT NULL,
    uploaded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (district_id, file_id)
);
