"""How a sheet changes by each of its facts: one function a fact, gathered in tables by subject."""
