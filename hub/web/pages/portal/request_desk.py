"""What the bank's page of every request beside a negotiation has: whose it is, and its person in full with a reason."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from flask import Response, redirect, request
from werkzeug.wrappers import Response as WsgiResponse

from hub.domain.errors import Fault
from hub.domain.masks import Masked
from hub.domain.service_request import RequestKind
from hub.domain.staff import ACTING
from hub.services.reading import requests
from hub.services.reading.bank.people import colleagues
from hub.services.requests import showing
from hub.services.transaction import HubTransaction
from hub.web.access import face
from hub.web.catalogue import marked
from hub.web.pages.field_names import FormFields
from hub.web.pages.forms import FormState
from hub.web.pages.portal.reveal_limit import require_fresh_beyond_five
from hub.web.pages.portal.revealed import remember, revealed_until
from hub.web.pages.portal.reveals import WHY_LIMIT
from hub.web.pages.visitors import current_staff

WHY_FIELDS: Final = FormFields({"why": marked("为什么需要看")})


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestDesk:
    """Whose the request is, and what of it who looks may do. `owner` is empty where it is nobody's.

    `is_in_full`: who looks has said why they need name and number, less than five minutes ago.
    """

    matter_id: str
    owner_id: str | None
    owner: str
    may_act: bool
    may_be_taken: bool
    is_in_full: bool
    why_limit: int = WHY_LIMIT


def desk_of(tx: HubTransaction, matter_id: str) -> RequestDesk:
    """The bank's request as who is signed in has it before them; raises `NotFound`."""
    person = current_staff()
    found = requests.standing_of_bank(tx, matter_id, bank_code=person.bank)
    may_act = person.role in ACTING
    return RequestDesk(
        matter_id=matter_id,
        owner_id=found.owner_id,
        owner=colleagues(tx, person.bank).names.get(found.owner_id or "", ""),
        may_act=may_act,
        may_be_taken=may_act and not found.is_over and found.owner_id != person.id,
        is_in_full=Masked.MOBILE in revealed_until(person, matter_id),
    )


def reveal(
    matter_id: str, kind: RequestKind, *, address: str, form: Callable[[FormState], Response]
) -> Response | WsgiResponse:
    """Whom the request is about is shown in full for five minutes; the log says so, and why.

    Without a reason `form` says what is missing. Raises `NotFound`.
    """
    person = current_staff()
    why = " ".join(request.form.get("why", "").split())
    faults = [] if why else [Fault("/why", "required")]
    faults += [] if why.isprintable() else [Fault("/why", "text_characters")]
    faults += [] if len(why) <= WHY_LIMIT else [Fault("/why", "text_too_long", {"limit": WHY_LIMIT})]
    if faults:
        return form(FormState(values={"why": [why]}).with_faults(faults))
    is_one_too_many = require_fresh_beyond_five(matter_id)
    with face().hub.writing(person.actor) as tx:
        showing.note_shown(tx, matter_id, why, bank_code=person.bank, kind=kind, is_one_too_many=is_one_too_many)
    remember(person, matter_id, [Masked.NAME, Masked.MOBILE])
    return redirect(address, 303)
