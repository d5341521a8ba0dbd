"""A bank with an HTTP endpoint of today: JSON signed as Standard Webhooks, out and back."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from standardwebhooks.webhooks import Webhook as Signer

from hub.banks.port import USER_AGENT, Answer, BankCall, Incoming, Message, Receipt, Refusal, Surroundings
from hub.banks.standard_webhooks import signed_headers
from hub.domain.bank import Bank
from hub.domain.errors import CallRefused, InvalidValue, RefusedForGood, TryAgain
from hub.domain.plain import instant

# A stamp may be off by so much either way.
TOLERANCE = timedelta(minutes=5)
_LEAST_SECRET = 16


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


class Webhook:
    """POSTs each message to the bank's `url`, and hears of its decisions at the hub's own address."""

    kind = "webhook"
    required: frozenset[str] = frozenset({"url", "secret"})
    secret: frozenset[str] = frozenset({"secret"})
    in_house = False
    door = "events"

    def __init__(self, surroundings: Surroundings) -> None:
        self._surroundings = surroundings
        self.settings: Mapping[str, Callable[[str], Any]] = {
            "url": surroundings.http.check_url,
            "secret": secrets_of,
        }

    def deliver(self, message: Message, bank: Bank) -> Receipt:
        """The bank answered with a 2xx; raises `TryAgain` for anything else, `RefusedForGood` where it said 410."""
        now = self._surroundings.now()
        body = body_of(message)
        headers = signed_headers(message.id, now, body, secrets_of(bank.settings["secret"]))
        answer = self._surroundings.http.post(bank.settings["url"], body, {**headers, "User-Agent": USER_AGENT})
        if 200 <= answer.status < 300:
            return Receipt(detail=f"{answer.status}")
        if answer.status == 410:
            raise RefusedForGood("410: the bank takes no messages here any more")
        raise TryAgain(f"{answer.status}")

    def read(self, incoming: Incoming, bank: Bank) -> BankCall:
        """What the bank said; raises `CallRefused` unless signature and stamp are right."""
        event_id = incoming.headers.get("webhook-id", "")
        stamp = incoming.headers.get("webhook-timestamp", "")
        signature = incoming.headers.get("webhook-signature", "")
        if not (event_id and stamp and signature):
            raise CallRefused("signature_missing")
        if not stamp.isascii() or not stamp.isdigit() or len(stamp) > 12:
            raise CallRefused("stamp_form")
        ahead = int(stamp) - self._surroundings.now().timestamp()
        if abs(ahead) > TOLERANCE.total_seconds():
            raise CallRefused("stamp_ahead" if ahead > 0 else "stamp_old")
        if not any(is_signed(signer, incoming) for signer in secrets_of(bank.settings["secret"])):
            raise CallRefused("signature_wrong")
        return BankCall(id=event_id, content=incoming.body, digest=hashlib.sha256(incoming.body).hexdigest())

    def answer(self, incoming: Incoming, bank: Bank, refusal: Refusal | None) -> Answer:  # noqa: ARG002 - the port's
        """204, or the refusal as RFC 9457 has it."""
        if refusal is None:
            return Answer(status=204)
        body = json.dumps(dict(refusal.problem), ensure_ascii=False).encode()
        return Answer(status=refusal.status, body=body, content_type="application/problem+json")


def body_of(message: Message) -> bytes:
    """The bytes that are sent, in every attempt the same: `timestamp` is when the message was frozen."""
    return b'{"type":"%s","timestamp":"%s","data":%s}' % (
        message.kind.encode(),
        instant(message.queued_at).encode(),
        message.body,
    )


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


def make(surroundings: Surroundings) -> Webhook:
    """The adapter."""
    return Webhook(surroundings)
