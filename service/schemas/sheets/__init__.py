"""What is sent to a sheet and asked of it, and what is answered."""
