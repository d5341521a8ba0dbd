"""The bank's notice that it has transferred its claim."""

from flask import Response, request

from hub.domain.plain import Plain
from hub.domain.staff import ACTING
from hub.services.negotiations import claim_transfers
from hub.services.reading import views
from hub.services.transaction import HubTransaction
from hub.web.pages.forms import FormState, read_form
from hub.web.pages.portal.blueprint import pages
from hub.web.pages.portal.form_pages import FormPage, carry_out, negotiation_address
from hub.web.pages.translation import page_language, translate
from hub.web.pages.unfinished import keeps_unfinished
from hub.web.pages.visitors import current_staff, for_bank
from schemas.debts import CLAIM_TRANSFER, load_claim_transfer


def _page(negotiation_id: str, template: str = "portal/claim-transfer.html") -> FormPage:
    return FormPage(negotiation_id=negotiation_id, template=template, title=translate("债权已转让"))


@pages.route("/negotiations/<id:negotiation_id>/transfer")
@for_bank(*ACTING)
def ask_transfer(negotiation_id: str) -> Response:
    """Asks to whom the claim went, and since when."""
    return _page(negotiation_id)(FormState())


@pages.route("/negotiations/<id:negotiation_id>/transfer", methods=["POST"])
@for_bank(*ACTING)
@keeps_unfinished
def transfer(negotiation_id: str) -> Response:
    """The person is told to whom the claim went; shown first as they will read it."""
    person = current_staff()
    state = read_form(request.form, CLAIM_TRANSFER)
    read = load_claim_transfer(state.data)

    def look(tx: HubTransaction) -> Plain:
        row = claim_transfers.transfer(tx, negotiation_id, read.value_or_refuse(), bank_code=person.bank)
        return views.negotiation_view(tx, row, language=page_language())

    def do(tx: HubTransaction) -> str:
        look(tx)
        return negotiation_address(negotiation_id, "transferred")

    return carry_out(
        state.with_faults(read.faults),
        effect=do,
        look=look,
        form=_page(negotiation_id),
        preview=_page(negotiation_id, "portal/claim-transfer-preview.html"),
    )
