"""What answers say of every change of a cycle under way, whatever it changes."""

from marshmallow import Schema, fields


class ChangeShown(Schema):
    """A proposal; ``difference`` is the SHA-256 of the list of what it moves, as of ``position``."""

    change = fields.String()
    difference = fields.String()
    units = fields.Integer(metadata={"description": "how many units it moves"})
    ranks = fields.Integer(metadata={"description": "how many of them change place"})
    engine = fields.String()
    position = fields.Integer()
    reason = fields.String()
    proposed_by = fields.String()
    decided_by = fields.String(allow_none=True)
    decided_because = fields.String(allow_none=True)
