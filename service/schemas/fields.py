"""Fields that refuse at the door what the record could not hold."""

import re
from datetime import UTC, datetime
from typing import Any

from flask_smorest.fields import Upload
from marshmallow import ValidationError, fields, validate
from werkzeug.datastructures import FileStorage

from service.languages import CHINESE, ENGLISH

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
    """Text of a fixed shape; ``says`` tells in both languages which ("中文 / English")."""

    def __init__(self, pattern: str, says: str, **options: Any) -> None:
        self.pattern = pattern
        checked = validate.Regexp(pattern, flags=re.ASCII, error=says)
        super().__init__(validate=checked, error_messages={"shape": says}, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> str:
        # Regexp's $ would let a final newline through.
        text: str = super()._deserialize(value, attr, data, **options)
        if text.endswith("\n"):
            raise self.make_error("shape")
        return text


class Points(Pattern):
    """Points as text with two decimals."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            _POINTS, '须为两位小数的文本，如 "0.50" / points are a text with two decimals, as "0.50"', **options
        )


class Slug(Pattern):
    """A short code of lower-case letters, digits and dashes."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            SLUG, "须为1至40个小写字母、数字或横线 / 1 to 40 lower-case letters, digits or dashes", **options
        )


class Id(Pattern):
    """A uuid in lower case."""

    def __init__(self, **options: Any) -> None:
        super().__init__(UUID, "须为小写的UUID / a UUID in lower case", **options)


def _code(most: int) -> tuple[str, str]:
    """The shape of a code of so many characters, and what it says of itself."""
    says = f"须为1至{most}个字母、数字、点、下划线或横线 / 1 to {most} letters, digits, dots, underscores or dashes"
    return rf"^[A-Za-z0-9][A-Za-z0-9._-]{{0,{most - 1}}}$", says


class Part(Pattern):
    """A part of a stream's name, as filters name it: a cycle, a unit, an item, a person."""

    def __init__(self, **options: Any) -> None:
        super().__init__(*_code(64), **options)


class Code(Pattern):
    """A code of the rubric: a question, an option, a leaf."""

    def __init__(self, **options: Any) -> None:
        super().__init__(*_code(40), **options)


class Digest(Pattern):
    """A SHA-256 as it is written here."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            r"^[0-9a-f]{64}$",
            "须为64位小写十六进制的SHA-256 / a SHA-256 in 64 lower-case hexadecimal digits",
            **options,
        )


class Language(fields.String):
    """In which language a file is written."""

    def __init__(self) -> None:
        told = {"description": "in which language the file is written; unless said, as Accept-Language prefers"}
        super().__init__(load_default=None, validate=validate.OneOf((CHINESE, ENGLISH)), metadata=told)


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
