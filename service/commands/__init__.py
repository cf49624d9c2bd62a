"""What changes something: each command loads, decides and appends in one transaction."""
