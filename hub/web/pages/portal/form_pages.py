"""How a form becomes a deed: read, shown before it is sent where that matters, done once, and never on an old state.

A form bears the length of the log it was made for. Where the log has grown since, nothing is done: the same form comes
back with everything that was typed, and says who changed what and when.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any, Protocol, TypeVar

from flask import Response, request

from hub.domain.errors import Conflict, NotAllowed, Refused
from hub.domain.plain import Plain
from hub.services.accounts.staff import Staff
from hub.services.negotiations import review
from hub.services.transaction import HubTransaction
from hub.web.access import face
from hub.web.pages.field_names import readable
from hub.web.pages.forms import FormState
from hub.web.pages.once import do_once
from hub.web.pages.portal import desk
from hub.web.pages.portal.form_fields import OF_TEMPLATE
from hub.web.pages.rendering import page
from hub.web.pages.translation import page_language
from hub.web.pages.visitors import current_staff
from hub.web.problems import problem_of
from hub.web.sentences import detail

T = TypeVar("T")


class Stale(Exception):
    """The case has moved on since the form was made; `change` is the newest entry of its log."""

    def __init__(self, change: Plain | None) -> None:
        super().__init__()
        self.change = change


class _Undone(Exception):
    """Ends a transaction that shall not be kept."""


def case_address(negotiation_id: str, done: str = "") -> str:
    """The page of the case; `done` names what has just been done there."""
    return f"/portal/negotiations/{negotiation_id}" + (f"?done={done}" if done else "")


def rehearsed(person: Staff, deed: Callable[[HubTransaction], T]) -> T:
    """What `deed` would bring about: it is done and taken back, so that a preview cannot differ from the real thing."""
    seen: list[T] = []
    with suppress(_Undone), face().hub.writing(person.actor) as tx:
        seen.append(deed(tx))
        raise _Undone
    return seen[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Why a form comes back although nothing in it is wrong: a change by somebody else, or a step that is not due."""

    change: Plain | None = None
    words: str = ""


class Show(Protocol):
    """Shows the form."""

    def __call__(self, state: FormState, *, status: int = 200, trouble: Trouble | None = None) -> Response: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class FormPage:
    """The page of one form about one negotiation. `more` is what else its template needs."""

    negotiation_id: str
    template: str
    title: str
    more: Mapping[str, Any] = field(default_factory=dict)

    def __call__(self, state: FormState, *, status: int = 200, trouble: Trouble | None = None, **more: Any) -> Response:
        """The form as it stands."""
        person = current_staff()
        with face().hub.reading(person.actor) as tx:
            head = desk.heading(tx, self.negotiation_id, bank_code=person.bank, language=page_language())
        state = replace(state, fields=OF_TEMPLATE.get(self.template, state.fields))
        # After a change by somebody else the form is for what its reader now sees; otherwise for what they saw first.
        seen = head["log_length"] if trouble is not None else state.value("seen", str(head["log_length"]))
        return page(
            self.template,
            title=self.title,
            status=status,
            state=state,
            case=head,
            seen=seen,
            trouble=trouble,
            back=case_address(self.negotiation_id),
            **{**self.more, **more},
        )


def require_fresh(tx: HubTransaction, person: Staff, negotiation_id: str) -> None:
    """Nothing, or `Stale` where the log is not as long as when the form was made. The row is locked."""
    row = review.lock_for_bank(tx, negotiation_id, bank_code=person.bank)
    given = request.form.get("seen", "")
    if given == str(row.log_length):
        return
    # What does not say for which state it was made is held to be of the one before this.
    seen = int(given) if given.isascii() and given.isdigit() and len(given) < 10 else row.log_length - 1
    names = desk.people(tx, person.bank)
    raise Stale(desk.change_since(tx, negotiation_id, min(seen, row.log_length - 1), names))


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """One form's deed. `do` does it and says where to go then; `afterwards` in `keeping` is the caller's to see to.

    `look` says what would come of it, for a preview; without it the form is sent at once.
    """

    negotiation_id: str
    do: Callable[[HubTransaction], str]
    look: Callable[[HubTransaction], Plain] | None = None


def carry_out(deed: Deed, state: FormState, *, form: FormPage, preview: FormPage | None = None) -> Response:
    """The deed is done, or shown as it would be; or the form comes back and says why not."""
    if request.form.get("step") == "edit":
        return form(state)
    if not state.sound:
        return form(state, status=422)
    try:
        return _done_or_looked_at(deed, state, preview)
    except Stale as error:
        return form(state, status=409, trouble=Trouble(change=error.change))
    except Refused as error:
        return form(state.with_faults(error.faults), status=422)
    except (Conflict, NotAllowed) as error:
        return form(state, status=status_of(error), trouble=Trouble(words=words_of(error)))


def _done_or_looked_at(deed: Deed, state: FormState, preview: FormPage | None) -> Response:
    person, look = current_staff(), deed.look
    if preview is None or look is None or request.form.get("step") == "send":
        return do_once(person, lambda tx: _done(tx, person, deed))

    def looked(tx: HubTransaction) -> Plain:
        require_fresh(tx, person, deed.negotiation_id)
        return look(tx)

    return preview(state, look=rehearsed(person, looked))


def _done(tx: HubTransaction, person: Staff, deed: Deed) -> str:
    require_fresh(tx, person, deed.negotiation_id)
    return deed.do(tx)


def status_of(error: Conflict | NotAllowed) -> int:
    """The status of the answer to that error."""
    problem = problem_of(error)
    return 409 if problem is None else problem.status


def words_of(error: Conflict | NotAllowed) -> str:
    """What that error says to a person."""
    problem = problem_of(error)
    if problem is None:
        return ""
    params = {name: readable(value) for name, value in problem.params.items()}
    return detail(problem.detail_code, params, page_language())
