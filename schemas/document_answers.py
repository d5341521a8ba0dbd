"""Printed documents as the API gives them back."""

from marshmallow import fields

from schemas.base import Schema


class DocumentAnswerSchema(Schema):
    """A printed document."""

    sha256 = fields.String(metadata={"pattern": "^[0-9a-f]{64}$"})
    url = fields.String(metadata={"format": "uri-reference"})
