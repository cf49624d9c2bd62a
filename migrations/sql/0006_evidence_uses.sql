-- Which bytes were attached where: a read model of its own beside the score tables, so that the same file in another
-- unit or year is found by its digest. It moves no score, is no part of a replay, and may be thrown away: truncated
-- and set back to position 0 it makes itself again.

SET LOCAL ROLE kaohe_worker;

CREATE TABLE scores.evidence_uses (
    digest    text COLLATE "C" NOT NULL,
    cycle     text COLLATE "C" NOT NULL, unit text COLLATE "C" NOT NULL, item text COLLATE "C" NOT NULL,
    leaf      text COLLATE "C" NOT NULL, evidence text COLLATE "C" NOT NULL,
    position  bigint NOT NULL,
    withdrawn boolean NOT NULL DEFAULT false,
    again     boolean NOT NULL DEFAULT false, -- the digest stands in another row too
    PRIMARY KEY (cycle, unit, item, evidence)
);
CREATE INDEX evidence_uses_digest ON scores.evidence_uses (digest);
-- A report asks for what was used again, which is little of a year: it reads no more than that.
CREATE INDEX evidence_uses_again ON scores.evidence_uses (cycle, digest) WHERE again;

-- How far the record has been followed; whoever locks the one row follows it.
CREATE TABLE scores.evidence_followed (
    single   boolean PRIMARY KEY DEFAULT true CHECK (single),
    position bigint NOT NULL DEFAULT 0
);
INSERT INTO scores.evidence_followed DEFAULT VALUES;

-- Events about files that no program could read; the others were followed.
CREATE TABLE scores.evidence_parked (
    stream   text COLLATE "C" NOT NULL,
    position bigint PRIMARY KEY,
    error    text NOT NULL
);
RESET ROLE;
