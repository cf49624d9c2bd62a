"""What the record says, as tables: each module turns folded sheets into the rows of its tables."""
