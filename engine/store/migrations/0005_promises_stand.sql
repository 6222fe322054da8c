-- A promise is told only while the department is at it or has kept it: one that it declined, lost or cancelled is none any more.
DROP VIEW claim_faults;

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
   OR (f.promised_at_ms <> 0
       AND NOT coalesce(f.promised_at_ms = c.promised_at_ms AND c.state IN ('attempting', 'in_progress', 'fulfilled'), 0))
   OR NOT EXISTS (SELECT 1 FROM members AS m
                  WHERE m.case_id = f.case_id AND m.commitment_id = f.commitment_id
                    AND (f.level = 'revoked' OR m.episode = f.episode))
   OR NOT EXISTS (SELECT 1 FROM claims AS k
                  WHERE k.reply_id = f.reply_id AND k.commitment_id = f.commitment_id AND k.level = f.level
                    AND k.evidence_digest = f.evidence_digest AND k.promised_at_ms = f.promised_at_ms)
UNION ALL
SELECT r.id, NULL, NULL FROM replies AS r
WHERE (SELECT count(*) FROM json_each(r.claims)) <> (SELECT count(*) FROM claims AS k WHERE k.reply_id = r.id);
