"""The record as a verifiable log: tree, tiles, notes, proofs, policy, witnesses; no database here."""
