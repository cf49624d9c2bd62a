-- Roles belong to the whole cluster, so another database may have made them already.
DO $$
DECLARE wanted record;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('kaohe.roles'));
    FOR wanted IN SELECT * FROM (VALUES ('kaohe_record', 'NOLOGIN'), ('kaohe_service', 'LOGIN'),
                                        ('kaohe_worker', 'LOGIN')) AS roles (name, login) LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted.name) THEN
            EXECUTE format('CREATE ROLE %I %s NOSUPERUSER NOCREATEDB NOCREATEROLE', wanted.name, wanted.login);
        END IF;
    END LOOP;
    EXECUTE format('GRANT kaohe_record, kaohe_worker TO %I WITH INHERIT TRUE, SET TRUE', current_user);
END $$;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
