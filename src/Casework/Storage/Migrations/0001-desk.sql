-- What the Desk stores. Every key is random and no table has row ids: powered off, it tells counts, sizes and days.

-- What anybody may know of the organisation: it stands on leaflets and in what Intake serves.
CREATE TABLE instance (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    root BLOB NOT NULL,          -- Ed25519 public key; its SHA-256 is the instance id
    name TEXT NOT NULL,
    passes INTEGER NOT NULL,     -- what a sign-in costs; never below the floor in the code
    memory INTEGER NOT NULL,
    journal BLOB NOT NULL,       -- the organisation's own journal
    node BLOB NOT NULL,          -- public key of this machine; the seed is a file beside this one
    recovery BLOB NOT NULL,      -- the recipient that recovery opens
    recoverable BLOB NOT NULL    -- what was sealed to it
) STRICT;

-- What the keys of a sign-in lead to. There is no name.
CREATE TABLE keyrings (
    look_up BLOB PRIMARY KEY,
    root BLOB NOT NULL,          -- the user's root, sealed under the key that the passphrase gives
    chain BLOB NOT NULL,
    profile BLOB NOT NULL        -- sealed under the root
) STRICT, WITHOUT ROWID;

CREATE TABLE chains (
    chain BLOB PRIMARY KEY,
    head BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE segments (
    chain BLOB NOT NULL,
    number INTEGER NOT NULL,
    segment BLOB NOT NULL,
    PRIMARY KEY (chain, number)
) STRICT, WITHOUT ROWID;

-- What the collector brought and nobody has opened yet.
CREATE TABLE arrivals (
    request BLOB PRIMARY KEY,
    look_up BLOB NOT NULL,
    kind INTEGER NOT NULL,
    day INTEGER NOT NULL,
    position INTEGER NOT NULL,   -- Intake's; the order within a conversation
    sealed BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX arrivals_of ON arrivals (look_up, position);

-- Whose arrivals are whose.
CREATE TABLE conversations (
    look_up BLOB PRIMARY KEY,
    journal BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE entries (
    journal BLOB NOT NULL,
    sequence INTEGER NOT NULL,
    leaf INTEGER NOT NULL,       -- its place in the organisation's log
    entry BLOB NOT NULL,
    PRIMARY KEY (journal, sequence)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX entries_by_leaf ON entries (leaf);

CREATE TABLE log (
    level INTEGER NOT NULL,
    number INTEGER NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (level, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE cards (
    journal BLOB PRIMARY KEY,
    card BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- Drafts and templates: sealed, and named by what only their owner can compute.
CREATE TABLE rows (
    row BLOB PRIMARY KEY,
    sealed BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- Answers on their way to Intake, and of which case an answer is that Intake says was fetched.
CREATE TABLE outbox (
    request BLOB PRIMARY KEY,
    journal BLOB NOT NULL,
    position INTEGER NOT NULL,   -- the order within a conversation
    envelope BLOB                -- null when Intake has it
) STRICT, WITHOUT ROWID;

CREATE TABLE fetched (
    request BLOB PRIMARY KEY,
    day INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Conversations that were junk, until Intake was told.
CREATE TABLE discarded (
    look_up BLOB PRIMARY KEY,
    told INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE inbox_keys (
    number INTEGER PRIMARY KEY,
    statement BLOB NOT NULL,
    told INTEGER NOT NULL
) STRICT;

-- How far the collector is.
CREATE TABLE collector (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    store BLOB NOT NULL,
    cursor INTEGER NOT NULL,
    told INTEGER NOT NULL
) STRICT;
