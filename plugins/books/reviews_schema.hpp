// The tables of a department whose people decide: questions put to people, and what they decided.
#pragma once

namespace redress::books {

inline constexpr int schema_application_id = 0x5243434d;  // "RCCM"
inline constexpr int schema_version = 1;

inline constexpr const char* schema_sql = R"sql(
CREATE TABLE reviews (
  key            TEXT PRIMARY KEY CHECK (length(key) > 0),
  case_reference TEXT NOT NULL,
  question       TEXT NOT NULL,
  text           TEXT NOT NULL,          -- What the customer wrote.
  ticket         TEXT NOT NULL UNIQUE,
  state          TEXT NOT NULL CHECK (state IN ('open', 'decided', 'refused', 'closed')),
  opened_at_ms   INTEGER NOT NULL,
  ended_at_ms    INTEGER,
  evidence       TEXT CHECK (evidence LIKE '{%}'),
  CHECK ((state = 'open') = (ended_at_ms IS NULL)),
  CHECK ((state = 'decided') = (evidence IS NOT NULL))
) STRICT;
CREATE INDEX reviews_open ON reviews (opened_at_ms) WHERE state = 'open';

CREATE TRIGGER reviews_move BEFORE UPDATE ON reviews BEGIN
  SELECT RAISE(ABORT, 'a review moves once, from open, and else keeps what it says')
  WHERE OLD.state <> 'open' OR (OLD.key, OLD.case_reference, OLD.question, OLD.text, OLD.ticket, OLD.opened_at_ms)
                               IS NOT (NEW.key, NEW.case_reference, NEW.question, NEW.text, NEW.ticket, NEW.opened_at_ms);
END;
CREATE TRIGGER reviews_last BEFORE DELETE ON reviews BEGIN SELECT RAISE(ABORT, 'a review is kept'); END;
)sql";

}  // namespace redress::books
