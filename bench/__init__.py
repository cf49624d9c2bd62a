"""Speed, measured against a floor in the same run on the same server, in interleaved rounds; nothing asserts."""
