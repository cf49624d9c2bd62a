"""Notices to people: made from the record by position, handed over at most once."""
