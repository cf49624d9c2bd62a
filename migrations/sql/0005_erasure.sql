-- The only way anything leaves the vault. The service's role has no DELETE; this function deletes exactly what an
-- approval in the record names, and only when somebody else had asked for it.

SET LOCAL ROLE kaohe_record;

-- The commitments that a second person approved to erase for this subject; NULL when nobody did.
CREATE FUNCTION vault.approved(p_subject text) RETURNS bytea[]
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    WITH life AS (
        SELECT type, version, convert_from(entry, 'UTF8')::json AS said
          FROM record.events WHERE stream = 'erasure/' || p_subject
    )
    SELECT coalesce(array_agg(decode(named, 'hex')) FILTER (WHERE named IS NOT NULL), '{}')
      FROM life AS approval LEFT JOIN json_array_elements_text(said -> 'data' -> 'commitments') AS named ON true
     WHERE approval.type = 'ErasureApproved'
       AND EXISTS (SELECT FROM life AS request
                    WHERE request.type = 'ErasureRequested' AND request.version < approval.version
                      AND request.said ->> 'actor' <> approval.said ->> 'actor')
    HAVING count(*) > 0;
$$;

-- Salts and texts go with their rows, what an older copy of a row may still hold goes with the key. Again is harmless.
CREATE FUNCTION vault.erase(p_subject text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    named   bytea[] := vault.approved(p_subject);
    deleted bigint;
BEGIN
    IF named IS NULL THEN
        RAISE EXCEPTION 'no approved erasure of %', p_subject USING ERRCODE = 'KH011';
    END IF;
    DELETE FROM vault.secrets WHERE subject = p_subject AND commitment = ANY (named);
    GET DIAGNOSTICS deleted = ROW_COUNT;
    DELETE FROM vault.keys AS k
     WHERE k.subject = p_subject AND NOT EXISTS (SELECT FROM vault.secrets AS s WHERE s.subject = p_subject);
    RETURN deleted;
END $$;

REVOKE ALL ON FUNCTION vault.approved(text), vault.erase(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION vault.erase(text) TO kaohe_service;
RESET ROLE;
