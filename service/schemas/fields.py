"""Fields that refuse at the door what the record could not hold."""

import re
from datetime import UTC, datetime
from typing import Any

from flask_smorest.fields import Upload
from marshmallow import ValidationError, fields, validate
from werkzeug.datastructures import FileStorage

_POINTS = r"^-?(0|[1-9][0-9]{0,12})\.[0-9]{2}$"
# What Text takes, for the document: no controls but new lines and tabs, and something to be seen.
_TEXT_OR_BLANK = r"^[^\u0000-\u0008\u000b-\u001f]*$"
_TEXT = r"^[^\u0000-\u0008\u000b-\u001f]*[^\s\u0000-\u001f][^\u0000-\u0008\u000b-\u001f]*$"
_FIRST_YEAR = 1900
SLUG = r"^[a-z0-9][a-z0-9-]{0,39}$"
UUID = r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"


class Text(fields.String):
    """Text without NUL, other controls (new lines may stand) or lone surrogates; ``most`` characters."""

    def __init__(self, *, least: int = 1, most: int = 200, **options: Any) -> None:
        pattern = _TEXT if options.get("required") else _TEXT_OR_BLANK
        super().__init__(validate=validate.Length(min=least, max=most), metadata={"pattern": pattern}, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> str:
        if not isinstance(value, str):
            raise self.make_error("invalid")
        if any((letter < " " and letter not in "\n\t") or "\ud800" <= letter <= "\udfff" for letter in value):
            raise ValidationError("控制字符或无效字符 / control characters or lone surrogates are not text")
        text: str = super()._deserialize(value, attr, data, **options)
        if self.required and not text.strip():
            raise ValidationError("不得为空 / must not be blank")
        return text


class Pattern(fields.String):
    """Text of a fixed shape."""

    def __init__(self, pattern: str, **options: Any) -> None:
        self.pattern = pattern
        super().__init__(validate=validate.Regexp(pattern, flags=re.ASCII), **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> str:
        # Regexp's $ would let a final newline through.
        text: str = super()._deserialize(value, attr, data, **options)
        if text.endswith("\n"):
            raise ValidationError("String does not match expected pattern.")
        return text


class Points(Pattern):
    """Points as text with two decimals."""

    def __init__(self, **options: Any) -> None:
        super().__init__(_POINTS, **options)


class Slug(Pattern):
    """A short code of lower-case letters, digits and dashes."""

    def __init__(self, **options: Any) -> None:
        super().__init__(SLUG, **options)


class Id(Pattern):
    """A uuid in lower case."""

    def __init__(self, **options: Any) -> None:
        super().__init__(UUID, **options)


class Part(Pattern):
    """A part of a stream's name, as filters name it: a cycle, a unit, an item, a person."""

    def __init__(self, **options: Any) -> None:
        super().__init__(r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$", **options)


class File(Upload):  # type: ignore[misc]
    """A file of a multipart body; a text of that name is none."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> Any:
        if not isinstance(value, FileStorage):
            raise ValidationError("Not a valid file.")
        return super()._deserialize(value, attr, data, **options)


class Moment(fields.AwareDateTime):
    """A moment with its zone, given on in UTC; years that RFC 3339 or the database could not write are refused."""

    def __init__(self, **options: Any) -> None:
        super().__init__(format="iso", **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> datetime:
        try:
            moment = super()._deserialize(value, attr, data, **options).astimezone(UTC)
        except OverflowError:
            raise ValidationError("Not a valid datetime.") from None
        if moment.year < _FIRST_YEAR:
            raise ValidationError("Not a valid datetime.")
        return moment


class Position(fields.Integer):
    """A position of the record, 0 for its beginning."""

    def __init__(self, **options: Any) -> None:
        super().__init__(validate=validate.Range(min=0, max=2**53 - 1), **options)
