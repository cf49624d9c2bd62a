"""What may be done on a sheet: each act decides which facts follow, or refuses by name."""
