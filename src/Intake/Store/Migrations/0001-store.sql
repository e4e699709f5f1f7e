-- What Intake keeps (docs/decisions/0010-what-intake-stores.md). Every key is random, every table but the first without
-- row ids: nothing here is in the order in which it came. Days count from 1970-01-01 (UTC); there is no time of day.

CREATE TABLE store (
    only          INTEGER PRIMARY KEY CHECK (only = 1),
    id            BLOB NOT NULL,              -- 16 random bytes: which store a cursor is of
    tidied        INTEGER NOT NULL,           -- the last day on which retention ran
    last_listed   INTEGER NOT NULL,           -- cursors only grow, also when what they stood for is gone
    last_told     INTEGER NOT NULL,
    beat          BLOB NOT NULL               -- random, rewritten every minute: the file's own times tell nothing more
);

CREATE TABLE conversations (
    look_up       BLOB NOT NULL PRIMARY KEY,
    bearer        BLOB NOT NULL,              -- SHA-256 of the token
    bookmark      BLOB NOT NULL,              -- sealed
    day           INTEGER NOT NULL            -- of the last that was written, by either side
) WITHOUT ROWID;

-- Messages and notices that wait for the Desk.
CREATE TABLE waiting (
    request       BLOB NOT NULL PRIMARY KEY,
    look_up       BLOB NOT NULL,
    number        INTEGER NOT NULL,           -- among those of one conversation that wait; 1 again when none does
    kind          INTEGER NOT NULL,
    day           INTEGER NOT NULL,
    length        INTEGER NOT NULL,
    hash          BLOB NOT NULL,
    position      INTEGER                     -- given when it is first listed, and not before
) WITHOUT ROWID;
CREATE UNIQUE INDEX waiting_of ON waiting (look_up, number);
CREATE UNIQUE INDEX waiting_listed ON waiting (position) WHERE position IS NOT NULL;
CREATE INDEX waiting_unlisted ON waiting (look_up, number) WHERE position IS NULL;

CREATE TABLE answers (
    look_up       BLOB NOT NULL,
    number        INTEGER NOT NULL,           -- the order in which a person reads them
    request       BLOB NOT NULL UNIQUE,
    day           INTEGER NOT NULL,
    read          INTEGER,                    -- the day on which the person's device acknowledged it
    PRIMARY KEY (look_up, number)
) WITHOUT ROWID;

-- Whole envelopes, of both tables above.
CREATE TABLE envelopes (
    request       BLOB NOT NULL PRIMARY KEY,
    envelope      BLOB NOT NULL
) WITHOUT ROWID;

-- Acknowledged answers of which the Desk was not told yet.
CREATE TABLE deliveries (
    request       BLOB NOT NULL PRIMARY KEY,
    day           INTEGER NOT NULL,
    position      INTEGER
) WITHOUT ROWID;
CREATE UNIQUE INDEX deliveries_told ON deliveries (position) WHERE position IS NOT NULL;

-- What was done already, so that it is done once. Tied to no conversation.
CREATE TABLE requests (
    request       BLOB NOT NULL PRIMARY KEY,
    hash          BLOB NOT NULL,              -- SHA-256 of the whole body
    day           INTEGER NOT NULL
) WITHOUT ROWID;
