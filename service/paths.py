"""What may stand in a path where a route leaves room: anything else is no path of ours."""

from werkzeug.routing import BaseConverter


class SlugConverter(BaseConverter):
    """A short code."""

    regex = r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}"
    part_isolating = True


class PositionConverter(BaseConverter):
    """A position of the record, from 1."""

    regex = r"[1-9][0-9]{0,15}"
    part_isolating = True

    def to_python(self, value: str) -> int:
        """The number."""
        return int(value)


class DigestConverter(BaseConverter):
    """A SHA-256 in hexadecimal."""

    regex = r"[0-9a-f]{64}"
    part_isolating = True


CONVERTERS: dict[str, type[BaseConverter]] = {
    "slug": SlugConverter,
    "position": PositionConverter,
    "digest": DigestConverter,
}
