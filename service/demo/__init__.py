"""A year of a city, invented and played through the API: what `kaohe run` shows to who comes for the first time."""
