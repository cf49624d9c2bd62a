"""A witness: an auditor's own machine that cosigns a log only while it has done nothing but grow."""
