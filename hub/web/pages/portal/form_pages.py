"""The pages of the portal's forms, each about one negotiation, and what their forms do.

A form bears the length of the log it was made for: where the log has grown since, it is stale.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, Protocol
from urllib.parse import urlencode

from flask import Response, request

from hub.services.accounts import unfinished_forms
from hub.services.accounts.staff import Staff
from hub.services.negotiations.locking import lock_for_bank
from hub.services.reading.bank.heading import Heading, heading
from hub.services.reading.bank.log import LogLine, change_since
from hub.services.reading.bank.people import names_of
from hub.services.transaction import HubTransaction
from hub.web.access import face
from hub.web.pages import form_actions
from hub.web.pages.form_actions import FormAction, Show, Stale, Trouble
from hub.web.pages.forms import FormState
from hub.web.pages.once import Effect
from hub.web.pages.portal.blueprint import came_from, onward
from hub.web.pages.portal.form_fields import OF_TEMPLATE
from hub.web.pages.portal.presence import presence_shown
from hub.web.pages.rendering import page
from hub.web.pages.translation import page_language
from hub.web.pages.unfinished import left_at
from hub.web.pages.visitors import current_staff

_ASKED_OTHERWISE: Final = frozenset({"kind", "like", "oral", "template", "reply", "clearer"})

Gather = Callable[[HubTransaction, Heading], Mapping[str, Any]]
"""What else the template of a form needs, from the transaction in which its heading is read."""


def _nothing_else(_tx: HubTransaction, _head: Heading) -> Mapping[str, Any]:
    return {}


def negotiation_address(negotiation_id: str, done: str = "") -> str:
    """The page of the negotiation; `done` names what has just been done there.

    After that it leads back to the queue that one came from, or on to its next case where the form said so.
    """
    address = f"/portal/negotiations/{negotiation_id}"
    if not done:
        return address
    query = urlencode({"done": done, "from": came_from()}).removesuffix("&from=")
    if request.form.get("then") == "next":
        return f"/portal/next?after={negotiation_id}&{query}"
    return f"{address}?{query}"


def drafted_cases(tx: HubTransaction) -> frozenset[str]:
    """The cases at which the reader has begun a form and not sent it; what is in it nobody reads for that."""
    root = negotiation_address("")
    return frozenset(
        each.removeprefix(root).partition("/")[0]
        for each in unfinished_forms.addresses_below(tx, current_staff(), root)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class FormPage:
    """The page of one form about one negotiation. `more` and what `gather` reads is what else its template needs.

    The title is `title`, or that of `gather`.
    """

    negotiation_id: str
    template: str
    title: str = ""
    more: Mapping[str, Any] = field(default_factory=dict)
    gather: Gather = _nothing_else
    # Where its form is sent to; empty where that is the page's own address.
    form_address: str = ""

    def __call__(
        self, state: FormState, *, status: int = 200, trouble: Trouble | None = None, look: Any = None
    ) -> Response:
        """The form as it stands, read in one transaction; raises `NotFound`."""
        with face().hub.reading(current_staff().actor) as tx:
            return self.within(tx, state, status=status, trouble=trouble, look=look)

    def within(
        self,
        tx: HubTransaction,
        state: FormState,
        *,
        status: int = 200,
        trouble: Trouble | None = None,
        look: Any = None,
    ) -> Response:
        """The same in an open transaction, for a page that reads what its form begins with."""
        head = heading(tx, self.negotiation_id, bank_code=current_staff().bank, language=page_language())
        left = left_at(tx, self.form_address or request.path) if request.method == "GET" else None
        # Who asks for the form of another plan, or with other words in it, gets that; the draft is a press away.
        is_asked_otherwise = not _ASKED_OTHERWISE.isdisjoint(request.args)
        if left is not None and not is_asked_otherwise:
            state = left
        state = replace(state, fields=OF_TEMPLATE.get(self.template, state.fields))
        # After a change by somebody else the form is for what its reader now sees; otherwise for what they saw first.
        is_for_now = trouble is not None or state.is_unfinished
        seen = head.log_length if is_for_now else state.value("seen", str(head.log_length))
        known: dict[str, Any] = {"title": self.title, **self.more, **self.gather(tx, head)}
        return page(
            self.template,
            status=status,
            state=state,
            negotiation=head,
            seen=seen,
            trouble=trouble,
            look=look,
            draft=left,
            presence=presence_shown(tx, head.id, seen=str(seen)),
            changed=_change_since_draft(tx, head, state) if state.is_unfinished else None,
            back=negotiation_address(self.negotiation_id) + onward(),
            **known,
        )


def _change_since_draft(tx: HubTransaction, head: Heading, state: FormState) -> LogLine | None:
    """The newest of what happened since the draft was begun, or None."""
    seen = _number(state.value("seen"))
    if seen is None or seen >= head.log_length:
        return None
    return change_since(tx, head.id, seen, names_of(tx, current_staff().bank))


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


class OfNegotiation(Show, Protocol):
    """Shows a form about one negotiation."""

    @property
    def negotiation_id(self) -> str:
        """The negotiation that it is about."""


def require_fresh(tx: HubTransaction, person: Staff, negotiation_id: str) -> None:
    """Nothing, or `Stale` where the log is not as long as when the form was made. The row is locked."""
    row = lock_for_bank(tx, negotiation_id, bank_code=person.bank)
    given = request.form.get("seen", "")
    if given == str(row.log_length):
        return
    # What does not say for which state it was made is held to be of the one before this.
    number = _number(given)
    seen = row.log_length - 1 if number is None else number
    names = names_of(tx, person.bank)
    raise Stale(change_since(tx, negotiation_id, min(seen, row.log_length - 1), names))


def carry_out(
    state: FormState,
    *,
    effect: Effect,
    look: Callable[[HubTransaction], Any] | None = None,
    form: OfNegotiation,
    preview: Show | None = None,
) -> Response:
    """What the form does about its negotiation is done, or shown as it would be; or the form comes back."""
    person = current_staff()
    action = FormAction(
        effect=effect,
        look=look,
        require_fresh=lambda tx: require_fresh(tx, person, form.negotiation_id),
    )
    return form_actions.carry_out(person, action, state, form=form, preview=preview)
