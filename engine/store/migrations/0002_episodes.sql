-- Episodes that are over keep their deadlines; an effect says what stands in its way.
CREATE TABLE episodes (
  id                    INTEGER PRIMARY KEY CHECK (id >= 1),
  case_id               INTEGER NOT NULL REFERENCES cases (id),
  episode               INTEGER NOT NULL CHECK (episode >= 1),
  began_at_ms           INTEGER NOT NULL,
  resolved_at_ms        INTEGER NOT NULL,
  first_reply           TEXT    NOT NULL CHECK (first_reply IN ('none', 'running', 'at_risk', 'met', 'breached', 'paused')),
  first_reply_due_at_ms INTEGER NOT NULL,
  first_reply_met_at_ms INTEGER NOT NULL,
  resolution            TEXT    NOT NULL CHECK (resolution IN ('none', 'running', 'at_risk', 'met', 'breached', 'paused')),
  resolution_due_at_ms  INTEGER NOT NULL,
  resolution_met_at_ms  INTEGER NOT NULL,
  UNIQUE (case_id, episode)
) STRICT;

ALTER TABLE outbox ADD COLUMN blocked TEXT NOT NULL DEFAULT '';
