"""Pages that answered a form: kept for half an hour, so that a browser can ask for them again by an address.

They are sealed like what was typed, and stand in the same table. Who may see one is the person in the session that it
was shown in; before a sign-in, the browser that it was shown in.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from hub.services.accounts.cardholders import Cardholder
from hub.services.transaction import HubTransaction
from storage import unfinished_forms
from storage.drafts import FORM_CLIENT
from storage.unfinished_forms import FormOwner

KEPT_FOR: Final = timedelta(minutes=30)
MOST: Final = 8
"""So many are kept for one owner; the oldest go first."""

# No path begins like this, so none of them is taken for the form of a page.
_ADDRESS: Final = "answer:"

Answer = Mapping[str, str]
"""A page and what belongs to it, as the face made it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerOwner:
    """Whose an answer is, and in which session of theirs it was shown."""

    form_owner: FormOwner
    session: str


def of_person(person: Cardholder) -> AnswerOwner:
    """The owner of what is shown to a person who has signed in."""
    owner = FormOwner(indexes=person.owner_indexes, client_id=person.client_id or FORM_CLIENT)
    return AnswerOwner(form_owner=owner, session=person.key)


def of_browser(tx: HubTransaction, browser: str) -> AnswerOwner:
    """The owner of what is shown in a browser in which nobody has signed in; `browser` is the secret of its cookie."""
    indexes = tuple(tx.keyring.indexes(browser, purpose="answers_of_browser"))
    return AnswerOwner(form_owner=FormOwner(indexes=indexes, client_id=FORM_CLIENT), session="")


def keep(tx: HubTransaction, owner: AnswerOwner, path: str, answer: Answer, *, at: datetime) -> str:
    """The answer to a form of `path` is kept for half an hour from `at`; gives the token that finds it.

    `at` is of the real clock, as sessions are.
    """
    before = unfinished_forms.list_below(tx, owner.form_owner, _ADDRESS, held=True)
    for each in sorted(before, key=lambda record: record.changed_at, reverse=True)[MOST - 1 :]:
        unfinished_forms.remove(tx, each)
    token = secrets.token_urlsafe(18)
    whole = {"session": owner.session, "path": path, "answer": dict(answer)}
    unfinished_forms.save(tx, owner.form_owner, f"{_ADDRESS}{token}", whole, held=True, at=at, until=at + KEPT_FOR)
    return token


def find(tx: HubTransaction, owner: AnswerOwner, path: str, token: str, *, at: datetime) -> Answer | None:
    """What was kept; None where it is over, of another path, of another session or nobody's."""
    record = unfinished_forms.find(tx, owner.form_owner, f"{_ADDRESS}{token}", held=True)
    if record is None or record.expires_at <= at:
        return None
    whole = unfinished_forms.values_of(tx, record)
    if (whole["session"], whole["path"]) != (owner.session, path):
        return None
    answer: Answer = whole["answer"]
    return answer
