"""What a host app is answered once a six-digit code is on its way, whatever is signed with it."""

from typing import Any

from marshmallow import fields

from hub.domain.masks import mask_mobile
from hub.domain.plain import instant
from hub.services.codes import CODE_LIFE, CodeMessage
from hub.services.transaction import HubTransaction
from hub.web.access import ApiCaller
from hub.web.idempotency import Reply
from schemas.base import Schema
from schemas.fields import Instant


class CodeSentSchema(Schema):
    """Where the code went, and how long it is good."""

    expires_at = Instant()
    sent_to = fields.String(metadata={"examples": ["138****8000"]})


def code_sent(caller: ApiCaller, tx: HubTransaction, message: CodeMessage, **more: Any) -> Reply:
    """The answer, with `more` in it; the text message goes out once the transaction is committed."""
    return Reply(
        status=202,
        body={"expires_at": instant(tx.now + CODE_LIFE), "sent_to": mask_mobile(message.to), **more},
        afterwards=lambda: caller.hub.sms.send(to=message.to, text=message.text),
    )
