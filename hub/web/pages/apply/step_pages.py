"""What all steps share: the person's draft, a step's page, and keeping what was typed once it is sound.

A form is never answered with a page: what is wrong with it waits in the draft, and the page that shows it is asked for
by its address. So the browser's Back and a reload never ask for a form a second time.
"""

import contextlib
from collections.abc import Iterable, Iterator
from typing import Any, Final
from urllib.parse import urlencode

from flask import Response, request

from hub.domain.errors import Fault
from hub.domain.plain import Plain
from hub.services.accounts import unfinished_forms
from hub.services.accounts.cardholders import Cardholder
from hub.services.applications import drafts
from hub.services.applications.drafts import Draft
from hub.services.reading import directory
from hub.services.transaction import HubTransaction
from hub.web.access import face
from hub.web.pages.apply import steps
from hub.web.pages.apply.draft_body import bank_codes_of, judged
from hub.web.pages.apply.steps import TO_MEND, UNFINISHED, Step
from hub.web.pages.forms import FormState
from hub.web.pages.rendering import go, page
from hub.web.pages.translation import speak_of_several, translate
from hub.web.pages.unfinished import AFRESH, cut
from hub.web.pages.visitors import current_cardholder

LATER: Final = "later"
_MENDING: Final = "mend"
_SENT: Final = "typed"
# What of a form's address its page is asked for with again.
_KEPT: Final = ("from", "identity")
_NOT_TYPED: Final = frozenset({"csrf_token", "once", "do", "remove"})
ERROR_SUMMARY: Final = "error-summary"
"""Where on a page stands what is wrong, all together."""
FORMS: Final = "/apply/"
"""Where the forms of the steps are."""


@contextlib.contextmanager
def reading_draft() -> Iterator[tuple[HubTransaction, Draft]]:
    """The page's one look at the hub, and the draft of the person who is signed in as it stands in it.

    From here on words for banks are of all its creditors; where those are chosen each is called what it is.
    """
    person = current_cardholder()
    with face().hub.reading(person.actor) as tx:
        found = draft_of(tx, person)
        if found.data.get("loans") and request.path != steps.CARDS.address:
            speak_of_several(directory.has_lender(tx, bank_codes_of(found.data)))
        yield tx, found


def draft_of(tx: HubTransaction, person: Cardholder) -> Draft:
    """The person's draft; its data have under `UNFINISHED` the steps' forms that were left before they were sent."""
    found = drafts.find(tx, person)
    left = unfinished_in(tx, person, found.data)
    if left:
        found.data[UNFINISHED] = left
    return found


def unfinished_in(tx: HubTransaction, person: Cardholder, data: Plain) -> dict[str, Any]:
    """The forms of steps, by name, that hold more than the draft's answers: not sound, or never sent."""
    left = {each.address.rpartition("/")[2]: each.values for each in unfinished_forms.list_below(tx, person, FORMS)}
    return {**data.get(UNFINISHED, {}), **left}


def draft() -> Draft:
    """The draft of the person who is signed in, for a page that needs nothing else of the hub."""
    with reading_draft() as (_, found):
        return found


def is_from_check() -> bool:
    """Whether the person came from the page on which everything is checked, and goes back there."""
    return request.args.get("from") == "check"


def typed_before(step: Step, data: Plain) -> FormState | None:
    """The step's form as it waits in the draft's `data`, or None; with its faults right after it was sent."""
    values = data.get(UNFINISHED, {}).get(step.name)
    if values is None:
        return None
    return FormState(values=values, faults=to_mend(step, data), is_unfinished=not {_MENDING, _SENT} & set(request.args))


def begin_afresh() -> None:
    """What waits in the draft of the form that somebody begins afresh is thrown away."""
    if request.method != "POST" or request.form.get("do") != AFRESH:
        return
    name, person = request.path.rpartition("/")[2], current_cardholder()
    with face().hub.writing(person.actor) as tx:
        if name in drafts.find(tx, person).data.get(UNFINISHED, {}):
            drafts.change(tx, person, lambda data: data[UNFINISHED].pop(name))


def to_mend(step: Step, data: Plain) -> tuple[Fault, ...]:
    """What was wrong with the step's form where this page is the answer to it."""
    told = data.get(TO_MEND, {}).get(step.name, []) if _MENDING in request.args else []
    return tuple(Fault(each["pointer"], each["code"], each["params"]) for each in told)


def step_page(step: Step, state: FormState, *, template: str = "", stay: bool = False, **context: Any) -> Response:
    """The step's page; 422 where something is wrong. A form that was posted and has faults is `sent_back`."""
    if request.method == "POST" and not state.sound:
        return sent_back(step, state, stay=stay)
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


def sent_back(step: Step, state: FormState, *, stay: bool = False, place: str = "", **shown: str) -> Response:
    """What was typed waits in the draft as it is, and the step's page shows it, with what is wrong.

    Who wanted to leave does so all the same, unless they have to `stay`, and is blamed for nothing. `place` is where on
    the page to look first where nothing is wrong; `shown` goes into its address.
    """
    person = current_cardholder()
    leaves = not stay and request.form.get("do") == LATER
    values = cut({name: typed for name, typed in state.values.items() if name not in _NOT_TYPED})
    faults = [] if leaves else [_plain(each) for each in state.faults]

    def wait(data: Plain) -> None:
        data[UNFINISHED] = {**data.get(UNFINISHED, {}), step.name: values}
        _tell(data, step, faults)

    with face().hub.writing(person.actor) as tx:
        drafts.change(tx, person, wait)
    if leaves:
        return go(steps.TASKS)
    args = {name: request.args[name] for name in _KEPT if name in request.args} | shown
    args[_MENDING if faults else _SENT] = "1"
    # Named where something is wrong too: without one a browser keeps the place of the form's own address.
    first = ERROR_SUMMARY if faults else place
    return go(f"{step.address}?{urlencode(args)}{first and '#' + first}")


def told(step: Step, faults: Iterable[Fault], **shown: str) -> Response:
    """The step's page comes again and says what is wrong; nothing was typed there that could wait. `shown` as above."""
    person = current_cardholder()
    with face().hub.writing(person.actor) as tx:
        drafts.change(tx, person, lambda data: _tell(data, step, [_plain(each) for each in faults]))
    return go(f"{step.address}?{urlencode({**shown, _MENDING: '1'})}#{ERROR_SUMMARY}")


def _plain(fault: Fault) -> Plain:
    return {"pointer": fault.pointer, "code": fault.code, "params": dict(fault.params)}


def _tell(data: Plain, step: Step, faults: list[Plain]) -> None:
    told = {name: each for name, each in data.get(TO_MEND, {}).items() if name != step.name}
    if faults:
        told[step.name] = faults
    data.pop(TO_MEND, None)
    if told:
        data[TO_MEND] = told


def merged(data: Plain, piece: Plain) -> Plain:
    """`data` with `piece` in it. What may be left empty, and was, is left out: the schema would call it wrong."""
    whole = {**data, **piece}
    return {name: value for name, value in whole.items() if value is not None}


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
    _tell(whole, step, [])
    data.clear()
    data.update({name: value for name, value in whole.items() if value is not None})


def after(step: Step) -> str:
    """Where the person goes once the step is kept."""
    if request.form.get("do") == LATER:
        return steps.TASKS
    return steps.CHECK if is_from_check() else steps.after(step)
