"""Which page of a list."""

from marshmallow import Schema, fields, validate

LIMIT = 200


class Page(Schema):
    """A page: ``cursor`` from the ``Link`` of the one before it."""

    cursor = fields.String(load_default=None, validate=validate.Length(max=400))
    limit = fields.Integer(load_default=LIMIT, validate=validate.Range(min=1, max=LIMIT))
