"""Bodies and answers about notices; no address but one's own, and no key but a new one, is ever answered."""

from marshmallow import Schema, fields, validate

from domain.channels import CHANNELS, KINDS, LANGUAGES, USUAL
from service.schemas.fields import Text
from service.schemas.sheets.receipts import Receipt


class ChannelBody(Schema):
    """Where to tell the caller, in which language, of what."""

    channel = fields.String(required=True, validate=validate.OneOf(CHANNELS))
    address = Text(required=True, most=1000)
    language = fields.String(load_default="zh", validate=validate.OneOf(LANGUAGES))
    kinds = fields.List(
        fields.String(validate=validate.OneOf(KINDS)),
        load_default=lambda: list(USUAL),
        validate=validate.Length(min=1, max=len(KINDS)),
    )


class ChannelReceipt(Receipt):
    """The receipt; for a webhook with the key that signs, shown this once."""

    secret = fields.String(allow_none=True)


class Code(Schema):
    """The code from the letter."""

    code = Text(required=True, most=100)


class Channel(Schema):
    """An open channel of the caller's own; ``delivers``: whether this house can deliver over it now.

    Until its address is ``confirmed``, notices wait: by the code that went there, or by the webhook's answer to a ping.
    """

    channel = fields.String()
    address = fields.String(allow_none=True)
    language = fields.String()
    kinds = fields.List(fields.String())
    delivers = fields.Boolean()
    confirmed = fields.Boolean()


class Channels(Schema):
    """The caller's channels."""

    channels = fields.List(fields.Nested(Channel))


class OpenChannels(Schema):
    """Which channels a person has, and not where they lead."""

    channels = fields.List(fields.String(validate=validate.OneOf(CHANNELS)))


class Delivery(Schema):
    """What became of a notice over a channel."""

    channel = fields.String()
    state = fields.String()
    why = fields.String()
    attempts = fields.Integer()
    changed_at = fields.String()


class Notice(Schema):
    """What the caller was told of."""

    event = fields.String()
    position = fields.Integer()
    type = fields.String()
    stream = fields.String()
    kind = fields.String()
    title_zh = fields.String()
    title_en = fields.String()
    link = fields.String()
    occurred_at = fields.String()
    deliveries = fields.List(fields.Nested(Delivery))


class Notices(Schema):
    """The caller's notices, the newest first."""

    notices = fields.List(fields.Nested(Notice))


class DeadLetter(Schema):
    """A notice that did not arrive ("dead"), or of which nobody knows whether it did ("uncertain")."""

    id = fields.String()
    event = fields.String()
    position = fields.Integer()
    type = fields.String()
    stream = fields.String()
    person = fields.String()
    channel = fields.String()
    state = fields.String()
    why = fields.String()
    attempts = fields.Integer()
    resendings = fields.Integer()
    changed_at = fields.String()


class DeadLetters(Schema):
    """Notices that need a person's look, in the order in which they were made."""

    dead_letters = fields.List(fields.Nested(DeadLetter))
