-- The record: streams (heads), commits, events, pending, ledger.
-- Everything here belongs to the NOLOGIN role kaohe_record; the others may execute and read, never write.

CREATE SCHEMA record AUTHORIZATION kaohe_record;
SET LOCAL ROLE kaohe_record;

-- One row a stream: its lock, its expected version and the leaf its next event must name. The only mutable row.
CREATE TABLE record.streams (
    stream  text COLLATE "C" PRIMARY KEY CHECK (stream <> '' AND length(stream) <= 200),
    version integer NOT NULL,
    leaf    bytea   NOT NULL
) WITH (fillfactor = 80);

-- Drawn while the stream's row is held, so it rises along every stream. CACHE 1: a session keeps none back.
CREATE SEQUENCE record.commit_seq AS bigint CACHE 1;

CREATE TABLE record.commits (
    commit_seq   bigint PRIMARY KEY,
    recorded_at  timestamptz NOT NULL,
    count        integer NOT NULL CHECK (count > 0),
    actor        text NOT NULL,
    request_key  text CHECK (length(request_key) BETWEEN 1 AND 200),
    request_hash bytea CHECK (octet_length(request_hash) = 32),
    CHECK ((request_key IS NULL) = (request_hash IS NULL))
);
CREATE UNIQUE INDEX commits_request ON record.commits (actor, request_key) WHERE request_key IS NOT NULL;

-- slot = first byte of SHA-256(stream) mod 64: a stable share of the streams, so that projections can be split
-- and (slot, stream, version) is unique although it holds the partition key.
CREATE TABLE record.events (
    slot        smallint NOT NULL,
    stream      text COLLATE "C" NOT NULL,
    version     integer NOT NULL CHECK (version > 0),
    type        text COLLATE "C" NOT NULL,
    recorded_at timestamptz NOT NULL,
    commit_seq  bigint NOT NULL,
    ordinal     integer NOT NULL,
    entry       bytea NOT NULL CHECK (octet_length(entry) <= 65535),
    PRIMARY KEY (slot, stream, version)
) PARTITION BY RANGE (slot);
CREATE INDEX events_commit ON record.events (commit_seq, ordinal);

CREATE TABLE record.events_0 PARTITION OF record.events FOR VALUES FROM (0) TO (16);
CREATE TABLE record.events_1 PARTITION OF record.events FOR VALUES FROM (16) TO (32);
CREATE TABLE record.events_2 PARTITION OF record.events FOR VALUES FROM (32) TO (48);
CREATE TABLE record.events_3 PARTITION OF record.events FOR VALUES FROM (48) TO (64);

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

-- Row triggers are cloned onto partitions; statement triggers are not, so each partition gets its own.
DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['commits', 'events', 'ledger', 'documents'] LOOP
        EXECUTE format('CREATE TRIGGER immutable BEFORE UPDATE OR DELETE ON record.%I
                        FOR EACH ROW EXECUTE FUNCTION record.refuse_change()', name);
    END LOOP;
    FOREACH name IN ARRAY ARRAY['commits', 'events', 'events_0', 'events_1', 'events_2', 'events_3',
                                'ledger', 'documents', 'streams', 'pending'] LOOP
        EXECUTE format('CREATE TRIGGER untruncated BEFORE TRUNCATE ON record.%I
                        FOR EACH STATEMENT EXECUTE FUNCTION record.refuse_change()', name);
    END LOOP;
END $$;

-- What append reads from the entries themselves: the columns beside an entry agree with it by construction.
CREATE TYPE record.parsed AS (
    ordinal integer, stream text, version integer, type text, recorded_at timestamptz, prevhash text,
    leaf bytea, entry bytea
);

CREATE FUNCTION record.parse(p_entry bytea, p_ordinal integer) RETURNS record.parsed
LANGUAGE sql IMMUTABLE AS $$
    SELECT p_ordinal, subject, streamversion, type, "time", coalesce(prevhash, ''),
           sha256('\x00'::bytea || p_entry), p_entry
      FROM json_to_record(convert_from(p_entry, 'UTF8')::json)
        AS attributes (subject text, streamversion integer, type text, "time" timestamptz, prevhash text)
$$;

-- Moves one stream's head over its entries of this commit, or names the conflict.
CREATE FUNCTION record.advance(p_stream text, p_first integer, p_last integer, p_prev text, p_leaf bytea)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE head record.streams;
BEGIN
    IF p_first = 1 AND p_prev = '' THEN
        INSERT INTO record.streams VALUES (p_stream, p_last, p_leaf) ON CONFLICT (stream) DO NOTHING;
    ELSE
        UPDATE record.streams SET version = p_last, leaf = p_leaf
         WHERE stream = p_stream AND version = p_first - 1 AND leaf = decode(p_prev, 'hex');
    END IF;
    IF NOT FOUND THEN
        SELECT * INTO head FROM record.streams WHERE stream = p_stream;
        RAISE EXCEPTION 'stream % stands at version %, not %', p_stream, coalesce(head.version, 0), p_first - 1
            USING ERRCODE = 'KH001', DETAIL = coalesce(head.version, 0)::text;
    END IF;
END $$;

CREATE FUNCTION record.answered(p_actor text, p_key text, p_hash bytea) RETURNS bigint
LANGUAGE plpgsql STABLE AS $$
DECLARE prior record.commits;
BEGIN
    SELECT * INTO prior FROM record.commits WHERE actor = p_actor AND request_key = p_key;
    IF FOUND AND prior.request_hash <> p_hash THEN
        RAISE EXCEPTION 'request key % was used for another request', p_key USING ERRCODE = 'KH002';
    END IF;
    RETURN prior.commit_seq;
END $$;

-- Appends one commit. Entries of one stream stand together, in stream order, streams in sorted order.
-- Returns the commit's number; negative when the same request was committed before (then nothing is written).
CREATE FUNCTION record.append(p_entries bytea[], p_actor text, p_key text, p_hash bytea) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    batch record.parsed[];
    item  record.parsed;
    prior bigint;
    seq   bigint;
    run_stream text; run_first integer; run_version integer; run_prev text; run_leaf bytea;
    moment timestamptz := clock_timestamp();
BEGIN
    IF coalesce(cardinality(p_entries), 0) = 0 THEN
        RAISE EXCEPTION 'a commit holds at least one event' USING ERRCODE = 'KH003';
    END IF;
    IF p_key IS NOT NULL THEN
        prior := record.answered(p_actor, p_key, p_hash);
        IF prior IS NOT NULL THEN RETURN -prior; END IF;
    END IF;
    SELECT array_agg(record.parse(entry, ordinal::integer - 1) ORDER BY ordinal) INTO batch
      FROM unnest(p_entries) WITH ORDINALITY AS given (entry, ordinal);
    FOREACH item IN ARRAY batch LOOP
        IF item.stream IS NULL OR item.version IS NULL OR item.type IS NULL
           OR abs(extract(epoch FROM item.recorded_at - moment)) > 10 IS NOT FALSE THEN
            RAISE EXCEPTION 'entry % lacks an attribute or its time is not now', item.ordinal USING ERRCODE = 'KH003';
        END IF;
        IF item.stream = run_stream THEN
            IF item.version <> run_version + 1 OR item.prevhash <> encode(run_leaf, 'hex') THEN
                RAISE EXCEPTION 'entry % does not follow the one before it', item.ordinal USING ERRCODE = 'KH003';
            END IF;
        ELSE
            IF run_stream IS NOT NULL THEN
                IF item.stream COLLATE "C" < run_stream COLLATE "C" THEN
                    RAISE EXCEPTION 'streams of a commit come in sorted order' USING ERRCODE = 'KH003';
                END IF;
                PERFORM record.advance(run_stream, run_first, run_version, run_prev, run_leaf);
            END IF;
            run_stream := item.stream; run_first := item.version; run_prev := item.prevhash;
        END IF;
        run_version := item.version; run_leaf := item.leaf;
    END LOOP;
    PERFORM record.advance(run_stream, run_first, run_version, run_prev, run_leaf);

    seq := nextval('record.commit_seq');
    INSERT INTO record.commits VALUES (seq, moment, cardinality(batch), p_actor, p_key, p_hash);
    INSERT INTO record.events
    SELECT get_byte(sha256(convert_to(e.stream, 'UTF8')), 0) % 64, e.stream, e.version, e.type, e.recorded_at,
           seq, e.ordinal, e.entry
      FROM unnest(batch) AS e;
    INSERT INTO record.pending VALUES (seq, cardinality(batch));
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
GRANT EXECUTE ON FUNCTION record.append(bytea[], text, text, bytea), record.seal(integer),
      record.keep_document(bytea) TO kaohe_service, kaohe_worker;
RESET ROLE;
