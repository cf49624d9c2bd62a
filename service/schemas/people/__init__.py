"""People: who there is, what they are called, and how they are let in."""
