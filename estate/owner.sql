-- Persons, titles, occupants.

-- name: insert_persons
INSERT INTO person (district_id, person_id, kind, name, phone, document_hash, act_id)
SELECT CAST(:district AS bigint), x.person_id, x.kind, x.name, NULLIF(x.phone, ''), decode(NULLIF(x.hash, ''), 'hex'), :act
  FROM unnest(CAST(:persons AS bigint[]), CAST(:kinds AS text[]), CAST(:names AS text[]), CAST(:phones AS text[]), CAST(:hashes AS text[]))
       AS x(person_id, kind, name, phone, hash);

-- name: update_persons
UPDATE person SET name = x.name, phone = NULLIF(x.phone, ''),
       document_hash = COALESCE(decode(NULLIF(x.hash, ''), 'hex'), person.document_hash), act_id = :act
  FROM unnest(CAST(:persons AS bigint[]), CAST(:names AS text[]), CAST(:phones AS text[]), CAST(:hashes AS text[]))
       AS x(person_id, name, phone, hash)
 WHERE person.district_id = :district AND person.person_id = x.person_id;

-- name: persons_by_document
-- Who carries a document number, in the whole district: a person is one wherever
-- he owns. Only for who registers owners himself.
SELECT p.person_id, p.kind, p.name, COALESCE(p.phone, '') AS phone, encode(p.document_hash, 'hex') AS hash
  FROM person p
 WHERE p.district_id = :district
   AND p.document_hash IN (SELECT decode(h, 'hex') FROM unnest(CAST(:hashes AS text[])) AS h)
   AND EXISTS (SELECT 1 FROM access_nodes(:district, :actor, 'register.import', :today));

-- name: person_in_scope
-- A person who owns or occupies something the actor may see.
SELECT p.person_id, p.kind, p.name, COALESCE(p.phone, '') AS phone, COALESCE(encode(p.document_hash, 'hex'), '') AS hash
  FROM person p
 WHERE p.district_id = :district AND p.person_id = :person
   AND EXISTS (
       SELECT 1 FROM (SELECT o.unit_id FROM ownership_share sh
                        JOIN ownership o ON o.district_id = sh.district_id AND o.ownership_id = sh.ownership_id
                       WHERE sh.district_id = :district AND sh.person_id = :person
                       UNION ALL
                      SELECT c.unit_id FROM occupant c WHERE c.district_id = :district AND c.person_id = :person) held
         JOIN unit u ON u.district_id = :district AND u.unit_id = held.unit_id
         JOIN estate e ON e.district_id = u.district_id AND e.estate_id = u.estate_id
        WHERE (CAST(:unit AS bigint) = 0 OR u.unit_id = :unit)
          AND e.node_id IN (SELECT access_nodes(:district, :actor, 'register.read', :today)));

-- name: insert_titles
INSERT INTO ownership (district_id, unit_id, valid_from, version, bill_from, basis, act_id)
SELECT CAST(:district AS bigint), x.unit_id, x.valid_from,
       COALESCE((SELECT max(o.version) FROM ownership o
                  WHERE o.district_id = :district AND o.unit_id = x.unit_id AND o.valid_from = x.valid_from), 0) + 1,
       x.bill_from, x.basis, :act
  FROM unnest(CAST(:units AS bigint[]), CAST(:starts AS date[]), CAST(:bills AS date[]), CAST(:bases AS text[]))
       AS x(unit_id, valid_from, bill_from, basis)
RETURNING ownership_id, unit_id;

-- name: insert_shares
INSERT INTO ownership_share (district_id, ownership_id, person_id, numerator, denominator)
SELECT CAST(:district AS bigint), x.ownership_id, x.person_id, x.numerator, x.denominator
  FROM unnest(CAST(:titles AS bigint[]), CAST(:persons AS bigint[]), CAST(:numerators AS integer[]), CAST(:denominators AS integer[]))
       AS x(ownership_id, person_id, numerator, denominator);

-- name: titles
-- A unit's titles, the latest first; each ends the day before the next day that
-- has one, and only the highest version of a day counts.
SELECT o.ownership_id, o.unit_id, o.valid_from, o.version, o.bill_from, o.basis, o.act_id,
       EXISTS (SELECT 1 FROM ownership later WHERE later.district_id = o.district_id AND later.unit_id = o.unit_id
                  AND later.valid_from = o.valid_from AND later.version > o.version) AS superseded,
       (SELECT min(next.valid_from) - 1 FROM ownership next
         WHERE next.district_id = o.district_id AND next.unit_id = o.unit_id AND next.valid_from > o.valid_from) AS valid_to
  FROM ownership o
  JOIN unit u ON u.district_id = o.district_id AND u.unit_id = o.unit_id
  JOIN estate e ON e.district_id = u.district_id AND e.estate_id = u.estate_id
 WHERE o.district_id = :district AND o.unit_id = :unit
   AND access_covers(:district, :actor, 'estate.read', e.node_id, :today)
 ORDER BY o.valid_from DESC, o.version DESC;

-- name: owners_of_unit
-- The owners of every title of a unit.
SELECT o.ownership_id, o.unit_id, p.person_id, p.kind, p.name, COALESCE(p.phone, '') AS phone,
       p.document_hash IS NOT NULL AS has_document, sh.numerator, sh.denominator,
       access_covers(:district, :actor, 'register.read', e.node_id, :today) AS named
  FROM ownership o
  JOIN ownership_share sh ON sh.district_id = o.district_id AND sh.ownership_id = o.ownership_id
  JOIN person p ON p.district_id = sh.district_id AND p.person_id = sh.person_id
  JOIN unit u ON u.district_id = o.district_id AND u.unit_id = o.unit_id
  JOIN estate e ON e.district_id = u.district_id AND e.estate_id = u.estate_id
 WHERE o.district_id = :district AND o.unit_id = :unit
   AND access_covers(:district, :actor, 'estate.read', e.node_id, :today)
 ORDER BY o.ownership_id, p.person_id;

-- name: owners_on
-- The owners of units on a day.
SELECT o.ownership_id, o.unit_id, p.person_id, p.kind, p.name, COALESCE(p.phone, '') AS phone,
       p.document_hash IS NOT NULL AS has_document, sh.numerator, sh.denominator,
       e.node_id IN (SELECT access_nodes(:district, :actor, 'register.read', :today)) AS named
  FROM unit u
  JOIN estate e ON e.district_id = u.district_id AND e.estate_id = u.estate_id
  CROSS JOIN LATERAL (SELECT o.ownership_id, o.unit_id FROM ownership o
                       WHERE o.district_id = u.district_id AND o.unit_id = u.unit_id AND o.valid_from <= CAST(:on AS date)
                       ORDER BY o.valid_from DESC, o.version DESC LIMIT 1) o
  JOIN ownership_share sh ON sh.district_id = u.district_id AND sh.ownership_id = o.ownership_id
  JOIN person p ON p.district_id = sh.district_id AND p.person_id = sh.person_id
 WHERE u.district_id = :district AND u.unit_id = ANY(CAST(:units AS bigint[]))
   AND e.node_id IN (SELECT access_nodes(:district, :actor, 'estate.read', :today))
 ORDER BY o.unit_id, p.person_id;

-- name: insert_occupant
INSERT INTO occupant (district_id, unit_id, person_id, valid_from, valid_to, act_id)
VALUES (:district, :unit, :person, :valid_from, :valid_to, :act) RETURNING occupant_id;

-- name: end_occupant
UPDATE occupant SET valid_to = :last_day
 WHERE district_id = :district AND unit_id = :unit AND occupant_id = :occupant;

-- name: occupants
SELECT c.occupant_id, c.person_id, p.name, COALESCE(p.phone, '') AS phone, c.valid_from, c.valid_to,
       access_covers(:district, :actor, 'register.read', e.node_id, :today) AS named
  FROM occupant c
  JOIN person p ON p.district_id = c.district_id AND p.person_id = c.person_id
  JOIN unit u ON u.district_id = c.district_id AND u.unit_id = c.unit_id
  JOIN estate e ON e.district_id = u.district_id AND e.estate_id = u.estate_id
 WHERE c.district_id = :district AND c.unit_id = :unit
   AND access_covers(:district, :actor, 'estate.read', e.node_id, :today)
 ORDER BY c.valid_from DESC, c.occupant_id DESC;
