"""Bodies and answers about rubrics."""

from marshmallow import Schema, fields

from service.schemas.fields import Digest, Text


class Rubric(Schema):
    """A rubric's document, in its short or canonical form."""

    rubric = fields.Dict(required=True)


class Publication(Schema):
    """Which draft is published: the hash of its canonical text."""

    hash = Digest(required=True)


class DraftWithdrawal(Schema):
    """Which draft waits no longer, and why."""

    hash = Digest(required=True)
    reason = Text(required=True)


class RubricText(Schema):
    """One text of a rubric: the draft that waits for a second person, or a version that was published."""

    rubric = fields.String()
    hash = fields.String()
    state = fields.String(metadata={"enum": ["draft", "published"]})
    document = fields.Dict()


class RubricShown(Schema):
    """A rubric's life and its text."""

    rubric = fields.String()
    title = fields.String(metadata={"description": "in the language asked for with Accept-Language"})
    title_zh = fields.String()
    title_en = fields.String()
    draft = fields.String(allow_none=True)
    published = fields.List(fields.String())
    document = fields.Dict(allow_none=True)
    version = fields.Integer()


class Rubrics(Schema):
    """All rubrics."""

    rubrics = fields.List(fields.Nested(RubricShown))
