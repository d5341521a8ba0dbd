"""How far a debt has got in court, in the bank's word."""

from flask import Response, request

from hub.domain.plain import to_plain
from hub.domain.staff import ACTING
from hub.services.negotiations import legal_stages
from hub.services.reading.bank.heading import legal_standing
from hub.services.transaction import HubTransaction
from hub.web.access import face
from hub.web.pages.display_names import options
from hub.web.pages.forms import FormState, filled, read_form
from hub.web.pages.portal.blueprint import pages
from hub.web.pages.portal.form_pages import FormPage, carry_out, negotiation_address
from hub.web.pages.translation import translate
from hub.web.pages.unfinished import keeps_unfinished
from hub.web.pages.visitors import current_staff, for_bank
from schemas.debts import LEGAL_STAGE, load_legal_stage


def _page(negotiation_id: str) -> FormPage:
    return FormPage(
        negotiation_id=negotiation_id,
        template="portal/legal-stage.html",
        title=translate("诉讼情况"),
        more={"stages": options("legal_stage")},
    )


@pages.route("/negotiations/<id:negotiation_id>/legal-stage")
@for_bank(*ACTING)
def ask_legal_stage(negotiation_id: str) -> Response:
    """Asks how far it has got; begins with what is known."""
    person = current_staff()
    with face().hub.reading(person.actor) as tx:
        known = legal_standing(tx, negotiation_id, bank_code=person.bank)
        state: FormState = filled(to_plain(known))
        return _page(negotiation_id).within(tx, state)


@pages.route("/negotiations/<id:negotiation_id>/legal-stage", methods=["POST"])
@for_bank(*ACTING)
@keeps_unfinished
def state_legal_stage(negotiation_id: str) -> Response:
    """The bank's word counts from now on, and the person can see it."""
    person = current_staff()
    state = read_form(request.form, LEGAL_STAGE)
    read = load_legal_stage(state.data)

    def do(tx: HubTransaction) -> str:
        legal_stages.state(tx, negotiation_id, read.value_or_refuse(), bank_code=person.bank)
        return negotiation_address(negotiation_id, "legal_stage")

    return carry_out(state.with_faults(read.faults), effect=do, form=_page(negotiation_id))
