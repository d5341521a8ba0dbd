"""Asking the bank for the certificate of settlement, once everything is paid."""

from functools import partial

from flask import Blueprint, Response

from hub.domain.clauses import CERTIFICATE_WORKING_DAYS
from hub.services.agreements import clearances
from hub.services.documents.records import CLEARANCE
from hub.services.reading.cardholder import documents
from hub.services.reading.cardholder.negotiations import OwnNegotiation
from hub.services.transaction import HubTransaction
from hub.web.access import face
from hub.web.downloads import download
from hub.web.pages.form_actions import send_once
from hub.web.pages.forms import FormState
from hub.web.pages.my.negotiation_page import address_of, own, own_page, reading_own
from hub.web.pages.translation import translate
from hub.web.pages.visitors import current_cardholder, for_cardholders

blueprint = Blueprint("clearance", __name__, url_prefix="/negotiations/<id:negotiation_id>")


@blueprint.route("/clearance")
@for_cardholders
def show(negotiation_id: str) -> Response:
    """What the certificate is, by when it comes, and that it costs nothing."""
    with reading_own(negotiation_id) as (tx, negotiation):
        may_ask = clearances.may_be_asked_for(tx, negotiation.id)
    return _page(negotiation, FormState(), may_ask=may_ask)


def _page(negotiation: OwnNegotiation, state: FormState, *, may_ask: bool = True) -> Response:
    title = translate("请银行出具结清证明")
    return own_page(
        "my/clearance.html", negotiation, title=title, state=state, may_ask=may_ask, days=CERTIFICATE_WORKING_DAYS
    )


@blueprint.route("/clearance", methods=["POST"])
@for_cardholders
def ask(negotiation_id: str) -> Response:
    """The bank is asked, and its time runs."""
    negotiation = own(negotiation_id)

    def tell(tx: HubTransaction, _nothing: str) -> str:
        clearances.ask(tx, negotiation_id, client_id=negotiation.client_id)
        return address_of(negotiation_id, "?done=clearance_asked")

    return send_once(current_cardholder(), FormState(), "", tell, form=partial(_page, negotiation))


@blueprint.route("/clearance.pdf")
@for_cardholders
def paper(negotiation_id: str) -> Response:
    """The newest certificate."""
    person, hub = current_cardholder(), face().hub
    with hub.writing(person.actor) as tx:
        content = documents.document(tx, hub.store, person, negotiation_id, CLEARANCE)
    return download(content)
