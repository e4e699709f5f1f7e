-- Many hands: who works here, and keys on their way from one to another. Still nothing tells a name or who works which case.

-- The directory's journal, and that of readings.
CREATE TABLE directory (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    journal BLOB NOT NULL,
    readings BLOB NOT NULL
) STRICT;

-- Keys for somebody, in a box that only they and those who share with them can name.
CREATE TABLE wraps (
    id BLOB PRIMARY KEY,         -- the first half of the wrap's hash
    box BLOB NOT NULL,
    until INTEGER,               -- the last day on which it may be opened; null: it is opened once
    wrap BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX wraps_of ON wraps (box);

-- "Look again at what you may read."
CREATE TABLE notices (
    id BLOB PRIMARY KEY,
    box BLOB NOT NULL,
    notice BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX notices_of ON notices (box);

-- That a shared key was given to somebody; only who has the key can tell to whom.
CREATE TABLE given (
    tag BLOB PRIMARY KEY
) STRICT, WITHOUT ROWID;

CREATE TABLE invitations (
    look_up BLOB PRIMARY KEY,
    invitation BLOB NOT NULL,    -- sealed under the code
    claim BLOB,                  -- what the newcomer left: sealed alike
    until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The key of each keychain, sealed to the recovery recipient.
CREATE TABLE recoverables (
    chain BLOB PRIMARY KEY,
    sealed BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- Keys of closed cases, sealed to the archive, which coordinators open case by case. Rows are added and never replaced: who
-- writes later may have fewer keys.
CREATE TABLE archive (
    id BLOB PRIMARY KEY,
    journal BLOB NOT NULL,
    day INTEGER NOT NULL,        -- on which it was closed
    sealed BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX archive_of ON archive (journal);
CREATE INDEX archive_by_day ON archive (day);
