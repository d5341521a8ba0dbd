"""Partners by HTTP: JSON signed as Standard Webhooks, out and back."""

import hashlib
from collections.abc import Callable
from datetime import datetime

from hub.banks.port import USER_AGENT, Http, Incoming
from hub.banks.standard_webhooks import require_signed, secrets_of, signed_headers
from hub.domain.errors import RefusedForGood, TryAgain
from hub.domain.plain import instant
from hub.partners.port import PartnerAddress, PartnerCall, PartnerMessage

_GONE = 410


class SignedHttp:
    """POSTs each message to the partner's address by `http`; `now` is real time, which both sides' stamps are in."""

    def __init__(self, http: Http, now: Callable[[], datetime]) -> None:
        self._http = http
        self._now = now

    def tell(self, message: PartnerMessage, to: PartnerAddress) -> None:
        """The partner answered with a 2xx; see the port."""
        body = body_of(message)
        headers = signed_headers(message.id, self._now(), body, secrets_of(to.secret))
        answer = self._http.post(to.url, body, {**headers, "User-Agent": USER_AGENT})
        if answer.status == _GONE:
            raise RefusedForGood(str(_GONE))
        if not 200 <= answer.status < 300:
            raise TryAgain(str(answer.status))

    def read(self, incoming: Incoming, secret: str) -> PartnerCall:
        """See the port."""
        event_id = require_signed(incoming, secrets_of(secret), now=self._now())
        return PartnerCall(event_id=event_id, content=incoming.body, digest=hashlib.sha256(incoming.body).hexdigest())


def body_of(message: PartnerMessage) -> bytes:
    """The bytes that are sent, in every attempt the same: `timestamp` is when the message was frozen."""
    return b'{"type":"%s","timestamp":"%s","data":%s}' % (
        message.kind.encode(),
        instant(message.queued_at).encode(),
        message.data,
    )
