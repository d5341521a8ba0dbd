"""Standard Webhooks as every sender of the hub speaks it: the headers that sign a body, and new secrets."""

import base64
import secrets
from collections.abc import Iterable
from datetime import datetime

from standardwebhooks.webhooks import Webhook as Signer

_SECRET_BYTES = 32


def new_secret() -> str:
    """A fresh secret, as both sides write it down."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def signed_headers(message_id: str, at: datetime, body: bytes, signers: Iterable[Signer]) -> dict[str, str]:
    """The headers under which `body` travels, stamped with `at` and signed with each of the keys."""
    return {
        "Content-Type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signer.sign(message_id, at, body.decode()) for signer in signers),
    }
