"""The far side of `webhook`: an endpoint by Standard Webhooks, which calls the hub at `/adapters/{code}/events`."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from standardwebhooks.webhooks import Webhook as Signer

from hub.banks.port import Incoming
from hub.banks.simulator.http_side import HttpSide, Reply, Request, broken
from hub.banks.simulator.listening import ListeningBank
from hub.banks.simulator.port import Arrived, Does, Event, Heard, Joining, Place, Way
from hub.banks.standard_webhooks import TOLERANCE, is_signed, new_secret, secrets_of, signed_headers
from hub.domain.delivery import MessageKind
from hub.domain.errors import DeliveryError, InvalidValue

_PATH = "/negotiations"
_FORGER = Signer(hashlib.sha256(b"not the bank").digest())
_OFF_BY = {Way.STALE: -2 * TOLERANCE, Way.AHEAD: 2 * TOLERANCE}


class WebhookSide(ListeningBank[HttpSide]):
    """A bank that listens at `/negotiations`."""

    kind = "webhook"
    speaks = True
    does = frozenset({Does.TAKE, Does.FAIL, Does.REFUSE, Does.HTML, Does.ENDLESS, Does.CUT})
    ways = frozenset(Way) - {Way.GARBLED}

    def __init__(self, place: Place) -> None:
        """Raises `InvalidValue` where a secret was given that is none."""
        super().__init__(place)
        self._secret = place.given.get("secret") or _own_secret(place)
        self._signers = secrets_of(self._secret)

    @property
    def joining(self) -> Joining:
        """The endpoint and the secret."""
        return Joining(settings={"url": f"http://127.0.0.1:{self._port}{_PATH}", "secret": self._secret})

    def _listen(self) -> HttpSide:
        return HttpSide(self._place.port, self._answer)

    def _answer(self, request: Request) -> Reply:
        desk, listening = self._desk, self._listening
        if desk is None or listening is None or request.path != _PATH:
            return Reply(status=404)
        wrong = self._wrong_with(request)
        if wrong is not None:
            desk.notice("refused", why=wrong)
            return Reply(status=401, body=wrong.encode())
        arrived = _arrived(request)
        if arrived is None:
            desk.notice("cannot be read", id=request.headers["webhook-id"])
            return Reply(status=400, body=b"no such form")
        reaction = desk.take(arrived)
        listening.wait(reaction.after_s)
        if reaction.does is Does.FAIL:
            return Reply(status=int(reaction.word) if reaction.word.startswith("5") else 503)
        if reaction.does is Does.REFUSE:
            return Reply(status=int(reaction.word) if reaction.word.isdigit() else 400)
        return broken(reaction) or Reply(status=204)

    def _wrong_with(self, request: Request) -> str | None:
        stamp = request.headers.get("webhook-timestamp", "")
        if not all(request.headers.get(name) for name in ("webhook-id", "webhook-signature")) or not stamp:
            return "unsigned"
        if not stamp.isascii() or not stamp.isdigit() or len(stamp) > 12:
            return "stamp"
        off_by = abs(self._place.clock.now() - datetime.fromtimestamp(int(stamp), UTC))
        if off_by > TOLERANCE:
            return "stamp"
        incoming = Incoming(headers=request.headers, body=request.body)
        return None if any(is_signed(signer, incoming) for signer in self._signers) else "signature"

    def say(self, event: Event) -> Heard:
        """The hub was called; a 2xx is a yes, a 4xx a no, and anything else is to be said again."""
        now = self._place.clock.now()
        # Without its own time: what is told twice is the same to the byte.
        type_ = event.type if event.type.is_of_request else f"negotiation.{event.type}"
        body_fields = {"type": type_, **event.about, "data": event.data}
        body = json.dumps(body_fields, ensure_ascii=False)
        stamp = now + _OFF_BY.get(event.way, timedelta())
        signer = _FORGER if event.way is Way.FORGED else self._signers[0]
        headers = signed_headers(event.id, stamp, body.encode(), [signer])
        url = f"{self._place.hub_url}/adapters/{self._place.code}/events"
        try:
            answer = self._place.http.post(url, body.encode(), headers)
        except DeliveryError as error:
            return Heard(taken=False, detail=error.detail, again=True)
        taken = 200 <= answer.status < 300
        return Heard(
            taken=taken, detail=f"{answer.status} {_code(answer.body)}".strip(), again=_is_weather(answer.status)
        )


def _is_weather(status: int) -> bool:
    return status >= 500 or status == 429


def _code(body: bytes) -> str:
    """The hub's own word for why it refused."""
    try:
        body_fields = json.loads(body)
    except ValueError:
        return ""
    code = body_fields.get("code") if isinstance(body_fields, dict) else None
    return code if isinstance(code, str) else ""


def _arrived(request: Request) -> Arrived | None:
    try:
        body_fields = json.loads(request.body)
        kind, data = MessageKind(body_fields["type"]), body_fields["data"]
    except (ValueError, KeyError, TypeError):
        return None
    if not isinstance(data, Mapping):
        return None
    digest = hashlib.sha256(request.body).hexdigest()
    return Arrived(id=request.headers["webhook-id"], kind=kind, data=data, digest=digest)


def _own_secret(place: Place) -> str:
    """The secret in the bank's folder, made at the first start."""
    path = place.folder / "secret"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(new_secret())
    secret = path.read_text().strip()
    try:
        secrets_of(secret)
    except InvalidValue:
        path.unlink()
        return _own_secret(place)
    return secret


def make(place: Place) -> WebhookSide:
    """The simulated bank."""
    return WebhookSide(place)
