-- Gives the service's role what the catalogue says and nothing else. Called by
-- migrate as the owner; catalogue is a JSON array of
-- {"name": table, "writes": ["insert", …], "columns": [columns of update]}.
CREATE OR REPLACE FUNCTION schema_grant(app text, catalogue jsonb) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    t record;
    w text;
BEGIN
    EXECUTE format('REVOKE ALL ON ALL TABLES IN SCHEMA public FROM %I', app);
    EXECUTE format('REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM %I', app);
    EXECUTE format('REVOKE ALL ON ALL FUNCTIONS IN SCHEMA public FROM %I', app);
    EXECUTE 'REVOKE CREATE ON SCHEMA public FROM PUBLIC';
    EXECUTE 'REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA public FROM PUBLIC';
    EXECUTE format('GRANT USAGE ON SCHEMA public TO %I', app);
    EXECUTE format('GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO %I', app);
    EXECUTE format('GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO %I', app);
    EXECUTE format('REVOKE EXECUTE ON FUNCTION schema_grant(text, jsonb) FROM %I', app);
    -- The service compares the schema's version with its own when it starts.
    EXECUTE format('GRANT SELECT ON schema_version, schema_function TO %I', app);
    FOR t IN SELECT * FROM jsonb_to_recordset(catalogue) AS x(name text, writes text[], columns text[]) LOOP
        EXECUTE format('GRANT SELECT ON TABLE %I TO %I', t.name, app);
        FOREACH w IN ARRAY coalesce(t.writes, '{}') LOOP
            IF w NOT IN ('insert', 'update', 'delete') THEN
                RAISE EXCEPTION 'the catalogue grants % on %', w, t.name;
            END IF;
            IF w = 'update' AND cardinality(t.columns) > 0 THEN
                EXECUTE format('GRANT UPDATE (%s) ON TABLE %I TO %I',
                    (SELECT string_agg(quote_ident(c), ', ') FROM unnest(t.columns) AS c), t.name, app);
            ELSE
                EXECUTE format('GRANT %s ON TABLE %I TO %I', upper(w), t.name, app);
            END IF;
        END LOOP;
    END LOOP;
END;
$$;
