"""One module a figure; each has ``figure(house)`` and yields the lines of the table."""
