"""The person's answer to a further card that the bank asks to include."""

from flask import Blueprint, Response

from hub.domain.proposed_account import ProposedAccountStatus
from hub.services.negotiations import further_accounts
from hub.services.transaction import HubTransaction
from hub.web.pages.my.negotiation_page import address_of, own
from hub.web.pages.once import do_once
from hub.web.pages.visitors import current_cardholder, for_cardholders

blueprint = Blueprint("accounts", __name__, url_prefix="/negotiations/<id:negotiation_id>/accounts/<id:account_id>")


@blueprint.route("/include", methods=["POST"])
@for_cardholders
def include(negotiation_id: str, account_id: str) -> Response:
    """The card is part of the negotiation now."""
    return _answered(negotiation_id, account_id, ProposedAccountStatus.INCLUDED)


@blueprint.route("/leave-out", methods=["POST"])
@for_cardholders
def leave_out(negotiation_id: str, account_id: str) -> Response:
    """The card stays outside."""
    return _answered(negotiation_id, account_id, ProposedAccountStatus.LEFT_OUT)


def _answered(negotiation_id: str, account_id: str, given: ProposedAccountStatus) -> Response:
    negotiation = own(negotiation_id)

    def tell(tx: HubTransaction) -> str:
        further_accounts.answer(tx, negotiation_id, account_id, given, client_id=negotiation.client_id)
        return address_of(negotiation_id, f"?done=account_{given}")

    return do_once(current_cardholder(), tell)
