"""Who is told of what: the one table of notices."""
