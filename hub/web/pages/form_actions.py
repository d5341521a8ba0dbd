"""What a form does: it is read, shown before it is sent where that matters, done once, and never on an old state.

Where something changed since the form was made, nothing is done: the same form comes back with everything that was
typed, and says who changed what and when.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from flask import Response, request

from hub.domain.errors import Conflict, NotAllowed, Refused
from hub.services.accounts.cardholders import Cardholder
from hub.services.accounts.staff import Staff
from hub.services.transaction import HubTransaction
from hub.web.access import face
from hub.web.pages.field_names import readable
from hub.web.pages.forms import FormState
from hub.web.pages.once import Effect, do_once
from hub.web.pages.translation import page_language
from hub.web.problems import problem_of
from hub.web.sentences import detail

T = TypeVar("T")


class Stale(Exception):
    """Things have moved on since the form was made; `change` is the newest of what happened."""

    def __init__(self, change: Any) -> None:
        super().__init__()
        self.change = change


class _Undone(Exception):
    """Ends a transaction that shall not be kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Why a form comes back although nothing in it is wrong: a change by somebody else, or a step that is not due."""

    change: Any = None
    words: str = ""


class Show(Protocol):
    """Shows the form; `look` is what `FormAction.look` gave, for a preview."""

    def __call__(
        self, state: FormState, *, status: int = 200, trouble: Trouble | None = None, look: Any = None
    ) -> Response: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class FormAction:
    """What one form does. `effect` does it and says where to go then.

    `look` says what would come of it, for a preview; without it the form is sent at once. `require_fresh` raises
    `Stale` where the form was made for an older state; it may lock what the action is about.
    """

    effect: Effect
    look: Callable[[HubTransaction], Any] | None = None
    require_fresh: Callable[[HubTransaction], None] = lambda _: None


def rehearsed(visitor: Cardholder | Staff, effect: Callable[[HubTransaction], T]) -> T:
    """What `effect` would give: it is done and taken back, so that a preview cannot differ from the real thing."""
    seen: list[T] = []
    with suppress(_Undone), face().hub.writing(visitor.actor) as tx:
        seen.append(effect(tx))
        raise _Undone
    return seen[0]


def carry_out(
    visitor: Cardholder | Staff, action: FormAction, state: FormState, *, form: Show, preview: Show | None = None
) -> Response:
    """The action is done, or shown as it would be; or the form comes back and says why not."""
    if request.form.get("step") == "edit":
        return form(state)
    if not state.sound:
        return form(state, status=422)
    try:
        return _done_or_looked_at(visitor, action, state, preview)
    except Stale as error:
        return form(state, status=409, trouble=Trouble(change=error.change))
    except Refused as error:
        return form(state.with_faults(error.faults), status=422)
    except (Conflict, NotAllowed) as error:
        return form(state, status=_status_of(error), trouble=Trouble(words=_words_of(error)))


def send_once(
    visitor: Cardholder | Staff,
    state: FormState,
    value: T | None,
    effect: Callable[[HubTransaction, T], str],
    *,
    form: Callable[[FormState], Response],
) -> Response:
    """What the form means happens once; or the form comes back with what is wrong in it.

    For forms without a preview that nobody else can make stale but by what `effect` finds: its conflicts come out as
    they are. `value` is what was read, None where the form has faults; `effect` gives where to go then.
    """
    if value is None or not state.sound:
        return form(state)
    try:
        return do_once(visitor, lambda tx: effect(tx, value))
    except Refused as error:
        return form(state.with_faults(error.faults))


def _done_or_looked_at(
    visitor: Cardholder | Staff, action: FormAction, state: FormState, preview: Show | None
) -> Response:
    look = action.look
    if preview is None or look is None or request.form.get("step") == "send":
        return do_once(visitor, lambda tx: _fresh(tx, action, action.effect))
    return preview(state, look=rehearsed(visitor, lambda tx: _fresh(tx, action, look)))


def _fresh(tx: HubTransaction, action: FormAction, effect: Callable[[HubTransaction], T]) -> T:
    action.require_fresh(tx)
    return effect(tx)


def _status_of(error: Conflict | NotAllowed) -> int:
    problem = problem_of(error)
    return 409 if problem is None else problem.status


def _words_of(error: Conflict | NotAllowed) -> str:
    """What that error says to a person."""
    problem = problem_of(error)
    if problem is None:
        return ""
    params = {name: readable(value) for name, value in problem.params.items()}
    return detail(problem.detail_code, params, page_language())
