"""What is addressed: one blueprint a subject, without rules, SQL or error handling."""
