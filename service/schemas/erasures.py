"""Bodies and answers about erasures."""

from marshmallow import Schema, fields

from service.schemas.fields import Id, Text


class ErasureRequest(Schema):
    """Whose content is to be erased (a person's id, or a piece of evidence), and the law or consent it rests on."""

    subject = Id(required=True)
    basis = Text(required=True, most=2000)


class Erasure(Schema):
    """An erasure as its stream tells it; the content itself is nowhere in it."""

    id = fields.String(metadata={"description": "the subject's id"})
    state = fields.String(metadata={"enum": ["requested", "approved", "carried-out"]})
    basis = fields.String()
    requested_by = fields.String()
    approved_by = fields.String(allow_none=True)
    commitments = fields.List(fields.String(), metadata={"description": "erased commitments, hexadecimal"})
    files = fields.List(fields.String(), metadata={"description": "SHA-256 of erased files, hexadecimal"})
    position = fields.Integer(allow_none=True, metadata={"description": "of its last event, once ordered"})
    version = fields.Integer()


class Erasures(Schema):
    """All erasures."""

    erasures = fields.List(fields.Nested(Erasure))
