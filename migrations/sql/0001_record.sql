-- The record: events, requests, pending, ledger. No row of it is ever changed; only pending ones go away.
-- Everything here belongs to the NOLOGIN role kaohe_record; the others may execute and read, never write.

CREATE SCHEMA record AUTHORIZATION kaohe_record;
SET LOCAL ROLE kaohe_record;

-- Drawn after the stream's previous event was seen committed, so it rises along every stream. CACHE 1: a
-- session keeps none back.
CREATE SEQUENCE record.commit_seq AS bigint CACHE 1;

-- slot = first byte of SHA-256(stream) mod 64: a stable share of the streams, so that projections can be split.
-- Not partitioned by it: partitions made an append a sixth dearer, and a read by commit_seq would ask each of them.
CREATE TABLE record.events (
    slot        smallint NOT NULL,
    stream      text COLLATE "C" NOT NULL,
    version     integer NOT NULL,
    type        text COLLATE "C" NOT NULL,
    recorded_at timestamptz NOT NULL,
    commit_seq  bigint NOT NULL,
    ordinal     integer NOT NULL,
    entry       bytea NOT NULL CHECK (octet_length(entry) <= 65535),
    PRIMARY KEY (stream, version)
);
CREATE INDEX events_commit ON record.events (commit_seq, ordinal);

-- The requests that were answered with a commit, so that the same request gets the same answer for ever.
CREATE TABLE record.requests (
    actor      text COLLATE "C" NOT NULL CHECK (length(actor) <= 200),
    key        text COLLATE "C" NOT NULL CHECK (length(key) BETWEEN 1 AND 200),
    hash       bytea NOT NULL CHECK (octet_length(hash) = 32),
    commit_seq bigint NOT NULL,
    PRIMARY KEY (actor, key)
);

-- Committed but not yet ordered.
CREATE TABLE record.pending (
    commit_seq bigint PRIMARY KEY,
    count      integer NOT NULL
);

-- The order: positions first … first + count − 1 belong to the events of one commit.
CREATE TABLE record.ledger (
    first      bigint PRIMARY KEY CHECK (first > 0),
    count      integer NOT NULL CHECK (count > 0),
    commit_seq bigint NOT NULL UNIQUE,
    sealed_at  timestamptz NOT NULL
);

-- Documents that events name by hash (a rubric's canonical text): content-addressed, never changed.
CREATE TABLE record.documents (
    hash bytea PRIMARY KEY CHECK (hash = sha256(body)),
    body bytea NOT NULL CHECK (octet_length(body) <= 4194304)
);

CREATE FUNCTION record.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the record is immutable: % on %', TG_OP, TG_TABLE_NAME USING ERRCODE = 'KH009';
END $$;

DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['events', 'requests', 'ledger', 'documents'] LOOP
        EXECUTE format('CREATE TRIGGER immutable BEFORE UPDATE OR DELETE ON record.%I
                        FOR EACH ROW EXECUTE FUNCTION record.refuse_change()', name);
    END LOOP;
    FOREACH name IN ARRAY ARRAY['events', 'requests', 'ledger', 'documents', 'pending'] LOOP
        EXECUTE format('CREATE TRIGGER untruncated BEFORE TRUNCATE ON record.%I
                        FOR EACH STATEMENT EXECUTE FUNCTION record.refuse_change()', name);
    END LOOP;
END $$;

-- What append reads from the entries themselves: the columns beside an entry agree with it by construction.
CREATE TYPE record.attributes AS (
    subject text, streamversion integer, type text, "time" timestamptz, prevhash text
);

-- SQL functions of one expression: the planner puts them in place, so they cost no call.
CREATE FUNCTION record.parse(p_entry bytea) RETURNS record.attributes LANGUAGE sql
    RETURN json_populate_record(NULL::record.attributes, convert_from(p_entry, 'UTF8')::json);

CREATE FUNCTION record.slot(p_stream text) RETURNS smallint LANGUAGE sql
    RETURN (get_byte(sha256(convert_to(p_stream, 'UTF8')), 0) % 64)::smallint;

CREATE FUNCTION record.leaf(p_entry bytea) RETURNS text LANGUAGE sql
    RETURN encode(sha256('\x00'::bytea || p_entry), 'hex');

-- All attributes are there, the time is now, and only a first event names no leaf before it.
CREATE FUNCTION record.sound(p_item record.attributes) RETURNS boolean LANGUAGE sql
    RETURN length((p_item).subject) BETWEEN 1 AND 200 AND (p_item).type <> ''
           AND (p_item).streamversion > 0 AND ((p_item).streamversion = 1) = ((p_item).prevhash IS NULL)
           AND (p_item)."time" BETWEEN clock_timestamp() - interval '10 s' AND clock_timestamp() + interval '10 s';

-- Refuses an entry that is not sound or does not stand at its stream's end.
CREATE FUNCTION record.follow(p_item record.attributes) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    last integer;
    prev text;
BEGIN
    IF record.sound(p_item) IS NOT TRUE THEN
        RAISE EXCEPTION 'an entry lacks an attribute or its time is not now' USING ERRCODE = 'KH003';
    END IF;
    SELECT version, record.leaf(entry) INTO last, prev
      FROM record.events WHERE stream = p_item.subject ORDER BY version DESC LIMIT 1;
    IF coalesce(last, 0) <> p_item.streamversion - 1 THEN
        RAISE EXCEPTION 'stream % stands at version %, not %', p_item.subject, coalesce(last, 0),
            p_item.streamversion - 1 USING ERRCODE = 'KH001', DETAIL = coalesce(last, 0)::text;
    END IF;
    IF p_item.prevhash IS DISTINCT FROM prev THEN
        RAISE EXCEPTION 'an entry does not name the leaf before it' USING ERRCODE = 'KH003';
    END IF;
END $$;

-- Appends commits of one event each, all or none, and returns their numbers in the order given. A commit without
-- a request has a NULL key; keys are NULL as a whole when none has one.
-- Two writers at one stream's end meet in the primary key: the second waits for the first, then is refused.
CREATE FUNCTION record.append_each(p_entries bytea[], p_actors text[], p_keys text[], p_hashes bytea[])
RETURNS bigint[] LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    entry bytea;
    seqs  bigint[];
BEGIN
    -- The statement's snapshot sees the predecessors committed before any number is drawn.
    WITH appended AS (
        INSERT INTO record.events
        SELECT record.slot((item).subject), (item).subject, (item).streamversion, (item).type, (item)."time",
               nextval('record.commit_seq'), 0, given.entry
          FROM (SELECT each.entry, record.parse(each.entry) AS item FROM unnest(p_entries) AS each (entry) OFFSET 0)
            AS given
         WHERE record.sound(item) AND (item).prevhash IS NOT DISTINCT FROM (
               SELECT record.leaf(prior.entry) FROM record.events prior
                WHERE prior.stream = (item).subject AND prior.version = (item).streamversion - 1)
        RETURNING commit_seq
    ), queued AS (
        INSERT INTO record.pending SELECT commit_seq, 1 FROM appended
    )
    SELECT array_agg(commit_seq ORDER BY commit_seq) INTO seqs FROM appended;
    IF cardinality(seqs) IS DISTINCT FROM cardinality(p_entries) THEN
        FOREACH entry IN ARRAY p_entries LOOP
            PERFORM record.follow(record.parse(entry));
        END LOOP;
        RAISE EXCEPTION 'the commits do not go together' USING ERRCODE = 'KH003';
    END IF;
    IF p_keys IS NOT NULL THEN
        INSERT INTO record.requests
        SELECT actor, key, hash, seq FROM unnest(p_actors, p_keys, p_hashes, seqs) AS given (actor, key, hash, seq)
         WHERE key IS NOT NULL ORDER BY actor, key;
    END IF;
    RETURN seqs;
END $$;

-- Appends one commit of several events and returns its number. Events of one stream stand together, in stream
-- order, streams in sorted order.
CREATE FUNCTION record.append(p_entries bytea[], p_actor text, p_key text, p_hash bytea) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    one    bytea;
    prior  bytea;
    item   record.attributes;
    before record.attributes;
    seq    bigint;
BEGIN
    FOREACH one IN ARRAY coalesce(p_entries, '{}') LOOP
        item := record.parse(one);
        IF item.subject = before.subject THEN
            IF record.sound(item) IS NOT TRUE OR item.streamversion <> before.streamversion + 1
               OR item.prevhash IS DISTINCT FROM record.leaf(prior) THEN
                RAISE EXCEPTION 'an entry does not follow the one before it' USING ERRCODE = 'KH003';
            END IF;
        ELSIF item.subject COLLATE "C" < before.subject THEN
            RAISE EXCEPTION 'streams of a commit come in sorted order' USING ERRCODE = 'KH003';
        ELSE
            PERFORM record.follow(item);
        END IF;
        before := item; prior := one;
    END LOOP;
    IF prior IS NULL THEN
        RAISE EXCEPTION 'a commit holds at least one event' USING ERRCODE = 'KH003';
    END IF;
    -- Only now, when every stream's last event was seen committed.
    seq := nextval('record.commit_seq');
    INSERT INTO record.events
    SELECT record.slot((each).subject), (each).subject, (each).streamversion, (each).type, (each)."time", seq,
           ordinal - 1, entry
      FROM (SELECT entry, ordinal, record.parse(entry) AS each
              FROM unnest(p_entries) WITH ORDINALITY AS given (entry, ordinal) OFFSET 0) AS parsed
     ORDER BY ordinal;
    IF p_key IS NOT NULL THEN
        INSERT INTO record.requests VALUES (p_actor, p_key, p_hash, seq);
    END IF;
    INSERT INTO record.pending VALUES (seq, cardinality(p_entries));
    RETURN seq;
END $$;

-- Gives positions to what has been committed. Anyone may call it; one at a time does the work.
-- A position is given only to what this transaction can already see, so nobody can be skipped; a stream's
-- commits rise in commit_seq, so stream order holds. Returns the last position, NULL when another is at it.
CREATE FUNCTION record.seal(p_limit integer DEFAULT 20000) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    last bigint;
    sealed bigint;
BEGIN
    -- Under a snapshot older than the lock, an earlier sealer's rows would be invisible.
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'seal runs at read committed' USING ERRCODE = 'KH003';
    END IF;
    IF NOT pg_try_advisory_xact_lock(hashtext('record.seal')) THEN RETURN NULL; END IF;
    SELECT coalesce(max(first + count) - 1, 0) INTO last
      FROM (SELECT first, count FROM record.ledger ORDER BY first DESC LIMIT 1) AS newest;
    WITH taken AS (
        DELETE FROM record.pending
         WHERE commit_seq IN (SELECT commit_seq FROM record.pending ORDER BY commit_seq LIMIT p_limit)
        RETURNING commit_seq, count
    ), ordered AS (
        INSERT INTO record.ledger
        SELECT last + 1 + sum(count) OVER (ORDER BY commit_seq) - count, count, commit_seq, clock_timestamp()
          FROM taken ORDER BY commit_seq
        RETURNING count
    )
    SELECT sum(count) INTO sealed FROM ordered;
    RETURN last + coalesce(sealed, 0);
END $$;

CREATE FUNCTION record.keep_document(p_body bytea) RETURNS bytea
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO record.documents VALUES (sha256(p_body), p_body) ON CONFLICT DO NOTHING;
    SELECT sha256(p_body);
$$;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA record FROM PUBLIC;
GRANT USAGE ON SCHEMA record TO kaohe_service, kaohe_worker;
GRANT SELECT ON ALL TABLES IN SCHEMA record TO kaohe_service, kaohe_worker;
GRANT EXECUTE ON FUNCTION record.append(bytea[], text, text, bytea),
      record.append_each(bytea[], text[], text[], bytea[]), record.seal(integer),
      record.keep_document(bytea) TO kaohe_service, kaohe_worker;
RESET ROLE;
