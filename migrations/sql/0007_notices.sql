-- Notices: who was told of which event, and what became of each delivery. Made from the record by position; no row
-- ever goes away, or the same notice could be made, and sent, a second time.

CREATE SCHEMA notices AUTHORIZATION kaohe_record;
SET LOCAL ROLE kaohe_record;

-- How far the record has been read for notices. What was recorded before there were notices tells nobody any more.
CREATE TABLE notices.progress (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    position bigint NOT NULL,
    moved_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
INSERT INTO notices.progress (position)
     SELECT coalesce((SELECT first + count - 1 FROM record.ledger ORDER BY first DESC LIMIT 1), 0);

-- cause: an event's id, or "dead-letters/{day}". act, unit, departments: by which right the person is told.
CREATE TABLE notices.notices (
    cause       text COLLATE "C" NOT NULL,
    person      text COLLATE "C" NOT NULL,
    number      bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    position    bigint NOT NULL,
    type        text COLLATE "C" NOT NULL,
    stream      text COLLATE "C" NOT NULL,
    kind        text COLLATE "C" NOT NULL,
    act         text COLLATE "C" NOT NULL,
    unit        text COLLATE "C" NOT NULL,
    departments text[] NOT NULL,
    occurred_at timestamptz NOT NULL,
    PRIMARY KEY (cause, person)
);
CREATE INDEX notices_of ON notices.notices (person, number DESC);

-- The outbox. One row an event, person and channel, for ever: the key is what makes "never twice" hold.
CREATE TABLE notices.deliveries (
    id         text COLLATE "C" PRIMARY KEY CHECK (id ~ '^[0-9a-f]{32}$'),
    cause      text COLLATE "C" NOT NULL,
    person     text COLLATE "C" NOT NULL,
    channel    text COLLATE "C" NOT NULL CHECK (channel IN ('email', 'webhook')),
    number     bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    state      text COLLATE "C" NOT NULL DEFAULT 'queued'
               CHECK (state IN ('queued', 'taken', 'sending', 'sent', 'dead', 'uncertain', 'cancelled')),
    attempts   integer NOT NULL DEFAULT 0,
    resendings integer NOT NULL DEFAULT 0,
    why        text COLLATE "C" NOT NULL DEFAULT '' CHECK (length(why) <= 40),
    due_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
    changed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    UNIQUE (cause, person, channel),
    FOREIGN KEY (cause, person) REFERENCES notices.notices
);
CREATE INDEX deliveries_due ON notices.deliveries (channel, due_at, number) WHERE state = 'queued';
CREATE INDEX deliveries_busy ON notices.deliveries (number) WHERE state IN ('taken', 'sending');
CREATE INDEX deliveries_dead ON notices.deliveries (number) WHERE state IN ('dead', 'uncertain');
CREATE INDEX deliveries_of ON notices.deliveries (person) WHERE state NOT IN ('sent', 'cancelled');

-- The state machine, held by the table itself: what was sent stays sent, and what may have arrived is not queued again
-- but by a resending that the record orders (it raises resendings by one).
CREATE FUNCTION notices.refuse_step() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE resent boolean := NEW.resendings = OLD.resendings + 1;
BEGIN
    IF NEW.state = OLD.state AND NEW.resendings = OLD.resendings AND OLD.state = 'queued' THEN
        RETURN NEW; -- put off
    END IF;
    IF resent AND OLD.state IN ('dead', 'uncertain') AND NEW.state = 'queued' THEN
        RETURN NEW;
    END IF;
    IF NEW.resendings = OLD.resendings AND (OLD.state, NEW.state) IN (
        ('queued', 'taken'), ('queued', 'cancelled'),
        ('taken', 'queued'), ('taken', 'sending'), ('taken', 'dead'), ('taken', 'cancelled'),
        ('sending', 'sent'), ('sending', 'queued'), ('sending', 'dead'), ('sending', 'uncertain'),
        ('uncertain', 'sent'), ('uncertain', 'cancelled'), ('dead', 'cancelled')) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a delivery does not go from % to %', OLD.state, NEW.state USING ERRCODE = 'KH012';
END $$;
CREATE TRIGGER steps BEFORE UPDATE ON notices.deliveries FOR EACH ROW EXECUTE FUNCTION notices.refuse_step();

-- Workers write to the outbox, but forget nothing and change nothing that says who was told of what.
REVOKE ALL ON FUNCTION notices.refuse_step() FROM PUBLIC;
GRANT USAGE ON SCHEMA notices TO kaohe_service, kaohe_worker;
GRANT SELECT ON ALL TABLES IN SCHEMA notices TO kaohe_service, kaohe_worker;
GRANT INSERT ON notices.notices, notices.deliveries TO kaohe_worker;
GRANT UPDATE (position, moved_at) ON notices.progress TO kaohe_worker;
GRANT UPDATE (state, attempts, resendings, why, due_at, changed_at) ON notices.deliveries TO kaohe_worker;

-- The workers' one look into the vault: addresses and keys of notices, never a name or a file's name.
CREATE FUNCTION vault.lend(p_commitments bytea[])
RETURNS TABLE (commitment bytea, context text, sealed bytea, key bytea)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT s.commitment, s.context, s.sealed, k.key FROM vault.secrets AS s JOIN vault.keys AS k USING (subject)
     WHERE s.commitment = ANY (p_commitments) AND s.context IN ('notice.email', 'notice.webhook', 'notice.secret');
$$;
REVOKE ALL ON FUNCTION vault.lend(bytea[]) FROM PUBLIC;
GRANT USAGE ON SCHEMA vault TO kaohe_worker;
GRANT EXECUTE ON FUNCTION vault.lend(bytea[]) TO kaohe_worker;
RESET ROLE;
