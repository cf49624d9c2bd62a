-- A replay is one program's from its first share to its comparison: filled by two, it would be compared with neither.

SET LOCAL ROLE kaohe_worker;
ALTER TABLE scores.replays ADD COLUMN program text NOT NULL DEFAULT '';
-- Tables that were made before programs had names are another program's: they are compared before this one goes on.
UPDATE scores.checkpoints SET program = 'kaohe 0.1.0 unnamed' WHERE program = '' AND position > 0;
RESET ROLE;
