"""What every command answers."""

from marshmallow import Schema, fields

from service.schemas.fields import Id


class ReceiptEvent(Schema):
    """One event as it stands in the record."""

    id = Id()
    type = fields.String()
    stream = fields.String()
    version = fields.Integer()
    leaf = fields.String(metadata={"description": "RFC 6962 leaf hash, hexadecimal"})
    data = fields.Dict()
    receipt = fields.String(
        allow_none=True, metadata={"description": "signed note: this event will be in the log; null without a key"}
    )


class Receipt(Schema):
    """What every command answers."""

    stream = fields.String()
    version = fields.Integer()
    recorded_at = fields.String()
    events = fields.List(fields.Nested(ReceiptEvent))
    token = fields.String(allow_none=True, metadata={"description": "only for a new credential, shown once"})
