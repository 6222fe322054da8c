-- The first schema. A column has the name and the meaning of its field in include/redress/store.hpp; 0 and '' mean: not set.
--
-- What the file refuses by itself, whoever writes to it:
--   * a reply that is released while a claim of it does not hold (view claim_faults, triggers replies_gate_*);
--   * a change to what a reply was drafted with, and to its claim rows.
-- Triggers use RAISE(ABORT), never RAISE(ROLLBACK): one refused command must not undo its batch.
-- The journal has no such triggers: whoever can write to the file can drop them, so its chain of digests is what tells (audit).

CREATE TABLE meta (
  id            INTEGER PRIMARY KEY CHECK (id = 1),
  store_id      TEXT    NOT NULL,
  author_pepper TEXT    NOT NULL,
  draws         INTEGER NOT NULL,
  last_at_ms    INTEGER NOT NULL,
  clock         TEXT    NOT NULL CHECK (clock IN ('', 'real', 'virtual')),
  last_tx       INTEGER NOT NULL,
  settled       INTEGER NOT NULL,               -- Rises each time that an uncertain COMMIT was looked up.
  epoch         INTEGER NOT NULL DEFAULT 0      -- For many nodes: rises with each lease.
) STRICT;
INSERT INTO meta (id, store_id, author_pepper, draws, last_at_ms, clock, last_tx, settled) VALUES (1, '', '', 0, 0, '', 0, 0);

CREATE TABLE cases (
  id                      INTEGER PRIMARY KEY CHECK (id >= 0),
  reference               TEXT    NOT NULL UNIQUE,
  workflow                TEXT    NOT NULL,
  workflow_version        TEXT    NOT NULL,
  workflow_hash           TEXT    NOT NULL,
  state                   TEXT    NOT NULL CHECK (state IN ('received', 'active', 'waiting_customer', 'resolved', 'closed')),
  configuration           TEXT    NOT NULL,
  episode                 INTEGER NOT NULL CHECK (episode >= 0),
  category                TEXT    NOT NULL,
  priority                TEXT    NOT NULL,
  language                TEXT    NOT NULL,
  language_percent        INTEGER NOT NULL CHECK (language_percent BETWEEN 0 AND 100),
  channel                 TEXT    NOT NULL,
  thread                  TEXT    NOT NULL,
  customer                TEXT    NOT NULL,
  opening_post            TEXT    NOT NULL,
  episode_post            TEXT    NOT NULL,
  latest_post             TEXT    NOT NULL,
  prior_case              INTEGER NOT NULL,
  opened_at_ms            INTEGER NOT NULL,
  episode_at_ms           INTEGER NOT NULL,
  resolved_at_ms          INTEGER NOT NULL,
  closed_at_ms            INTEGER NOT NULL,
  first_reply             TEXT    NOT NULL CHECK (first_reply IN ('none', 'running', 'at_risk', 'met', 'breached', 'paused')),
  first_reply_due_at_ms   INTEGER NOT NULL,
  first_reply_met_at_ms   INTEGER NOT NULL,
  resolution              TEXT    NOT NULL CHECK (resolution IN ('none', 'running', 'at_risk', 'met', 'breached', 'paused')),
  resolution_due_at_ms    INTEGER NOT NULL,
  resolution_met_at_ms    INTEGER NOT NULL,
  resolution_paused_at_ms INTEGER NOT NULL,
  data                    TEXT    NOT NULL,
  final_reply_id          INTEGER NOT NULL,
  changes                 INTEGER NOT NULL CHECK (changes >= 0),
  replies_drafted         INTEGER NOT NULL CHECK (replies_drafted >= 0),
  set_aside               INTEGER NOT NULL CHECK (set_aside IN (0, 1)),
  set_aside_reason        TEXT    NOT NULL,
  pending                 TEXT    NOT NULL,
  version                 INTEGER NOT NULL CHECK (version >= 0),
  head_id                 INTEGER NOT NULL,
  head_digest             TEXT    NOT NULL,
  "partition"             INTEGER NOT NULL DEFAULT 0   -- For many nodes.
) STRICT;
CREATE INDEX cases_of_author ON cases (channel, customer);

CREATE TABLE posts (
  id             INTEGER PRIMARY KEY CHECK (id >= 1),
  case_id        INTEGER NOT NULL REFERENCES cases (id),
  channel        TEXT    NOT NULL,
  post_id        TEXT    NOT NULL,
  thread         TEXT    NOT NULL,
  in_reply_to    TEXT    NOT NULL,
  author         TEXT    NOT NULL,
  author_profile TEXT    NOT NULL,
  verified       INTEGER NOT NULL CHECK (verified IN (0, 1)),
  followers      INTEGER NOT NULL CHECK (followers >= 0),
  created_at_ms  INTEGER NOT NULL,
  received_at_ms INTEGER NOT NULL,
  language       TEXT    NOT NULL,
  is_private     INTEGER NOT NULL CHECK (is_private IN (0, 1)),
  url            TEXT    NOT NULL,
  text           TEXT    NOT NULL,
  fate           TEXT    NOT NULL CHECK (fate IN ('opened', 'attached', 'not_wanted', 'rejected')),
  reason         TEXT    NOT NULL,
  UNIQUE (channel, post_id)
) STRICT;
CREATE INDEX posts_of_case ON posts (case_id);
CREATE INDEX posts_of_thread ON posts (channel, thread, case_id) WHERE case_id > 0;

CREATE TABLE commitments (
  id              INTEGER PRIMARY KEY CHECK (id >= 1),
  case_id         INTEGER NOT NULL REFERENCES cases (id),
  department      TEXT    NOT NULL,
  action          TEXT    NOT NULL,
  key             TEXT    NOT NULL,
  state           TEXT    NOT NULL CHECK (state IN ('proposed', 'awaiting_approval', 'requested', 'attempting', 'in_progress',
                                                    'fulfilled', 'declined', 'failed', 'unknown', 'cancelled', 'revoked',
                                                    'undoing', 'undone')),
  due             TEXT    NOT NULL CHECK (due IN ('on_time', 'at_risk', 'overdue')),
  due_at_ms       INTEGER NOT NULL,
  input           TEXT    NOT NULL,
  evidence        TEXT    NOT NULL,
  evidence_digest TEXT    NOT NULL,
  evidence_by     TEXT    NOT NULL,
  reason          TEXT    NOT NULL,
  ticket          TEXT    NOT NULL,
  promised_at_ms  INTEGER NOT NULL,
  attempts        INTEGER NOT NULL CHECK (attempts >= 0),
  approval_role   TEXT    NOT NULL,
  approved_by     TEXT    NOT NULL,
  committed_at_ms INTEGER NOT NULL,
  requested_at_ms INTEGER NOT NULL,
  accepted_at_ms  INTEGER NOT NULL,
  settled_at_ms   INTEGER NOT NULL
) STRICT;
CREATE INDEX commitments_of_case ON commitments (case_id);

CREATE TABLE members (
  id            INTEGER PRIMARY KEY CHECK (id >= 1),
  case_id       INTEGER NOT NULL REFERENCES cases (id),
  commitment_id INTEGER NOT NULL REFERENCES commitments (id),
  name          TEXT    NOT NULL,
  instance      INTEGER NOT NULL CHECK (instance >= 1),
  episode       INTEGER NOT NULL CHECK (episode >= 0)
) STRICT;
CREATE INDEX members_of_case ON members (case_id, commitment_id);

CREATE TABLE replies (
  id               INTEGER PRIMARY KEY CHECK (id >= 1),
  case_id          INTEGER NOT NULL REFERENCES cases (id),
  name             TEXT    NOT NULL,
  ordinal          INTEGER NOT NULL CHECK (ordinal >= 1),
  episode          INTEGER NOT NULL CHECK (episode >= 0),
  state            TEXT    NOT NULL CHECK (state IN ('drafted', 'awaiting_review', 'approved', 'publishing', 'published',
                                                     'unknown', 'failed', 'blocked', 'refused', 'corrected', 'waived',
                                                     'replaced')),
  channel          TEXT    NOT NULL,
  in_reply_to      TEXT    NOT NULL,
  language         TEXT    NOT NULL,
  text             TEXT    NOT NULL,
  claims           TEXT    NOT NULL CHECK (substr(claims, 1, 1) = '['),
  key              TEXT    NOT NULL,
  drafted_by       TEXT    NOT NULL,
  review_role      TEXT    NOT NULL,
  reviewed_by      TEXT    NOT NULL,
  approved_binding TEXT    NOT NULL,
  approved_at_ms   INTEGER NOT NULL,
  drafted_at_ms    INTEGER NOT NULL,
  published_at_ms  INTEGER NOT NULL,
  corrects_id      INTEGER NOT NULL,
  reason           TEXT    NOT NULL
) STRICT;
CREATE INDEX replies_of_case ON replies (case_id);

CREATE TABLE claims (
  id              INTEGER PRIMARY KEY CHECK (id >= 1),
  case_id         INTEGER NOT NULL REFERENCES cases (id),
  reply_id        INTEGER NOT NULL REFERENCES replies (id),
  commitment_id   INTEGER NOT NULL REFERENCES commitments (id),
  level           TEXT    NOT NULL CHECK (level IN ('requested', 'accepted', 'fulfilled', 'declined', 'failed', 'revoked')),
  evidence_digest TEXT    NOT NULL
) STRICT;
CREATE INDEX claims_of_case ON claims (case_id);
CREATE INDEX claims_of_reply ON claims (reply_id);

-- AUTOINCREMENT: timers go, and an id that went must not come again after a reopening.
CREATE TABLE timers (
  id        INTEGER PRIMARY KEY AUTOINCREMENT CHECK (id >= 1),
  case_id   INTEGER NOT NULL REFERENCES cases (id),
  name      TEXT    NOT NULL,
  due_at_ms INTEGER NOT NULL,
  UNIQUE (case_id, name)
) STRICT;
CREATE INDEX timers_due ON timers (due_at_ms);

CREATE TABLE outbox (
  id                 INTEGER PRIMARY KEY CHECK (id >= 1),
  case_id            INTEGER NOT NULL REFERENCES cases (id),
  verb               TEXT    NOT NULL,
  subject_id         INTEGER NOT NULL,
  key                TEXT    NOT NULL UNIQUE,
  state              TEXT    NOT NULL CHECK (state IN ('planned', 'attempting', 'waiting', 'done', 'declined', 'failed',
                                                       'unknown', 'cancelled')),
  reconciling        INTEGER NOT NULL CHECK (reconciling IN (0, 1)),
  attempt            INTEGER NOT NULL CHECK (attempt >= 0),
  next_at_ms         INTEGER NOT NULL,
  uncertain_since_ms INTEGER NOT NULL,
  lookups            INTEGER NOT NULL CHECK (lookups >= 0),
  request            TEXT    NOT NULL,
  reason             TEXT    NOT NULL
) STRICT;
CREATE INDEX outbox_of_case ON outbox (case_id);
CREATE INDEX outbox_due ON outbox (next_at_ms) WHERE state IN ('planned', 'waiting', 'unknown') AND next_at_ms > 0;
CREATE INDEX outbox_attempting ON outbox (state) WHERE state = 'attempting';

CREATE TABLE tasks (
  id         INTEGER PRIMARY KEY CHECK (id >= 1),
  case_id    INTEGER NOT NULL REFERENCES cases (id),
  subject    TEXT    NOT NULL,
  role       TEXT    NOT NULL,
  what       TEXT    NOT NULL,
  since_ms   INTEGER NOT NULL,
  due_at_ms  INTEGER NOT NULL,
  done_at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX tasks_of_case ON tasks (case_id);
CREATE INDEX tasks_open ON tasks (done_at_ms) WHERE done_at_ms = 0;
CREATE INDEX tasks_open_of_role ON tasks (role) WHERE done_at_ms = 0;

CREATE TABLE people (
  id      INTEGER PRIMARY KEY CHECK (id >= 1),
  case_id INTEGER NOT NULL REFERENCES cases (id),
  name    TEXT    NOT NULL UNIQUE,
  roles   TEXT    NOT NULL
) STRICT;

CREATE TABLE documents (
  id      INTEGER PRIMARY KEY CHECK (id >= 1),
  case_id INTEGER NOT NULL REFERENCES cases (id),
  kind    TEXT    NOT NULL,
  name    TEXT    NOT NULL,
  version TEXT    NOT NULL,
  hash    TEXT    NOT NULL,
  content TEXT    NOT NULL,
  active  INTEGER NOT NULL CHECK (active IN (0, 1)),
  UNIQUE (kind, hash)
) STRICT;

CREATE TABLE requests (
  id         INTEGER PRIMARY KEY CHECK (id >= 1),
  case_id    INTEGER NOT NULL REFERENCES cases (id),
  request    TEXT    NOT NULL UNIQUE,
  act_digest TEXT    NOT NULL,
  at_ms      INTEGER NOT NULL
) STRICT;

CREATE TABLE texts (
  id      INTEGER PRIMARY KEY CHECK (id >= 1),
  case_id INTEGER NOT NULL REFERENCES cases (id),
  digest  TEXT    NOT NULL UNIQUE,
  salt    TEXT    NOT NULL,       -- Empty, as the content is then: erased.
  content TEXT    NOT NULL
) STRICT;
CREATE INDEX texts_of_case ON texts (case_id);

CREATE TABLE journal (
  id            INTEGER PRIMARY KEY CHECK (id >= 1),
  case_id       INTEGER NOT NULL REFERENCES cases (id),
  seq           INTEGER NOT NULL CHECK (seq >= 1),
  at_ms         INTEGER NOT NULL,
  event         TEXT    NOT NULL,
  workflow_hash TEXT    NOT NULL,
  entry         TEXT    NOT NULL,
  format        INTEGER NOT NULL,
  previous_id   INTEGER NOT NULL,
  digest        TEXT    NOT NULL,
  UNIQUE (case_id, seq)
) STRICT;

-- ---- the gate -------------------------------------------------------------------------------------------------------

-- json_each alone: under trusted_schema = OFF, SQLite 3.40 lets a schema call no other JSON function. Malformed JSON is an
-- error of the statement, so it does not pass either.
CREATE VIEW frozen_claims AS
SELECT r.id AS reply_id, r.case_id AS case_id, r.episode AS episode,
       (SELECT f.atom FROM json_each(j.value) AS f WHERE f.key = 'commitment_id') AS commitment_id,
       (SELECT f.atom FROM json_each(j.value) AS f WHERE f.key = 'level') AS level,
       coalesce((SELECT f.atom FROM json_each(j.value) AS f WHERE f.key = 'evidence_digest'), '') AS evidence_digest
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
   OR NOT EXISTS (SELECT 1 FROM members AS m
                  WHERE m.case_id = f.case_id AND m.commitment_id = f.commitment_id
                    AND (f.level = 'revoked' OR m.episode = f.episode))
   OR NOT EXISTS (SELECT 1 FROM claims AS k
                  WHERE k.reply_id = f.reply_id AND k.commitment_id = f.commitment_id AND k.level = f.level
                    AND k.evidence_digest = f.evidence_digest)
UNION ALL
SELECT r.id, NULL, NULL FROM replies AS r
WHERE (SELECT count(*) FROM json_each(r.claims)) <> (SELECT count(*) FROM claims AS k WHERE k.reply_id = r.id);

CREATE TRIGGER replies_gate_insert AFTER INSERT ON replies
WHEN NEW.state IN ('publishing', 'published', 'unknown', 'corrected')
     AND EXISTS (SELECT 1 FROM claim_faults WHERE reply_id = NEW.id)
BEGIN
  SELECT RAISE(ABORT, 'the gate: a claim of the reply does not hold, or its claim rows are not those that were frozen');
END;

-- A reply that is being published, or was, is only looked up: it passed the gate before.
CREATE TRIGGER replies_gate_update AFTER UPDATE OF state ON replies
WHEN NEW.state <> OLD.state
     AND (NEW.state = 'publishing'
          OR (NEW.state = 'unknown' AND OLD.state <> 'publishing')
          OR (NEW.state = 'published' AND OLD.state NOT IN ('publishing', 'unknown'))
          OR (NEW.state = 'corrected' AND OLD.state <> 'published'))
     AND EXISTS (SELECT 1 FROM claim_faults WHERE reply_id = NEW.id)
BEGIN
  SELECT RAISE(ABORT, 'the gate: a claim of the reply does not hold, or its claim rows are not those that were frozen');
END;

CREATE TRIGGER replies_frozen BEFORE UPDATE OF id, case_id, name, episode, text, claims, key ON replies
WHEN OLD.id <> NEW.id OR OLD.case_id <> NEW.case_id OR OLD.name <> NEW.name OR OLD.episode <> NEW.episode
     OR OLD.text <> NEW.text OR OLD.claims <> NEW.claims OR OLD.key <> NEW.key
BEGIN
  SELECT RAISE(ABORT, 'a reply stays as it was drafted: case_id, name, episode, text, claims, key');
END;

CREATE TRIGGER claims_frozen_update BEFORE UPDATE ON claims
BEGIN
  SELECT RAISE(ABORT, 'a claim row never changes; the claims of its reply are frozen');
END;

-- A deleted claim row needs no trigger: the gate then refuses the reply, and the audit names it.
CREATE TRIGGER claims_frozen_insert BEFORE INSERT ON claims
WHEN EXISTS (SELECT 1 FROM replies AS r
             WHERE r.id = NEW.reply_id
               AND (r.state NOT IN ('drafted', 'awaiting_review', 'approved', 'blocked')
                    OR NOT EXISTS (SELECT 1 FROM frozen_claims AS f
                                   WHERE f.reply_id = NEW.reply_id AND f.commitment_id = NEW.commitment_id
                                     AND f.level = NEW.level AND f.evidence_digest = NEW.evidence_digest)))
BEGIN
  SELECT RAISE(ABORT, 'a claim row is taken only before its reply is handed out, and only if it is among the frozen claims');
END;
