-- What may have to be erased: text behind commitments, encrypted per subject. Deleting is its purpose, so it is
-- apart from the record; an erasure is itself an event.

CREATE SCHEMA vault AUTHORIZATION kaohe_record;
SET LOCAL ROLE kaohe_record;

CREATE TABLE vault.keys (
    subject text COLLATE "C" PRIMARY KEY,
    key     bytea NOT NULL CHECK (octet_length(key) = 32)
);
CREATE TABLE vault.secrets (
    commitment bytea PRIMARY KEY CHECK (octet_length(commitment) = 32),
    subject    text COLLATE "C" NOT NULL REFERENCES vault.keys,
    context    text NOT NULL,
    sealed     bytea NOT NULL CHECK (octet_length(sealed) <= 65535)
);
CREATE INDEX secrets_subject ON vault.secrets (subject);
GRANT USAGE ON SCHEMA vault TO kaohe_service;
GRANT SELECT, INSERT ON vault.keys, vault.secrets TO kaohe_service;
RESET ROLE;
