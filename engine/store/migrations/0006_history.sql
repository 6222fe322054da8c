-- What history states remember of the states that were left.
ALTER TABLE cases ADD COLUMN history TEXT NOT NULL DEFAULT '';
