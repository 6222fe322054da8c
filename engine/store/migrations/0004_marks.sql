-- How far readers of the journal have come: what is delivered elsewhere goes on from here. No part of any history.
CREATE TABLE marks (
  name     TEXT    NOT NULL PRIMARY KEY,
  position INTEGER NOT NULL CHECK (position >= 0)
) STRICT, WITHOUT ROWID;
