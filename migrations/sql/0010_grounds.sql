-- What a commit was decided on must still be so when it is in the record: the phase of the year in which somebody files.

SET LOCAL ROLE kaohe_record;

-- Until the caller's transaction ends nobody decides on what stands in the p_held streams, and the p_grounds streams
-- stand where their p_versions say; refuses a ground that has moved. Every lock is taken in one order and before any
-- other of the transaction, so that no two wait for each other. Who only stands on a stream shares it. Who waits for
-- somebody that holds one is told to try again before his entry is too old to be taken (ten seconds).
CREATE FUNCTION record.stand(p_held text[], p_grounds text[], p_versions text[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '3s' AS $$
DECLARE
    lock  record;
    moved record;
BEGIN
    FOR lock IN
        SELECT hashtextextended(stream, 0) AS key, bool_or(held) AS held
          FROM (SELECT unnest(p_held) AS stream, true AS held UNION ALL SELECT unnest(p_grounds), false) AS given
         GROUP BY key ORDER BY key
    LOOP
        IF lock.held THEN
            PERFORM pg_advisory_xact_lock(lock.key);
        ELSE
            PERFORM pg_advisory_xact_lock_shared(lock.key);
        END IF;
    END LOOP;
    -- A statement of its own, so that it sees what was committed while we waited.
    SELECT ground.stream, last.version INTO moved
      FROM (SELECT DISTINCT * FROM unnest(p_grounds, p_versions) AS given (stream, version)) AS ground,
           LATERAL (SELECT coalesce(max(e.version), 0) AS version FROM record.events e WHERE e.stream = ground.stream)
             AS last
     WHERE last.version <> ground.version::integer LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'stream % moved to version % meanwhile', moved.stream, moved.version
            USING ERRCODE = 'KH001', DETAIL = moved.version::text;
    END IF;
END $$;

-- As append_each of four, on grounds that hold.
CREATE FUNCTION record.append_each(
    p_entries bytea[], p_actors text[], p_keys text[], p_hashes bytea[], p_grounds text[], p_versions text[])
RETURNS bigint[] LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM record.stand(NULL, p_grounds, p_versions);
    RETURN record.append_each(p_entries, p_actors, p_keys, p_hashes);
END $$;

REVOKE ALL ON FUNCTION record.stand(text[], text[], text[]) FROM PUBLIC;
REVOKE ALL ON FUNCTION record.append_each(bytea[], text[], text[], bytea[], text[], text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION record.stand(text[], text[], text[]),
      record.append_each(bytea[], text[], text[], bytea[], text[], text[]) TO kaohe_service, kaohe_worker;
RESET ROLE;
