"""The levels of a large offer: looking at it, letting it pass, sending it back to its maker."""

from collections.abc import Mapping
from typing import Any

from flask import Response, request

from hub.domain.approval import APPROVING_ROLES
from hub.domain.errors import Fault, Refused
from hub.services.negotiations import approvals
from hub.services.reading.bank.heading import Heading
from hub.services.reading.bank.offers import get_offer
from hub.services.transaction import HubTransaction
from hub.web.pages.forms import FormState, read_form
from hub.web.pages.portal.blueprint import ACTING, pages
from hub.web.pages.portal.form_pages import FormPage, carry_out, negotiation_address
from hub.web.pages.translation import translate
from hub.web.pages.visitors import current_staff, for_bank
from schemas.actions import REQUIRED_WORDS, load_words


def _review_page(negotiation_id: str, offer_id: str) -> FormPage:
    """The page of one offer; raises `NotFound`."""
    person = current_staff()

    def gather(tx: HubTransaction, _head: Heading) -> Mapping[str, Any]:
        offer = get_offer(tx, negotiation_id, offer_id, bank_code=person.bank)
        return {
            "title": translate("方案复核") if offer.awaits_approval else translate("方案"),
            "offer": offer,
            "may_decide": offer.may_be_decided_by(person.actor, person.role),
            "is_last": offer.next_level == len(offer.levels) - 1,
            "is_own": offer.awaits_approval and offer.is_by(person.actor),
            "acts": person.role in ACTING,
        }

    return FormPage(negotiation_id=negotiation_id, template="portal/offer-review.html", gather=gather)


@pages.route("/negotiations/<id:negotiation_id>/offers/<id:offer_id>")
@for_bank()
def show_offer(negotiation_id: str, offer_id: str) -> Response:
    """One offer with every payment, and the two buttons for whoever may decide over it."""
    return _review_page(negotiation_id, offer_id)(FormState())


@pages.route("/negotiations/<id:negotiation_id>/offers/<id:offer_id>/approve", methods=["POST"])
@for_bank(*APPROVING_ROLES)
def approve(negotiation_id: str, offer_id: str) -> Response:
    """A level lets a waiting offer pass; after the last one it is with the person."""
    person = current_staff()
    form = _review_page(negotiation_id, offer_id)

    def do(tx: HubTransaction) -> str:
        try:
            offer = approvals.approve(tx, negotiation_id, offer_id, role=person.role, bank_code=person.bank)
        except Refused as error:
            # The form has no fields for the terms, so what is wrong with them concerns the whole.
            raise Refused(*(Fault("", each.code, each.params) for each in error.faults)) from error
        return negotiation_address(negotiation_id, "approved" if offer.opened_at else "approved_so_far")

    return carry_out(FormState(), effect=do, form=form)


@pages.route("/negotiations/<id:negotiation_id>/offers/<id:offer_id>/return", methods=["POST"])
@for_bank(*APPROVING_ROLES)
def send_back(negotiation_id: str, offer_id: str) -> Response:
    """A waiting offer is with its maker again, with words; the person never sees it."""
    person = current_staff()
    form = _review_page(negotiation_id, offer_id)
    state = read_form(request.form, REQUIRED_WORDS)
    words, faults = load_words(state.data, required=True)

    def do(tx: HubTransaction) -> str:
        approvals.send_back(tx, negotiation_id, offer_id, words or "", role=person.role, bank_code=person.bank)
        return negotiation_address(negotiation_id, "returned")

    return carry_out(state.with_faults(faults), effect=do, form=form)
