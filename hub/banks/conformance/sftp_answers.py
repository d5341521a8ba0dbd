"""The checks of what an `sftp` bank lays out about the test application. Responses about anything else are left alone.

A hub at work may be quicker and move them aside: then they are read where it put them.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from hub.banks.adapters.sftp import MOST_FILES
from hub.banks.adapters.sftp.files import (
    MOST_CONTROL_BYTES,
    MOST_DATA_BYTES,
    ResponseUnfit,
    call_of,
    lines_in,
    read_sound,
)
from hub.banks.adapters.sftp.names import shown, sorted_out
from hub.banks.adapters.sftp.responses import Folders
from hub.banks.adapters.sftp.session import Session
from hub.banks.conformance import story
from hub.banks.conformance.application import offer_faults
from hub.banks.conformance.report import Check, Trial, judged, not_asked
from hub.banks.conformance.requests import Answered, requests_of
from hub.banks.conformance.story import DECISIONS, Heard, first_of, story_checks
from hub.domain.bank_event import EventType, LoadedEvent
from hub.domain.china import china_day
from hub.domain.errors import HubError, Refused
from hub.domain.offer import BankOffer
from hub.services.delivery.bank_calls import reason_of
from schemas.bank_events import load_event, negotiation_named
from schemas.strict_json import decode

_LOOK_S = 1.0
_SAYS, _AGREES, _FORM = (
    "lays out a response about the test application",
    "its control files agree",
    "says it in the agreed form",
)
NAMES = (_SAYS, _AGREES, _FORM, *story.NAMES)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Response:
    """What came of one response: why its files do not agree, and of each line what it says or why it cannot be read."""

    wrong: str | None
    heard: list[Heard]
    faults: list[str]
    offers: list[dict[str, Any]]


class Answers:
    """What the bank lays out from `remember` on, as far as it is about the test application."""

    NOT_WAITED = "wait for it with --wait SECONDS"

    def __init__(self, trial: Trial, folders: Folders, opened: Callable[[], AbstractContextManager[Session]]) -> None:
        self._trial = trial
        self._folders = folders
        self._opened = opened
        self._known: set[tuple[str, str]] = set()
        self._found: list[_Response] = []
        self._said: dict[str, Answered] = {each.id: Answered() for each in requests_of(trial)}

    @property
    def waited(self) -> bool:
        """Whether anybody waits for what the bank says."""
        return bool(self._trial.wait_s)

    @property
    def offered(self) -> dict[str, Any] | None:
        """The terms of an offer that the bank made, None where it made none."""
        return next((terms for each in self._found for terms in each.offers), None)

    def remember(self) -> None:
        """What lies there now is none of the test's."""
        with self._opened() as session:
            for folder in (self._folders.incoming, self._folders.done):
                names = session.names(folder, most=MOST_FILES)
                self._known |= {(folder, name) for name in names}

    def checks(self, *, sound: bool) -> Iterator[Check]:
        """What came while it was waited for."""
        if not sound or not self.waited:
            why = self.NOT_WAITED if sound else "what must be there before it is not"
            yield from (not_asked(name, expected="", why=why) for name in NAMES)
            return
        self._wait()
        heard = [each for response in self._found for each in response.heard]
        wrong = [response.wrong for response in self._found if response.wrong is not None]
        faults = [fault for response in self._found for fault in response.faults]
        yield judged(
            _SAYS,
            passed=bool(self._found),
            expected=f"RSP_….jsonl and its control file in in_dir, about negotiation {self._trial.negotiation}",
            came=f"{len(self._found)} responses",
            to_do="Take the batch from out_dir, and lay a response out in in_dir while the test waits.",
        )
        if self._found:
            yield judged(
                _AGREES,
                passed=not wrong,
                expected="the number of lines and the SHA-256 of each file that it names",
                came=first_of(wrong, "all do"),
                to_do="Write the data file, then the control file over its very bytes, each as .part and renamed.",
            )
            yield judged(
                _FORM,
                passed=not faults,
                expected="event, type, negotiation and data, as the bank API takes them",
                came=first_of(faults, "all lines are"),
                to_do="Each fault is named by its place (a JSON Pointer) and a code.",
            )
        else:
            yield from (not_asked(name, expected="", why="nothing came") for name in (_AGREES, _FORM))
        yield from story_checks(heard)

    def settle(self) -> None:
        """What the bank has to say to the last messages is taken aside as well, where it says so at once."""
        if self.waited:
            threading.Event().wait(_LOOK_S)
            self._look()

    def answer_to(self, request: str) -> Answered:
        """What lies there about the request once anything does, or when the time is over."""
        for _ in range(max(1, round((self._trial.wait_s or 0.0) / _LOOK_S))):
            self._look()
            if self._said[request] != Answered():
                break
            threading.Event().wait(_LOOK_S)
        return self._said[request]

    def _wait(self) -> None:
        """Until the bank has decided, or as long as may be waited."""
        pause = threading.Event()
        looks = max(1, round((self._trial.wait_s or 0.0) / _LOOK_S))
        for look in range(looks):
            self._look()
            decided = any(h.event and h.event.type in DECISIONS for each in self._found for h in each.heard)
            if decided or look + 1 == looks:
                # Whoever handles everything twice may be at the second time.
                pause.wait(_LOOK_S)
                self._look()
                return
            pause.wait(_LOOK_S)

    def _look(self) -> None:
        with self._opened() as session:
            for folder in (self._folders.incoming, self._folders.done):
                responses, _ = sorted_out(session.entries(folder, most=MOST_FILES))
                for named in responses:
                    data = named.data or ""
                    if (folder, named.control.name) not in self._known and data:
                        self._read(session, folder, named.control.name, data)

    def _read(self, session: Session, folder: str, control_name: str, data_name: str) -> None:
        control = session.content(f"{folder}/{control_name}", most=MOST_CONTROL_BYTES)
        data = session.content(f"{folder}/{data_name}", most=MOST_DATA_BYTES)
        if control is None or data is None:
            return
        self._known.add((folder, control_name))
        lines = [line for _, line in lines_in(data)]
        if not any(_about(line) in {self._trial.negotiation, *self._said} for line in lines):
            return
        wrong = None
        try:
            read_sound(control, data, data_name=data_name)
        except ResponseUnfit as error:
            wrong = f"{shown(control_name)}: {error.code}"
        response = _Response(wrong=wrong, heard=[], faults=[], offers=[])
        for line in lines:
            self._take(line, response)
        self._found.append(response)
        if folder == self._folders.incoming:
            for name in (data_name, control_name):
                session.move(f"{folder}/{name}", f"{self._folders.done}/{name}")
                self._known.add((self._folders.done, name))

    def _take(self, line: bytes, response: _Response) -> None:
        bank_call, about = call_of(line), _about(line)
        value: Any = None
        event: LoadedEvent | None = None
        why: tuple[str, ...] = ()
        try:
            value = decode(bank_call.content)
            today = china_day(self._trial.surroundings.now())
            loaded = load_event(value, today=today, type_=bank_call.type).value_or_refuse()
            if isinstance(loaded.content, BankOffer) and (faults := offer_faults(self._trial, loaded.content)):
                raise Refused(*faults)
            event = loaded
        except HubError as error:
            why = (reason_of(error),)
        if event is not None and not bank_call.id:
            why = ("/event: required",)
        if about is not None and about in self._said:
            self._said[about] = self._said[about].more(event, why)
            return
        response.faults.extend(why)
        response.heard.append(Heard(id=bank_call.id, digest=bank_call.digest, event=event))
        if event is not None and event.type is EventType.OFFERED and isinstance(value, dict):
            response.offers.append(value["data"]["terms"])


def _about(line: bytes) -> str | None:
    try:
        return negotiation_named(decode(call_of(line).content))
    except HubError:
        return None
