// The tables of the billing database, with the rules that no program may break: it is the company's record of what was done.
#pragma once

namespace redress::billing {

inline constexpr int schema_application_id = 0x52424c4c;  // "RBLL"
inline constexpr int schema_version = 1;

// Amounts are whole minor units (cents). An entry belongs to a posting; a posting commits only with its seal (a deferred
// foreign key), and a seal is given only to entries that balance. So no connection, not even a careless one, can store half a
// posting.
inline constexpr const char* schema_sql = R"sql(
CREATE TABLE accounts (
  account  TEXT PRIMARY KEY CHECK (length(account) BETWEEN 1 AND 20),
  name     TEXT NOT NULL,
  currency TEXT NOT NULL CHECK (currency GLOB '[A-Z][A-Z][A-Z]'),
  payout   TEXT NOT NULL CHECK (payout IN ('card', 'bank_transfer', 'bank_transfer_manual'))
) STRICT, WITHOUT ROWID;

CREATE TABLE handles (
  channel TEXT NOT NULL,
  handle  TEXT NOT NULL COLLATE NOCASE CHECK (length(handle) > 0),
  account TEXT NOT NULL REFERENCES accounts,
  PRIMARY KEY (handle, channel)
) STRICT, WITHOUT ROWID;

CREATE TABLE postings (
  posting INTEGER PRIMARY KEY REFERENCES seals DEFERRABLE INITIALLY DEFERRED,
  what    TEXT NOT NULL CHECK (what IN ('charge', 'refund', 'confirm', 'return', 'reverse')),
  subject TEXT NOT NULL
) STRICT;

CREATE TABLE entries (
  posting      INTEGER NOT NULL REFERENCES postings,
  line         INTEGER NOT NULL,
  ledger       TEXT NOT NULL CHECK (ledger IN ('cash', 'revenue', 'refunds', 'in_transit')),
  account      TEXT NOT NULL REFERENCES accounts,
  debit_minor  INTEGER NOT NULL CHECK (debit_minor BETWEEN 0 AND 1000000000000),
  credit_minor INTEGER NOT NULL CHECK (credit_minor BETWEEN 0 AND 1000000000000),
  currency     TEXT NOT NULL,
  PRIMARY KEY (posting, line),
  CHECK ((debit_minor = 0) <> (credit_minor = 0))
) STRICT, WITHOUT ROWID;

CREATE TABLE seals (posting INTEGER PRIMARY KEY REFERENCES postings) STRICT;

CREATE TRIGGER seals_need_balance BEFORE INSERT ON seals BEGIN
  SELECT RAISE(ABORT, 'a posting has debits equal to credits, in one currency')
  WHERE (SELECT count(*) >= 2 AND sum(debit_minor) = sum(credit_minor) AND count(DISTINCT currency) = 1
         FROM entries WHERE posting = NEW.posting) IS NOT 1;
END;
CREATE TRIGGER entries_end_with_seal BEFORE INSERT ON entries BEGIN
  SELECT RAISE(ABORT, 'a sealed posting takes no more entries') WHERE EXISTS (SELECT 1 FROM seals WHERE posting = NEW.posting);
END;

CREATE TABLE charges (
  id             TEXT PRIMARY KEY,
  account        TEXT NOT NULL REFERENCES accounts,
  what           TEXT NOT NULL,
  period         TEXT,             -- What is charged for, "2017-10": one thing is owed once in a period. NULL: no such rule.
  amount_minor   INTEGER NOT NULL CHECK (amount_minor BETWEEN 1 AND 1000000000000),
  expected_minor INTEGER NOT NULL CHECK (expected_minor BETWEEN 0 AND 1000000000000),  -- What the tariff says.
  currency       TEXT NOT NULL CHECK (currency GLOB '[A-Z][A-Z][A-Z]'),
  charged_at     TEXT NOT NULL CHECK (charged_at GLOB '????-??-??T??:??:??Z'),
  duplicate_of   TEXT,             -- Known to be charged again by mistake.
  posting        INTEGER NOT NULL UNIQUE REFERENCES postings,
  UNIQUE (account, id),
  FOREIGN KEY (account, duplicate_of) REFERENCES charges (account, id),
  CHECK (duplicate_of IS NULL OR duplicate_of <> id)
) STRICT, WITHOUT ROWID;
CREATE INDEX charges_by_period ON charges (account, what, period, amount_minor);

CREATE TRIGGER charges_agree BEFORE INSERT ON charges BEGIN
  SELECT RAISE(ABORT, 'a charge repeats an original, never another duplicate')
  WHERE NEW.duplicate_of IN (SELECT id FROM charges WHERE duplicate_of IS NOT NULL);
  SELECT RAISE(ABORT, 'a charge is what its posting credits to revenue')
  WHERE NOT EXISTS (SELECT 1 FROM entries WHERE posting = NEW.posting AND ledger = 'revenue' AND account = NEW.account
                    AND credit_minor = NEW.amount_minor AND currency = NEW.currency);
END;

-- What is wrong with each charge, and by how much. The whole of a repeated charge, else what exceeds the tariff.
CREATE VIEW overcharges AS
  SELECT account, id, charged_at, kind,
         CASE kind WHEN 'duplicate' THEN amount_minor ELSE amount_minor - expected_minor END AS over_minor
  FROM (SELECT account, id, charged_at, amount_minor, expected_minor,
               CASE WHEN duplicate_of IS NOT NULL OR EXISTS (
                           SELECT 1 FROM charges AS first
                           WHERE first.account = charges.account AND first.what = charges.what AND first.period = charges.period
                             AND first.amount_minor = charges.amount_minor AND first.currency = charges.currency
                             AND first.duplicate_of IS NULL AND (first.charged_at, first.id) < (charges.charged_at, charges.id))
                    THEN 'duplicate' ELSE 'wrong' END AS kind
        FROM charges)
  WHERE kind = 'duplicate' OR amount_minor > expected_minor;

CREATE TABLE refunds (
  key          TEXT PRIMARY KEY CHECK (length(key) > 0),
  account      TEXT NOT NULL REFERENCES accounts,
  amount_minor INTEGER NOT NULL CHECK (amount_minor BETWEEN 1 AND 1000000000000),
  currency     TEXT NOT NULL,
  receipt      TEXT NOT NULL UNIQUE CHECK (length(receipt) BETWEEN 1 AND 20),
  state        TEXT NOT NULL CHECK (state IN ('sent', 'paid', 'returned', 'reversed')),
  posting      INTEGER NOT NULL UNIQUE REFERENCES postings,
  at_ms        INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX refunds_by_account ON refunds (account);

CREATE TRIGGER refunds_agree BEFORE INSERT ON refunds BEGIN
  SELECT RAISE(ABORT, 'a refund begins as sent or paid') WHERE NEW.state NOT IN ('sent', 'paid');
  SELECT RAISE(ABORT, 'a refund is in its account''s currency')
  WHERE NEW.currency IS NOT (SELECT currency FROM accounts WHERE account = NEW.account);
  SELECT RAISE(ABORT, 'a refund is what its posting debits to refunds')
  WHERE NOT EXISTS (SELECT 1 FROM entries WHERE posting = NEW.posting AND ledger = 'refunds' AND account = NEW.account
                    AND debit_minor = NEW.amount_minor AND currency = NEW.currency);
  SELECT RAISE(ABORT, 'refunds never exceed what was overcharged')
  WHERE NEW.amount_minor + (SELECT coalesce(sum(amount_minor), 0) FROM refunds
                            WHERE account = NEW.account AND state IN ('sent', 'paid'))
        > (SELECT coalesce(sum(over_minor), 0) FROM overcharges WHERE account = NEW.account);
END;
CREATE TRIGGER refunds_move BEFORE UPDATE ON refunds BEGIN
  SELECT RAISE(ABORT, 'a refund moves from sent to paid or returned, from paid to returned or reversed, and else stays')
  WHERE (OLD.state || '>' || NEW.state) NOT IN ('sent>paid', 'sent>returned', 'paid>returned', 'paid>reversed')
     OR (OLD.key, OLD.account, OLD.amount_minor, OLD.currency, OLD.receipt, OLD.posting, OLD.at_ms)
        IS NOT (NEW.key, NEW.account, NEW.amount_minor, NEW.currency, NEW.receipt, NEW.posting, NEW.at_ms);
END;

CREATE TABLE reversals (
  key      TEXT PRIMARY KEY CHECK (length(key) > 0),
  receipt  TEXT NOT NULL UNIQUE REFERENCES refunds (receipt),
  reversal TEXT NOT NULL UNIQUE CHECK (length(reversal) BETWEEN 1 AND 20),
  posting  INTEGER NOT NULL UNIQUE REFERENCES postings,
  at_ms    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TRIGGER postings_stay BEFORE UPDATE ON postings BEGIN SELECT RAISE(ABORT, 'books are only appended to'); END;
CREATE TRIGGER postings_last BEFORE DELETE ON postings BEGIN SELECT RAISE(ABORT, 'books are only appended to'); END;
CREATE TRIGGER entries_stay BEFORE UPDATE ON entries BEGIN SELECT RAISE(ABORT, 'books are only appended to'); END;
CREATE TRIGGER entries_last BEFORE DELETE ON entries BEGIN SELECT RAISE(ABORT, 'books are only appended to'); END;
CREATE TRIGGER seals_stay BEFORE UPDATE ON seals BEGIN SELECT RAISE(ABORT, 'books are only appended to'); END;
CREATE TRIGGER seals_last BEFORE DELETE ON seals BEGIN SELECT RAISE(ABORT, 'books are only appended to'); END;
CREATE TRIGGER charges_stay BEFORE UPDATE ON charges BEGIN SELECT RAISE(ABORT, 'books are only appended to'); END;
CREATE TRIGGER charges_last BEFORE DELETE ON charges BEGIN SELECT RAISE(ABORT, 'books are only appended to'); END;
CREATE TRIGGER refunds_last BEFORE DELETE ON refunds BEGIN SELECT RAISE(ABORT, 'books are only appended to'); END;
CREATE TRIGGER reversals_stay BEFORE UPDATE ON reversals BEGIN SELECT RAISE(ABORT, 'books are only appended to'); END;
CREATE TRIGGER reversals_last BEFORE DELETE ON reversals BEGIN SELECT RAISE(ABORT, 'books are only appended to'); END;
)sql";

}  // namespace redress::billing
