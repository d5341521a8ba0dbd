"""What all steps share: the person's draft, a step's page, and keeping what was typed once it is sound."""

import contextlib
from collections.abc import Iterator
from typing import Any, Final

from flask import Response, request

from hub.domain.plain import Plain
from hub.services.applications import drafts
from hub.services.applications.drafts import Draft
from hub.services.transaction import HubTransaction
from hub.web.access import face
from hub.web.pages.apply import steps
from hub.web.pages.apply.draft_body import judged
from hub.web.pages.apply.steps import UNFINISHED, Step
from hub.web.pages.forms import FormState
from hub.web.pages.rendering import go, page
from hub.web.pages.translation import translate
from hub.web.pages.visitors import current_cardholder

LATER: Final = "later"
_NOT_TYPED: Final = frozenset({"csrf_token", "once", "do"})


@contextlib.contextmanager
def reading_draft() -> Iterator[tuple[HubTransaction, Draft]]:
    """The page's one look at the hub, and the draft of the person who is signed in as it stands in it."""
    person = current_cardholder()
    with face().hub.reading(person.actor) as tx:
        yield tx, drafts.find(tx, person)


def draft() -> Draft:
    """The draft of the person who is signed in, for a page that needs nothing else of the hub."""
    with reading_draft() as (_, found):
        return found


def is_from_check() -> bool:
    """Whether the person came from the page on which everything is checked, and goes back there."""
    return request.args.get("from") == "check"


def typed_before(step: Step, data: Plain) -> FormState | None:
    """The step's form as the person left it unfinished in the draft's `data`, or None."""
    values = data.get(UNFINISHED, {}).get(step.name)
    return None if values is None else FormState(values=values)


def step_page(step: Step, state: FormState, *, template: str = "", stay: bool = False, **context: Any) -> Response:
    """The step's page; 422 where something is wrong.

    Who wanted to leave does so all the same, unless they have to `stay`: what they typed waits for them as it is.
    """
    if not state.sound and not stay and request.form.get("do") == LATER:
        return _leave(step)
    return page(
        template or f"apply/{step.name}.html",
        title=translate(step.title),
        status=200 if state.sound else 422,
        state=state,
        step=step,
        how_many=steps.HOW_MANY,
        from_check=is_from_check(),
        back=steps.CHECK if is_from_check() else steps.before(step),
        **context,
    )


def judge(step: Step, state: FormState, data: Plain) -> FormState:
    """`state` with the faults that the schemas find in this step's part of `data`."""
    return state.with_faults(step.faults(judged(data, current_cardholder()).faults))


def _leave(step: Step) -> Response:
    person = current_cardholder()
    values = {name: list(typed) for name, typed in request.form.lists() if name not in _NOT_TYPED}

    def leave(data: Plain) -> None:
        data[UNFINISHED] = {**data.get(UNFINISHED, {}), step.name: values}

    with face().hub.writing(person.actor) as tx:
        drafts.change(tx, person, leave)
    return go(steps.TASKS)


def merged(data: Plain, piece: Plain) -> Plain:
    """`data` with `piece` in it; of the finances, which two pages fill, only the lines that `piece` holds."""
    finances = {**data.get("finances", {}), **piece.get("finances", {})}
    # What may be left empty, and was, is not an answer: the schema would take it for one that is wrong.
    finances = {name: value for name, value in finances.items() if value is not None}
    whole = {**data, **piece}
    return {**whole, "finances": finances} if finances else whole


def keep(step: Step, piece: Plain) -> Response:
    """The draft holds `piece`, and the person goes on: to the next page, the check, or the list of tasks."""
    person = current_cardholder()
    with face().hub.writing(person.actor) as tx:
        drafts.change(tx, person, lambda data: put(step, piece, data))
    return go(after(step))


def put(step: Step, piece: Plain, data: Plain) -> None:
    """The draft's `data` hold `piece`; the step is not left unfinished any more."""
    whole = merged(data, piece)
    left = {name: values for name, values in data.get(UNFINISHED, {}).items() if name != step.name}
    whole[UNFINISHED] = left or None
    data.clear()
    data.update({name: value for name, value in whole.items() if value is not None})


def after(step: Step) -> str:
    """Where the person goes once the step is kept."""
    if request.form.get("do") == LATER:
        return steps.TASKS
    return steps.CHECK if is_from_check() else steps.after(step)
