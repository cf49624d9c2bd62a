"""The record: append, read, order; never change."""
