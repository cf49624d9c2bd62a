-- Which program made the live tables, so that another one changes no score before it was compared and, where it
-- differs, approved. '' is none yet: whoever comes first. asked: the program that asked for a comparison last, and where.

SET LOCAL ROLE kaohe_worker;
ALTER TABLE scores.checkpoints ADD COLUMN program text NOT NULL DEFAULT '', ADD COLUMN asked text NOT NULL DEFAULT '';
RESET ROLE;
