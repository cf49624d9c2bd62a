-- Who waits for somebody that holds the year is told to try again before his entry is too old to be taken (ten seconds).

SET LOCAL ROLE kaohe_record;
ALTER FUNCTION record.stand(text[], text[], text[]) SET lock_timeout = '3s';
RESET ROLE;
