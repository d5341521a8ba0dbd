"""A further card of the person at this bank, proposed for the negotiation."""

from flask import Response, request

from hub.domain.staff import ACTING
from hub.services.negotiations import further_accounts
from hub.services.transaction import HubTransaction
from hub.web.pages.forms import FormState, read_form
from hub.web.pages.portal.blueprint import pages
from hub.web.pages.portal.form_pages import FormPage, carry_out, negotiation_address
from hub.web.pages.translation import translate
from hub.web.pages.unfinished import keeps_unfinished
from hub.web.pages.visitors import current_staff, for_bank
from schemas.proposed_accounts import PROPOSED_ACCOUNT, load_proposed_account


def _page(negotiation_id: str) -> FormPage:
    title = translate("提出列入另一张卡")
    return FormPage(negotiation_id=negotiation_id, template="portal/account.html", title=title)


@pages.route("/negotiations/<id:negotiation_id>/accounts")
@for_bank(*ACTING)
def ask_account(negotiation_id: str) -> Response:
    """Asks which card it is, what is owed on it, and for words to the person."""
    return _page(negotiation_id)(FormState())


@pages.route("/negotiations/<id:negotiation_id>/accounts", methods=["POST"])
@for_bank(*ACTING)
@keeps_unfinished
def propose_account(negotiation_id: str) -> Response:
    """The person is asked whether the card shall be part of the negotiation."""
    bank_code = current_staff().bank
    state = read_form(request.form, PROPOSED_ACCOUNT)
    read = load_proposed_account(state.data)

    def do(tx: HubTransaction) -> str:
        further_accounts.propose(tx, negotiation_id, read.value_or_refuse(), bank_code=bank_code)
        return negotiation_address(negotiation_id, "account_proposed")

    return carry_out(state.with_faults(read.faults), effect=do, form=_page(negotiation_id))
