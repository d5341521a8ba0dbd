"""Whether the applicant is the customer that the bank knows, where nobody else stands up for them."""

from flask import Response, request

from hub.domain.errors import Fault
from hub.domain.plain import Plain
from hub.domain.staff import ACTING
from hub.services.applications import identity
from hub.services.reading import views
from hub.services.transaction import HubTransaction
from hub.web.pages.forms import FormState, read_form
from hub.web.pages.portal.blueprint import pages
from hub.web.pages.portal.form_pages import FormPage, carry_out, negotiation_address
from hub.web.pages.translation import page_language, translate
from hub.web.pages.unfinished import keeps_unfinished
from hub.web.pages.visitors import current_staff, for_bank
from schemas.actions import IDENTITY, load_identity
from schemas.base import Read


def _page(negotiation_id: str, template: str = "portal/identity.html") -> FormPage:
    return FormPage(negotiation_id=negotiation_id, template=template, title=translate("核对身份"))


@pages.route("/negotiations/<id:negotiation_id>/identity")
@for_bank(*ACTING)
def ask_identity(negotiation_id: str) -> Response:
    """Asks whether mobile, name and card are those that the bank knows."""
    return _page(negotiation_id)(FormState())


@pages.route("/negotiations/<id:negotiation_id>/identity", methods=["POST"])
@for_bank(*ACTING)
@keeps_unfinished
def compare_identity(negotiation_id: str) -> Response:
    """The bank's word is kept; a no is shown first as the person will read it, since it ends the negotiation."""
    person = current_staff()
    state = read_form(request.form, IDENTITY)
    read = load_identity(state.data)
    # Nothing chosen is no "no".
    if "matches" not in request.form:
        read = Read(None, [Fault("/matches", "required")])
    state = state.with_faults(read.faults)

    def look(tx: HubTransaction) -> Plain:
        row = identity.confirm(tx, negotiation_id, read.value_or_refuse(), bank_code=person.bank)
        return views.negotiation_view(tx, row, language=page_language())

    def do(tx: HubTransaction) -> str:
        is_confirmed = look(tx)["identity"]["confirmed_by_bank"]
        return negotiation_address(negotiation_id, "identity" if is_confirmed else "rejected")

    ends = read.value is not None and not read.value.matches
    return carry_out(
        state,
        effect=do,
        look=look if ends else None,
        form=_page(negotiation_id),
        preview=_page(negotiation_id, "portal/identity-preview.html"),
    )
