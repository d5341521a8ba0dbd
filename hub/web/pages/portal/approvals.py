"""The second pair of eyes over a large offer: looking at it, letting it pass, sending it back to its maker."""

from flask import Response, request

from hub.domain.errors import Fault, NotFound, Refused
from hub.domain.offer import OfferStatus
from hub.domain.staff import Role
from hub.services.negotiations import offering
from hub.services.transaction import HubTransaction
from hub.web.access import face
from hub.web.pages.forms import FormState, read_form
from hub.web.pages.portal import desk
from hub.web.pages.portal.blueprint import pages
from hub.web.pages.portal.form_pages import Deed, FormPage, carry_out, case_address
from hub.web.pages.translation import translate
from hub.web.pages.visitors import current_staff, for_bank
from schemas.deeds import REQUIRED_WORDS, load_words


def _review_page(negotiation_id: str, offer_id: str) -> FormPage:
    """The page of one offer; raises `NotFound`."""
    person = current_staff()
    with face().hub.reading(person.actor) as tx:
        # The heading is asked for first: it refuses another bank's negotiation.
        desk.heading(tx, negotiation_id, bank_code=person.bank, language="zh")
        shown = desk.all_offers(tx, negotiation_id, desk.people(tx, person.bank))
    offer = next((each for each in shown if each["id"] == offer_id), None)
    if offer is None:
        raise NotFound
    waits = offer["status"] == OfferStatus.AWAITING_APPROVAL
    is_maker = offer["made_by"] == str(person.actor)
    return FormPage(
        negotiation_id=negotiation_id,
        template="portal/offer-review.html",
        title=translate("方案复核") if waits else translate("方案"),
        more={
            "offer": offer,
            "may_decide": waits and not is_maker and person.role == Role.SUPERVISOR,
            "is_own": waits and is_maker,
        },
    )


@pages.route("/negotiations/<id:negotiation_id>/offers/<id:offer_id>")
@for_bank()
def show_offer(negotiation_id: str, offer_id: str) -> Response:
    """One offer with every payment, and the two buttons for whoever may decide over it."""
    return _review_page(negotiation_id, offer_id)(FormState())


@pages.route("/negotiations/<id:negotiation_id>/offers/<id:offer_id>/approve", methods=["POST"])
@for_bank(Role.SUPERVISOR)
def approve(negotiation_id: str, offer_id: str) -> Response:
    """A waiting offer is with the person, by the word of somebody other than its maker."""
    person = current_staff()
    form = _review_page(negotiation_id, offer_id)

    def do(tx: HubTransaction) -> str:
        try:
            offering.approve(tx, negotiation_id, offer_id, bank_code=person.bank)
        except Refused as error:
            # The form has no fields for the terms, so what is wrong with them concerns the whole.
            raise Refused(*(Fault("", each.code, each.params) for each in error.faults)) from error
        return case_address(negotiation_id, "approved")

    return carry_out(Deed(negotiation_id=negotiation_id, do=do), FormState(), form=form)


@pages.route("/negotiations/<id:negotiation_id>/offers/<id:offer_id>/return", methods=["POST"])
@for_bank(Role.SUPERVISOR)
def send_back(negotiation_id: str, offer_id: str) -> Response:
    """A waiting offer is with its maker again, with words; the person never sees it."""
    person = current_staff()
    form = _review_page(negotiation_id, offer_id)
    state = read_form(request.form, REQUIRED_WORDS)
    words, faults = load_words(state.data, required=True)

    def do(tx: HubTransaction) -> str:
        offering.send_back(tx, negotiation_id, offer_id, words or "", bank_code=person.bank)
        return case_address(negotiation_id, "returned")

    return carry_out(Deed(negotiation_id=negotiation_id, do=do), state.with_faults(faults), form=form)
