"""Calls that may come twice: the first answer is kept with its effect and given again, byte for byte.

Refusals are not kept: a call that was refused changed nothing, and may be mended under the same key.
"""

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from flask import Response, request

from hub.domain.actor import Actor
from hub.domain.errors import HubError, IdempotencyKeyBusy, Malformed
from hub.services import first_answers
from hub.services.first_answers import FirstAnswer
from hub.services.transaction import HubTransaction, begun_again
from hub.wiring import Hub

_KEY = re.compile(r"[\x21-\x7e]{1,64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What an effect replies. `afterwards` happens once the transaction is committed, and never for a replay.

    A `refusal` is raised after the commit: what the effect wrote of it, such as a try that counts, has to stay. `text`
    is the body as it was spelt when it was given first.
    """

    status: int
    body: Any
    location: str | None = None
    afterwards: Callable[[], None] | None = None
    refusal: HubError | None = None
    text: str | None = None


Effect = Callable[[HubTransaction], Reply]


def key_of_request(*, required: bool = False) -> str | None:
    """The Idempotency-Key of the present request; raises `Malformed` where it cannot be one, or is missing."""
    given = request.headers.get("Idempotency-Key")
    if given is None:
        if required:
            raise Malformed("idempotency_key_required")
        return None
    if not _KEY.fullmatch(given):
        raise Malformed("idempotency_key_form")
    return given


class KeysInUse:
    """The keys whose calls this process is working on."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._keys: set[tuple[str, str]] = set()

    @contextmanager
    def held(self, client_id: str, key: str) -> Iterator[None]:
        """Nobody else in this process works on the key meanwhile; raises `IdempotencyKeyBusy` where somebody does."""
        both = (client_id, key)
        with self._lock:
            if both in self._keys:
                raise IdempotencyKeyBusy
            self._keys.add(both)
        try:
            yield
        finally:
            with self._lock:
                self._keys.discard(both)


@dataclass(frozen=True, slots=True, kw_only=True)
class Once:
    """How one call is done at most once: in whose name, under which key, and what tells it from another.

    `one_statement` says that the effect is no more than that, about one row: without a key it needs nothing around it.
    """

    hub: Hub
    actor: Actor
    client_id: str
    key: str | None
    fingerprint: str
    keys_in_use: KeysInUse
    one_statement: bool = False

    def do(self, effect: Effect) -> tuple[Reply, bool]:
        """What `effect` replies, now or when it was first done; true where it was done before."""
        if self.key is None:
            return self._do(effect)
        with self.keys_in_use.held(self.client_id, self.key):
            return self._do(effect)

    def _do(self, effect: Effect) -> tuple[Reply, bool]:
        answer, replayed = begun_again(partial(self._in_one_transaction, effect))
        if answer.refusal is not None:
            raise answer.refusal
        if answer.afterwards is not None:
            self._follow_up(answer.afterwards, answer.status)
        return answer, replayed

    def _in_one_transaction(self, effect: Effect) -> tuple[Reply, bool]:
        opened = self.hub.autocommitting if self.one_statement and self.key is None else self.hub.writing
        with opened(self.actor) as tx:
            first = self._first_answer(tx)
            if first is not None:
                return Reply(status=first.status, body=None, location=first.location, text=first.body), True
            answer = effect(tx)
            text = json_text(answer.body)
            if self.key is not None and answer.refusal is None:
                status = answer.status if answer.afterwards is None else first_answers.UNFINISHED
                kept = FirstAnswer(fingerprint=self.fingerprint, status=status, location=answer.location, body=text)
                first_answers.keep_first_answer(tx, self.client_id, self.key, kept)
            return replace(answer, text=text), False

    def _first_answer(self, tx: HubTransaction) -> FirstAnswer | None:
        if self.key is None:
            return None
        return first_answers.find_first_answer(tx, self.client_id, self.key, fingerprint=self.fingerprint)

    def _follow_up(self, afterwards: Callable[[], None], status: int) -> None:
        try:
            afterwards()
        except Exception:
            # A replay would claim what never happened, so the key must be as good as new.
            if self.key is not None:
                with self.hub.writing(self.actor) as tx:
                    first_answers.forget_first_answer(tx, self.client_id, self.key)
            raise
        if self.key is not None:
            with self.hub.writing(self.actor) as tx:
                first_answers.finish_first_answer(tx, self.client_id, self.key, status)


def response_of(answer: Reply, *, replayed: bool) -> Response:
    """The answer as a program gets it."""
    response = Response(answer.text, status=answer.status, content_type="application/json")
    if answer.location is not None:
        response.headers["Location"] = answer.location
    if replayed:
        response.headers["Idempotency-Replayed"] = "true"
    return response


def json_response(body: object, status: int = 200) -> Response:
    """`body` as JSON."""
    return Response(json_text(body), status=status, content_type="application/json")


def json_text(body: object) -> str:
    """`body` spelt as JSON, its fields in the order they are in."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))
