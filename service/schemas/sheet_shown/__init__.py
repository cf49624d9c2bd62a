"""What a sheet shows, member by member; points are texts, people are ids, "" is nobody and nothing yet."""
