-- A claim whose text shows a department's promise holds for that promise alone.
ALTER TABLE claims ADD COLUMN promised_at_ms INTEGER NOT NULL DEFAULT 0;

DROP TRIGGER claims_frozen_insert;
DROP VIEW claim_faults;
DROP VIEW frozen_claims;

-- json_each alone: under trusted_schema = OFF, SQLite 3.40 lets a schema call no other JSON function. Malformed JSON is an
-- error of the statement, so it does not pass either.
CREATE VIEW frozen_claims AS
SELECT r.id AS reply_id, r.case_id AS case_id, r.episode AS episode,
       (SELECT f.atom FROM json_each(j.value) AS f WHERE f.key = 'commitment_id') AS commitment_id,
       (SELECT f.atom FROM json_each(j.value) AS f WHERE f.key = 'level') AS level,
       coalesce((SELECT f.atom FROM json_each(j.value) AS f WHERE f.key = 'evidence_digest'), '') AS evidence_digest,
       coalesce((SELECT f.atom FROM json_each(j.value) AS f WHERE f.key = 'promised_at_ms'), 0) AS promised_at_ms
FROM replies AS r, json_each(r.claims) AS j;

-- One row for each claim that does not hold, and one where the claim rows are not as many as the frozen claims. Recomputed from
-- the commitments; engine/store/gate.cpp is the same rule in C++.
CREATE VIEW claim_faults AS
SELECT f.reply_id AS reply_id, f.commitment_id AS commitment_id, f.level AS level
FROM frozen_claims AS f LEFT JOIN commitments AS c ON c.id = f.commitment_id
WHERE coalesce(CASE f.level
        WHEN 'requested' THEN c.requested_at_ms > 0 AND NOT (c.state = 'cancelled' AND c.attempts = 0)
        WHEN 'accepted'  THEN c.accepted_at_ms > 0
        WHEN 'fulfilled' THEN c.state = 'fulfilled' AND c.evidence_digest <> '' AND c.evidence_digest = f.evidence_digest
        WHEN 'declined'  THEN c.state = 'declined'
        WHEN 'failed'    THEN c.state = 'failed'
        WHEN 'revoked'   THEN c.state = 'revoked'
      END, 0) = 0
   OR (f.promised_at_ms <> 0 AND f.promised_at_ms <> coalesce(c.promised_at_ms, 0))
   OR NOT EXISTS (SELECT 1 FROM members AS m
                  WHERE m.case_id = f.case_id AND m.commitment_id = f.commitment_id
                    AND (f.level = 'revoked' OR m.episode = f.episode))
   OR NOT EXISTS (SELECT 1 FROM claims AS k
                  WHERE k.reply_id = f.reply_id AND k.commitment_id = f.commitment_id AND k.level = f.level
                    AND k.evidence_digest = f.evidence_digest AND k.promised_at_ms = f.promised_at_ms)
UNION ALL
SELECT r.id, NULL, NULL FROM replies AS r
WHERE (SELECT count(*) FROM json_each(r.claims)) <> (SELECT count(*) FROM claims AS k WHERE k.reply_id = r.id);

CREATE TRIGGER claims_frozen_insert BEFORE INSERT ON claims
WHEN EXISTS (SELECT 1 FROM replies AS r
             WHERE r.id = NEW.reply_id
               AND (r.state NOT IN ('drafted', 'awaiting_review', 'approved', 'blocked')
                    OR NOT EXISTS (SELECT 1 FROM frozen_claims AS f
                                   WHERE f.reply_id = NEW.reply_id AND f.commitment_id = NEW.commitment_id
                                     AND f.level = NEW.level AND f.evidence_digest = NEW.evidence_digest
                                     AND f.promised_at_ms = NEW.promised_at_ms)))
BEGIN
  SELECT RAISE(ABORT, 'a claim row is taken only before its reply is handed out, and only if it is among the frozen claims');
END;
