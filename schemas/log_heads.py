"""The signed heads of the log as the API gives them."""

from marshmallow import fields

from schemas.answers import SHA256, page_of
from schemas.base import Schema
from schemas.fields import whole

HEX = {"pattern": "^[0-9a-f]+$"}


class LogHeadAnswerSchema(Schema):
    """What the hub signed of all chains of its log at one moment."""

    number = whole(metadata={"description": "1 in the first head, one more in each that follows"})
    at = fields.String(metadata={"format": "date-time", "description": "when it was signed"})
    entries = whole(metadata={"description": "how many entries all chains had together"})
    root = fields.String(metadata={**SHA256, "description": "the Merkle root (RFC 9162) over the ends of all chains"})
    previous = fields.String(metadata={**SHA256, "description": "the SHA-256 of the head before; zeros in the first"})
    key_id = fields.String(metadata={**HEX, "description": "which of `keys` signed it"})
    signature = fields.String(
        metadata={**HEX, "description": "Ed25519 over the canonical JSON of all other members: sorted keys, no blanks"}
    )


class LogKeyAnswerSchema(Schema):
    """A public key that heads are signed with."""

    key_id = fields.String(metadata={**HEX, "description": "the beginning of the SHA-256 of the public key"})
    public_key = fields.String(metadata={**HEX, "description": "the Ed25519 public key, 32 bytes"})


class LogHeadPageSchema(page_of(LogHeadAnswerSchema)):  # type: ignore[misc]  # a class made by a function
    """One page of heads, and the keys that they are signed with, the one in use first."""

    keys = fields.List(
        fields.Nested(LogKeyAnswerSchema), metadata={"description": "the public keys, the one in use first"}
    )
