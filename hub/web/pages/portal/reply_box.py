"""Putting a canned reply into the words of a form: by a list and a button, or by the keyboard where scripts run."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from flask import request

from hub.domain.canned_reply import ReplyUse
from hub.services.reading.bank.heading import Heading
from hub.services.reading.bank.replies import ready_replies
from hub.services.transaction import HubTransaction
from hub.web.pages.forms import FormState
from hub.web.pages.visitors import current_staff

INSERT: Final = "insert"
"""The button of a form that puts the chosen reply behind what was typed; nothing is sent by it."""

_CHOSEN: Final = "reply"


def replies_for(use: ReplyUse) -> Any:
    """What a form gathers so that its box of words has the replies of that use."""

    def gather(tx: HubTransaction, head: Heading) -> Mapping[str, Any]:
        return {"replies": ready_replies(tx, head.id, use, current_staff())}

    return gather


def is_insertion() -> bool:
    """Whether the form that came only asks for a reply to be put in."""
    return request.form.get("step") == INSERT


def inserted(tx: HubTransaction, negotiation_id: str, use: ReplyUse, state: FormState) -> FormState:
    """The form with the chosen reply behind its words, and nothing blamed; the same where none was chosen."""
    chosen = request.form.get(_CHOSEN, "")
    found = next((each for each in ready_replies(tx, negotiation_id, use, current_staff()) if each.id == chosen), None)
    values = {name: typed for name, typed in state.values.items() if name not in {_CHOSEN, "step"}}
    if found is not None:
        before = state.value("text").rstrip()
        values["text"] = [f"{before}\n{found.text}" if before else found.text]
    return replace(state, values=values, faults=())
