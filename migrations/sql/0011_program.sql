-- Which program made the live tables, so that another one changes no score before it was compared and, where it
-- differs, approved. '' is none yet: whoever comes first. asked: the program that asked for a comparison last, and where.

SET LOCAL ROLE kaohe_worker;
ALTER TABLE scores.checkpoints ADD COLUMN program text NOT NULL DEFAULT '', ADD COLUMN asked text NOT NULL DEFAULT '';
-- Tables that were made before programs had names are another program's: they are compared before this one goes on.
UPDATE scores.checkpoints SET program = 'kaohe 0.1.0 unnamed' WHERE position > 0;
-- A replay is one program's from its first share to its comparison: filled by two, it would be compared with neither.
ALTER TABLE scores.replays ADD COLUMN program text NOT NULL DEFAULT '';
RESET ROLE;
