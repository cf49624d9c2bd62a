"""The rules: rubric, scoring, what may happen; pure functions on the standard library."""
