-- The verifiable log: what has been made of the order. Positions stand in the record; here are only hashes and
-- signatures, all of which can be made again from it, except the signatures.

CREATE SCHEMA log AUTHORIZATION kaohe_record;
SET LOCAL ROLE kaohe_record;

-- A tile only ever gets longer until it is full, and a partial tile is the beginning of the full one, so one row
-- serves every width it ever had (C2SP tlog-tiles).
CREATE TABLE log.tiles (
    level  smallint NOT NULL CHECK (level BETWEEN 0 AND 7),
    index  bigint NOT NULL CHECK (index >= 0),
    hashes bytea NOT NULL CHECK (octet_length(hashes) BETWEEN 32 AND 8192 AND octet_length(hashes) % 32 = 0),
    PRIMARY KEY (level, index)
);
ALTER TABLE log.tiles ALTER COLUMN hashes SET STORAGE EXTERNAL; -- hashes do not compress

-- The right edge: all that appending has to know. Its size is what growers compare and set.
CREATE TABLE log.edge (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    size     bigint NOT NULL CHECK (size >= 0),
    peaks    bytea NOT NULL CHECK (octet_length(peaks) = 32 * bit_count(size::bit(64)))
);
INSERT INTO log.edge VALUES (true, 0, '');

-- One root a size, for ever.
CREATE TABLE log.heads (
    size     bigint PRIMARY KEY CHECK (size > 0),
    root     bytea NOT NULL CHECK (octet_length(root) = 32),
    grown_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE TABLE log.checkpoints (
    size      bigint PRIMARY KEY REFERENCES log.heads,
    note      bytea NOT NULL CHECK (octet_length(note) <= 65535),
    signed_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- key: the witness's public key (vkey); line: its signature line on the checkpoint of that size.
CREATE TABLE log.cosignatures (
    size         bigint NOT NULL REFERENCES log.checkpoints,
    key          text COLLATE "C" NOT NULL CHECK (length(key) <= 500),
    line         text NOT NULL CHECK (length(line) <= 1000),
    cosigned_at  timestamptz NOT NULL,
    PRIMARY KEY (size, key)
);

-- An RFC 3161 token over the SHA-256 of the checkpoint's note text.
CREATE TABLE log.stamps (
    size       bigint PRIMARY KEY REFERENCES log.checkpoints,
    token      bytea NOT NULL CHECK (octet_length(token) <= 65535),
    stamped_at timestamptz NOT NULL
);

-- Public keys this log has signed with; a convenience for readers, who should know them from elsewhere.
CREATE TABLE log.keys (
    key     text COLLATE "C" PRIMARY KEY CHECK (length(key) <= 500),
    purpose text NOT NULL CHECK (purpose IN ('checkpoint', 'receipt')),
    since   timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE FUNCTION log.refuse_rewrite() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.level <> OLD.level OR NEW.index <> OLD.index
       OR substring(NEW.hashes FOR octet_length(OLD.hashes)) <> OLD.hashes THEN
        RAISE EXCEPTION 'a tile only grows: % / %', OLD.level, OLD.index USING ERRCODE = 'KH009';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION log.refuse_shrinking() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.size <= OLD.size THEN
        RAISE EXCEPTION 'the log only grows: % to %', OLD.size, NEW.size USING ERRCODE = 'KH009';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER grows BEFORE UPDATE ON log.tiles FOR EACH ROW EXECUTE FUNCTION log.refuse_rewrite();
CREATE TRIGGER grows BEFORE UPDATE ON log.edge FOR EACH ROW EXECUTE FUNCTION log.refuse_shrinking();
DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['heads', 'checkpoints', 'cosignatures', 'stamps', 'keys'] LOOP
        EXECUTE format('CREATE TRIGGER immutable BEFORE UPDATE OR DELETE ON log.%I
                        FOR EACH ROW EXECUTE FUNCTION record.refuse_change()', name);
    END LOOP;
    FOREACH name IN ARRAY ARRAY['tiles', 'edge'] LOOP
        EXECUTE format('CREATE TRIGGER undeleted BEFORE DELETE ON log.%I
                        FOR EACH ROW EXECUTE FUNCTION record.refuse_change()', name);
    END LOOP;
    FOREACH name IN ARRAY ARRAY['tiles', 'edge', 'heads', 'checkpoints', 'cosignatures', 'stamps', 'keys'] LOOP
        EXECUTE format('CREATE TRIGGER untruncated BEFORE TRUNCATE ON log.%I
                        FOR EACH STATEMENT EXECUTE FUNCTION record.refuse_change()', name);
    END LOOP;
END $$;

-- Puts the tree of p_new leaves in the place of that of p_old: tiles, edge and head, all or nothing.
-- False when the tree does not stand at p_old any more: another grower was first, and nothing was written.
CREATE FUNCTION log.grow(p_old bigint, p_new bigint, p_root bytea, p_peaks bytea,
                         p_levels smallint[], p_indexes bigint[], p_hashes bytea[]) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE last bigint;
BEGIN
    SELECT first + count - 1 INTO last FROM record.ledger ORDER BY first DESC LIMIT 1;
    IF p_new <= p_old OR p_new > coalesce(last, 0) THEN
        RAISE EXCEPTION 'no tree of % leaves: % positions are given', p_new, coalesce(last, 0)
            USING ERRCODE = 'KH010';
    END IF;
    UPDATE log.edge SET size = p_new, peaks = p_peaks WHERE size = p_old;
    IF NOT FOUND THEN RETURN false; END IF;
    INSERT INTO log.heads (size, root) VALUES (p_new, p_root);
    INSERT INTO log.tiles SELECT * FROM unnest(p_levels, p_indexes, p_hashes)
        ON CONFLICT (level, index) DO UPDATE SET hashes = excluded.hashes;
    RETURN true;
END $$;

-- Publishes a signed checkpoint. The same one again changes nothing; a second one for a size stays unpublished.
CREATE FUNCTION log.publish(p_size bigint, p_root bytea, p_note bytea) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM 1 FROM log.heads WHERE size = p_size AND root = p_root;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the tree of % leaves has another root', p_size USING ERRCODE = 'KH010';
    END IF;
    INSERT INTO log.checkpoints (size, note) VALUES (p_size, p_note) ON CONFLICT (size) DO NOTHING;
END $$;

CREATE FUNCTION log.cosign(p_size bigint, p_key text, p_line text, p_time timestamptz) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO log.cosignatures VALUES (p_size, p_key, p_line, p_time) ON CONFLICT DO NOTHING;
$$;

CREATE FUNCTION log.stamp(p_size bigint, p_token bytea, p_time timestamptz) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO log.stamps VALUES (p_size, p_token, p_time) ON CONFLICT DO NOTHING;
$$;

CREATE FUNCTION log.introduce(p_key text, p_purpose text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO log.keys (key, purpose) VALUES (p_key, p_purpose) ON CONFLICT DO NOTHING;
$$;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA log FROM PUBLIC;
GRANT USAGE ON SCHEMA log TO kaohe_service, kaohe_worker;
GRANT SELECT ON ALL TABLES IN SCHEMA log TO kaohe_service, kaohe_worker;
GRANT EXECUTE ON FUNCTION log.grow(bigint, bigint, bytea, bytea, smallint[], bigint[], bytea[]),
      log.publish(bigint, bytea, bytea), log.cosign(bigint, text, text, timestamptz),
      log.stamp(bigint, bytea, timestamptz), log.introduce(text, text) TO kaohe_worker;
RESET ROLE;
