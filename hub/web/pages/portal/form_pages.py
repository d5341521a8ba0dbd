"""The pages of the portal's forms, each about one negotiation, and what their forms do.

A form bears the length of the log it was made for: where the log has grown since, it is stale.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from flask import Response, request

from hub.services.accounts.staff import Staff
from hub.services.negotiations.locking import lock_for_bank
from hub.services.reading.bank.heading import Heading, heading
from hub.services.reading.bank.log import change_since
from hub.services.reading.bank.people import names_of
from hub.services.transaction import HubTransaction
from hub.web.access import face
from hub.web.pages import form_actions
from hub.web.pages.form_actions import FormAction, Stale, Trouble
from hub.web.pages.forms import FormState
from hub.web.pages.once import Effect
from hub.web.pages.portal.form_fields import OF_TEMPLATE
from hub.web.pages.rendering import page
from hub.web.pages.translation import page_language
from hub.web.pages.visitors import current_staff

Gather = Callable[[HubTransaction, Heading], Mapping[str, Any]]
"""What else the template of a form needs, from the transaction in which its heading is read."""


def _nothing_else(_tx: HubTransaction, _head: Heading) -> Mapping[str, Any]:
    return {}


def negotiation_address(negotiation_id: str, done: str = "") -> str:
    """The page of the negotiation; `done` names what has just been done there."""
    return f"/portal/negotiations/{negotiation_id}" + (f"?done={done}" if done else "")


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
        state = replace(state, fields=OF_TEMPLATE.get(self.template, state.fields))
        # After a change by somebody else the form is for what its reader now sees; otherwise for what they saw first.
        seen = head.log_length if trouble is not None else state.value("seen", str(head.log_length))
        known: dict[str, Any] = {"title": self.title, **self.more, **self.gather(tx, head)}
        return page(
            self.template,
            status=status,
            state=state,
            negotiation=head,
            seen=seen,
            trouble=trouble,
            look=look,
            back=negotiation_address(self.negotiation_id),
            **known,
        )


def require_fresh(tx: HubTransaction, person: Staff, negotiation_id: str) -> None:
    """Nothing, or `Stale` where the log is not as long as when the form was made. The row is locked."""
    row = lock_for_bank(tx, negotiation_id, bank_code=person.bank)
    given = request.form.get("seen", "")
    if given == str(row.log_length):
        return
    # What does not say for which state it was made is held to be of the one before this.
    seen = int(given) if given.isascii() and given.isdigit() and len(given) < 10 else row.log_length - 1
    names = names_of(tx, person.bank)
    raise Stale(change_since(tx, negotiation_id, min(seen, row.log_length - 1), names))


def carry_out(
    state: FormState,
    *,
    effect: Effect,
    look: Callable[[HubTransaction], Any] | None = None,
    form: FormPage,
    preview: FormPage | None = None,
) -> Response:
    """What the form does about its negotiation is done, or shown as it would be; or the form comes back."""
    person = current_staff()
    action = FormAction(
        effect=effect,
        look=look,
        require_fresh=lambda tx: require_fresh(tx, person, form.negotiation_id),
    )
    return form_actions.carry_out(person, action, state, form=form, preview=preview)
