"""A bank with an HTTP endpoint of today: JSON signed as Standard Webhooks, out and back."""

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any

from hub.banks.port import USER_AGENT, Answer, BankCall, Incoming, Message, Receipt, Refusal, Surroundings
from hub.banks.standard_webhooks import require_signed, secrets_of, signed_headers
from hub.domain.bank import Bank
from hub.domain.errors import RefusedForGood, TryAgain
from hub.domain.plain import instant


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
        event_id = require_signed(incoming, secrets_of(bank.settings["secret"]), now=self._surroundings.now())
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


def make(surroundings: Surroundings) -> Webhook:
    """The adapter."""
    return Webhook(surroundings)
