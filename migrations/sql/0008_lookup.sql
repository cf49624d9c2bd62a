-- Whose an identity is, without opening every one: beside its sealed text stands a keyed hash of it. The key is made
-- here, once, and lies where the subjects' own keys lie; the hash goes with its row when the text is erased.

SET LOCAL ROLE kaohe_record;

CREATE TABLE vault.lookup_key (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    key      bytea NOT NULL CHECK (octet_length(key) = 32)
);
INSERT INTO vault.lookup_key (key)
     VALUES (sha256(convert_to(gen_random_uuid()::text || gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8')));

ALTER TABLE vault.secrets ADD COLUMN lookup bytea CHECK (octet_length(lookup) = 32);
CREATE INDEX secrets_lookup ON vault.secrets (lookup) WHERE lookup IS NOT NULL;
GRANT SELECT ON vault.lookup_key TO kaohe_service;
RESET ROLE;
