-- +goose Up
-- Progress of long work (imports, runs, demo); housekeeping, no business fact.
CREATE TABLE progress (
    progress_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    district_id bigint NOT NULL,
    user_id     bigint NOT NULL,
    kind        text NOT NULL,
    title       text NOT NULL,
    done        bigint NOT NULL DEFAULT 0,
    total       bigint NOT NULL DEFAULT 0,
    state       text NOT NULL DEFAULT 'running' CHECK (state IN ('running','done','failed')),
    message     text NOT NULL DEFAULT '',
    link        text NOT NULL DEFAULT '',
    started_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    updated_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    finished_at timestamptz
);
CREATE INDEX progress_user ON progress (district_id, user_id, progress_id);

-- Last run of each ticker (roll-up, sequence), shown on the admin's page.
CREATE TABLE ticker_run (
    name        text PRIMARY KEY,
    started_at  timestamptz NOT NULL,
    finished_at timestamptz,
    outcome     text NOT NULL DEFAULT '',
    rows        bigint NOT NULL DEFAULT 0
);
