"""The checks of what a bank says: a door that answers as the hub would, and judges, but changes nothing.

The first event is answered 503 once, to see that it comes again under its id. The test application's file is there to
be fetched as from the bank API, with any token.
"""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Self

from hub.banks.conformance import story
from hub.banks.conformance.application import evidence_content, evidence_id, offer_faults
from hub.banks.conformance.report import Check, Trial, judged, not_asked
from hub.banks.conformance.requests import Answered, answer_faults, requests_of
from hub.banks.conformance.story import DECISIONS, Heard, first_of, story_checks
from hub.banks.port import Answer, Answering, BankCall, Incoming, Refusal
from hub.banks.simulator.http_side import HttpSide, Reply, Request
from hub.domain.bank_event import EventType, LoadedEvent
from hub.domain.china import china_day
from hub.domain.errors import CallRefused, HubError, NotFound, Refused
from hub.domain.offer import BankOffer
from hub.services.delivery.bank_calls import reason_of
from schemas.bank_events import load_event, negotiation_named
from schemas.strict_json import decode

_QUIET_S = 1.5
_MOST_AFTERWARDS = 20
_SAYS, _SIGNED, _FORM, _REPEATS, _EVIDENCE = (
    "says something about the test application",
    "signs and stamps what it says",
    "says it in the agreed form",
    "repeats under its id what was answered 503",
    "fetches the evidence",
)
NAMES = (_SAYS, _SIGNED, _FORM, _REPEATS, *story.NAMES, _EVIDENCE)
_TOKEN = json.dumps({"access_token": "conformance-test", "token_type": "Bearer", "expires_in": 900}).encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call of the bank: its id and digest where they could be read, what it says, or why it was refused.

    `data` is what an offer says, as it came. `request` is which test request it is about, if it is about one.
    """

    bank_call: BankCall | None
    event: LoadedEvent | None
    why: str = ""
    signed: bool = True
    data: Any = None
    request: str = ""


class Door:
    """Listens from `open` to the end of its `with` block, for the bank of the trial."""

    def __init__(self, trial: Trial, adapter: Answering, *, host: str, port: int) -> None:
        self._trial = trial
        self._adapter = adapter
        self._host, self._port = host, port
        self._calls: list[Call] = []
        self._requests = frozenset(each.id for each in requests_of(trial))
        self._put_off: str | None = None
        self._fetched: list[int] = []
        self._changed = threading.Condition()
        self._side: HttpSide | None = None

    def open(self) -> None:
        """It listens; raises `OSError` where the port is taken."""
        self._side = HttpSide(self._port, self._reply, host=self._host)

    def __enter__(self) -> Self:
        """The open door, which is closed at the end of the block."""
        return self

    def __exit__(self, *_: object) -> None:
        """It listens no more."""
        if self._side is not None:
            self._side.close()

    @property
    def negotiation(self) -> str:
        """What the bank is to speak of."""
        return self._trial.negotiation

    @property
    def path(self) -> str:
        """Where the bank calls, as at the hub itself."""
        return f"/adapters/{self._trial.bank.code}/{self._adapter.door}"

    @property
    def port(self) -> int:
        """Where it listens."""
        return self._port if self._side is None else self._side.port

    def wait(self, seconds: float) -> None:
        """Everything that is hoped for has come and it is quiet again, or so many seconds are over."""
        with self._changed:
            if self._changed.wait_for(self._has_all, timeout=seconds):
                # What a bank says after its decision counts as well, but nobody waits for ever.
                for _ in range(_MOST_AFTERWARDS):
                    if not self._changed.wait(_QUIET_S):
                        return

    def settle(self) -> None:
        """What the bank has to say to the last message has come, or is left alone."""
        with self._changed:
            self._changed.wait(_QUIET_S)

    def answer_to(self, request: str) -> Answered:
        """What has come about the request once anything has, or when the time is over."""
        with self._changed:
            self._changed.wait_for(lambda: bool(self._about(request)), timeout=self._trial.wait_s)
            calls = self._about(request)
        return Answered(
            events=tuple(call.event for call in calls if call.event is not None),
            faults=tuple(call.why for call in calls if call.event is None),
        )

    def _about(self, request: str) -> list[Call]:
        return [call for call in self._calls if call.request == request]

    @property
    def offered(self) -> dict[str, Any] | None:
        """The terms of an offer that the bank made, None where it made none."""
        with self._changed:
            return next((call.data["terms"] for call in self._calls if call.data is not None), None)

    def _has_all(self) -> bool:
        events = [call.event.type for call in self._calls if call.event is not None]
        return bool(DECISIONS & set(events)) and self._was_repeated()

    def _was_repeated(self) -> bool:
        return sum(call.bank_call is not None and call.bank_call.id == self._put_off for call in self._calls) > 1

    def _reply(self, request: Request) -> Reply:
        if request.method == "GET" or request.path == "/oauth/token":
            return self._as_bank_api(request)
        if request.path != self.path:
            return Reply(status=HTTPStatus.NOT_FOUND)
        media_type = request.headers.get("content-type", "").partition(";")[0].strip()
        incoming = Incoming(headers=request.headers, body=request.body, content_type=media_type)
        call, refusal = self._judged(incoming)
        with self._changed:
            self._calls.append(call)
            puts_off = call.event is not None and not call.request and self._put_off is None
            if puts_off and call.bank_call is not None:
                self._put_off = call.bank_call.id
            self._changed.notify_all()
        if puts_off:
            return Reply(status=HTTPStatus.SERVICE_UNAVAILABLE)
        answer: Answer = self._adapter.answer(incoming, self._trial.bank, refusal)
        return Reply(status=answer.status, body=answer.body, content_type=answer.content_type or "text/plain")

    def _as_bank_api(self, request: Request) -> Reply:
        if request.path == "/oauth/token":
            return Reply(body=_TOKEN, content_type="application/json")
        wanted = f"/api/v1/bank/negotiations/{self.negotiation}/evidence/{evidence_id(self._trial)}"
        has_token = request.headers.get("authorization", "").lower().startswith("bearer ")
        status = HTTPStatus.OK if has_token else HTTPStatus.UNAUTHORIZED
        if request.path != wanted:
            status = HTTPStatus.NOT_FOUND
        with self._changed:
            self._fetched.append(status)
            self._changed.notify_all()
        if status is not HTTPStatus.OK:
            return Reply(status=status)
        return Reply(body=evidence_content(), content_type="application/pdf")

    def _judged(self, incoming: Incoming) -> tuple[Call, Refusal | None]:
        bank_call: BankCall | None = None
        try:
            bank_call = self._adapter.read(incoming, self._trial.bank)
            today = china_day(self._trial.surroundings.now())
            value = decode(bank_call.content)
            event = load_event(value, today=today, type_=bank_call.type).value_or_refuse()
            if event.request:
                if event.request not in self._requests:
                    raise NotFound
                if broken := answer_faults(self._trial, event):
                    raise Refused(*broken)
                return Call(bank_call=bank_call, event=event, request=event.request), None
            if event.negotiation != self._trial.negotiation:
                raise NotFound
            if isinstance(event.content, BankOffer) and (faults := offer_faults(self._trial, event.content)):
                raise Refused(*faults)
        except HubError as error:
            is_signed = not isinstance(error, CallRefused)
            about = negotiation_named(_value_of(bank_call))
            call = Call(
                bank_call=bank_call,
                event=None,
                why=reason_of(error),
                signed=is_signed,
                request=about if about in self._requests and about is not None else "",
            )
            return call, self._trial.refusal_of(error, incoming.headers)
        data = value["data"] if event.type is EventType.OFFERED and isinstance(value, dict) else None
        return Call(bank_call=bank_call, event=event, data=data), None

    def checks(self) -> Iterator[Check]:
        """What came of the wait."""
        with self._changed:
            calls = list(self._calls)
        fit = sum(call.event is not None for call in calls)
        yield judged(
            _SAYS,
            passed=bool(fit),
            expected=f"an event of negotiation {self._trial.negotiation}",
            came=f"{len(calls)} calls, {fit} of them fit",
            to_do=f"POST events to {self.path} at this machine's port {self.port} while the test waits.",
        )
        yield from self._of_calls(calls)
        yield from story_checks(
            [
                Heard(id=call.bank_call.id, digest=call.bank_call.digest, event=call.event)
                for call in calls
                if call.bank_call is not None
            ]
        )
        yield self._of_evidence()

    def _of_calls(self, calls: list[Call]) -> Iterator[Check]:
        """Whether each call is what it must be by itself, and a repeat what it was."""
        if not calls:
            yield from (not_asked(name, expected="", why="nothing came") for name in (_SIGNED, _FORM, _REPEATS))
            return
        unsigned = [call.why for call in calls if not call.signed]
        yield judged(
            _SIGNED,
            passed=not unsigned,
            expected="every call is signed with the agreed key, and stamped now",
            came=first_of(unsigned, "all are"),
            to_do="Sign the very bytes that are sent, and look at the machine's clock.",
        )
        signed = [call for call in calls if call.signed]
        wrong = [call.why for call in signed if call.event is None]
        yield (
            judged(
                _FORM,
                passed=not wrong,
                expected="type, negotiation and data as the bank API takes them",
                came=first_of(wrong, "all are"),
                to_do="Each fault is named by its place (a JSON Pointer) and a code.",
            )
            if signed
            else not_asked(_FORM, expected="", why="nothing came that was signed")
        )
        repeated = self._was_repeated()
        yield (
            judged(
                _REPEATS,
                passed=repeated,
                expected="the same event again after a 503",
                came="it came again" if repeated else "it did not come again while we waited",
                to_do="Repeat with growing waits until the answer is a 2xx or a 4xx, always under the same id.",
            )
            if self._put_off is not None
            else not_asked(_REPEATS, expected="", why="nothing came that could be answered so")
        )

    def _of_evidence(self) -> Check:
        """Whether the file was fetched rightly; a bank whose people fetch it when they read is none the worse."""
        with self._changed:
            fetched = list(self._fetched)
        expected = f"GET {self._trial.hub_url}/api/v1/bank/…, with a Bearer token"
        if not fetched:
            return not_asked(_EVIDENCE, expected=expected, why="nobody fetched it while we waited")
        return judged(
            _EVIDENCE,
            passed=HTTPStatus.OK in fetched,
            expected=expected,
            came=", ".join(f"answered {status}" for status in dict.fromkeys(fetched)),
            to_do="Fetch evidence by its url as it stands in the packet, with Authorization: Bearer and a token.",
        )


def _value_of(call: BankCall | None) -> object:
    """What the call says, as far as it is JSON."""
    try:
        return None if call is None else decode(call.content)
    except HubError:
        return None


def not_listened(why: str) -> Iterator[Check]:
    """The same checks, none of them made."""
    for name in NAMES:
        yield not_asked(name, expected="", why=why)
