"""Standard Webhooks as the hub speaks it with everybody: secrets, the headers that sign a body, and what they prove."""

import base64
import hmac
import secrets
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from standardwebhooks.webhooks import Webhook as Signer

from hub.banks.port import Incoming
from hub.domain.errors import CallRefused, InvalidValue

# A stamp may be off by so much either way.
TOLERANCE = timedelta(minutes=5)
_SECRET_BYTES = 32
_LEAST_SECRET = 16


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


def secrets_of(text: str) -> list[Signer]:
    """The keys that `text` names, the one to sign with first; raises `InvalidValue`.

    Several, parted by blanks or commas, overlap while they change. Each is `whsec_` and Base64 of 16 bytes or more.
    """
    signers = []
    for name in text.replace(",", " ").split():
        encoded = name.removeprefix("whsec_")
        try:
            key = base64.b64decode(encoded + "=" * (-len(encoded) % 4), validate=True)
        except ValueError as error:
            raise InvalidValue("webhook_secret") from error
        if len(key) < _LEAST_SECRET:
            raise InvalidValue("webhook_secret")
        signers.append(Signer(key))
    if not signers:
        raise InvalidValue("webhook_secret")
    return signers


def require_signed(incoming: Incoming, signers: Iterable[Signer], *, now: datetime) -> str:
    """The id under which the call came; raises `CallRefused` unless signature and stamp are right."""
    event_id = incoming.headers.get("webhook-id", "")
    stamp = incoming.headers.get("webhook-timestamp", "")
    signature = incoming.headers.get("webhook-signature", "")
    if not (event_id and stamp and signature):
        raise CallRefused("signature_missing")
    if not stamp.isascii() or not stamp.isdigit() or len(stamp) > 12:
        raise CallRefused("stamp_form")
    ahead = int(stamp) - now.timestamp()
    if abs(ahead) > TOLERANCE.total_seconds():
        raise CallRefused("stamp_ahead" if ahead > 0 else "stamp_old")
    if not any(is_signed(signer, incoming) for signer in signers):
        raise CallRefused("signature_wrong")
    return event_id


def is_signed(signer: Signer, incoming: Incoming) -> bool:
    """Whether one of the signatures that came is `signer`'s, compared in constant time. Stamps are not looked at."""
    stamp = datetime.fromtimestamp(int(incoming.headers["webhook-timestamp"]), UTC)
    try:
        right = signer.sign(incoming.headers["webhook-id"], stamp, incoming.body.decode()).encode()
    except UnicodeDecodeError:
        return False
    # Each is compared, also after one that fits: how long it takes says nothing.
    given = incoming.headers["webhook-signature"].encode(errors="replace").split(b" ")
    return sum(hmac.compare_digest(right, each) for each in given) > 0
