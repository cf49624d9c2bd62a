"""Files that come in are never trusted, files that go out are always the same bytes."""
