-- For the few acts that are decided on a whole year and write on one sheet of it.

SET LOCAL ROLE kaohe_record;

-- Waits for every commit under way and lets none begin before the caller's transaction ends: what that reads from here
-- on is all there is before it. SHARE ROW EXCLUSIVE keeps out writers and another caller, never a reader.
-- Whoever waits here keeps others waiting behind him, so nobody does for long.
CREATE FUNCTION record.alone() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '2s' AS $$
BEGIN
    LOCK TABLE record.events IN SHARE ROW EXCLUSIVE MODE;
END $$;

REVOKE ALL ON FUNCTION record.alone() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION record.alone() TO kaohe_service;
RESET ROLE;
