-- Read models. They belong to the workers' role and may be thrown away at any time: a replay makes them again.

CREATE SCHEMA scores AUTHORIZATION kaohe_worker;
SET LOCAL ROLE kaohe_worker;

-- How far each share of the streams has been projected. epoch rises with every swap and fences old workers.
CREATE TABLE scores.checkpoints (
    projection text NOT NULL,
    partition  smallint NOT NULL,
    low        smallint NOT NULL,
    high       smallint NOT NULL,
    position   bigint NOT NULL DEFAULT 0,
    epoch      integer NOT NULL DEFAULT 1,
    moved_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (projection, partition)
);
INSERT INTO scores.checkpoints (projection, partition, low, high) VALUES ('scores', 0, 0, 32), ('scores', 1, 32, 64);

-- Streams that a projection could not read; it goes on without them.
CREATE TABLE scores.parked (
    projection text NOT NULL,
    stream     text COLLATE "C" NOT NULL,
    position   bigint NOT NULL,
    error      text NOT NULL,
    parked_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (projection, stream)
);

-- Replays from position 1 into shadow tables named "<table>__<suffix>", for a recomputation to compare or to apply.
CREATE TABLE scores.replays (
    recomputation text PRIMARY KEY,
    purpose    text NOT NULL CHECK (purpose IN ('compare', 'apply')),
    suffix     text NOT NULL UNIQUE CHECK (suffix ~ '^[0-9a-f]{8}$'),
    phase      text NOT NULL CHECK (phase IN ('filling', 'standing', 'ready', 'checked', 'recording', 'refused')),
    upto       bigint NOT NULL,
    position   bigint NOT NULL DEFAULT 0,
    outcome    bytea,
    started_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);

-- The streams from low up to high. Whoever locks an unfilled share fills it; a worker that dies leaves it as it was.
CREATE TABLE scores.replay_shares (
    recomputation text NOT NULL REFERENCES scores.replays ON DELETE CASCADE,
    share      smallint NOT NULL,
    low        text COLLATE "C" NOT NULL,
    high       text COLLATE "C" NOT NULL,
    events     bigint NOT NULL DEFAULT 0,
    filled_at  timestamptz,
    PRIMARY KEY (recomputation, share)
);

CREATE TABLE scores.enrolments (
    cycle text COLLATE "C" NOT NULL, unit text COLLATE "C" NOT NULL, position bigint NOT NULL,
    PRIMARY KEY (cycle, unit)
);

-- All points in hundredths. maximum NULL: a bonus without a cap.
CREATE TABLE scores.leaf_scores (
    cycle text COLLATE "C" NOT NULL, unit text COLLATE "C" NOT NULL, item text COLLATE "C" NOT NULL,
    leaf text COLLATE "C" NOT NULL, department text COLLATE "C" NOT NULL,
    claimed integer NOT NULL, verified integer NOT NULL, final integer NOT NULL, maximum integer,
    status text COLLATE "C" NOT NULL, position bigint NOT NULL,
    PRIMARY KEY (cycle, unit, leaf)
) WITH (fillfactor = 80);

CREATE TABLE scores.score_history (
    cycle text COLLATE "C" NOT NULL, unit text COLLATE "C" NOT NULL, item text COLLATE "C" NOT NULL,
    leaf text COLLATE "C" NOT NULL, position bigint NOT NULL,
    event text COLLATE "C" NOT NULL, type text COLLATE "C" NOT NULL,
    claimed integer NOT NULL, verified integer NOT NULL, final integer NOT NULL,
    PRIMARY KEY (cycle, unit, leaf, position)
);

CREATE TABLE scores.review_queue (
    cycle text COLLATE "C" NOT NULL, unit text COLLATE "C" NOT NULL, item text COLLATE "C" NOT NULL,
    leaf text COLLATE "C" NOT NULL, department text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL, subject text COLLATE "C" NOT NULL, position bigint NOT NULL,
    PRIMARY KEY (cycle, unit, item, kind, subject)
);

CREATE TABLE scores.unit_scores (
    cycle text COLLATE "C" NOT NULL, unit text COLLATE "C" NOT NULL, cohort text COLLATE "C" NOT NULL,
    claimed integer NOT NULL, verified integer NOT NULL,
    base integer NOT NULL, bonus integer NOT NULL, total integer NOT NULL, rank integer NOT NULL,
    body bytea NOT NULL,
    PRIMARY KEY (cycle, unit)
) WITH (fillfactor = 70);

CREATE TABLE scores.department_scores (
    cycle text COLLATE "C" NOT NULL, department text COLLATE "C" NOT NULL,
    won bigint NOT NULL, possible bigint NOT NULL, bonus bigint NOT NULL, rank integer NOT NULL,
    PRIMARY KEY (cycle, department)
);

GRANT USAGE ON SCHEMA scores TO kaohe_service;
GRANT SELECT ON ALL TABLES IN SCHEMA scores TO kaohe_service;
ALTER DEFAULT PRIVILEGES IN SCHEMA scores GRANT SELECT ON TABLES TO kaohe_service;
RESET ROLE;
