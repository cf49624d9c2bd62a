-- What was known at a moment is found by when events were recorded, without reading all of them.

SET LOCAL ROLE kaohe_record;
CREATE INDEX events_recorded ON record.events (recorded_at);
RESET ROLE;
