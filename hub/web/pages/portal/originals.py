"""The original of a file: asked for by a supervisor with a reason, and then a download."""

from typing import Final

from flask import Response, request

from hub.domain.errors import Fault
from hub.domain.staff import Role
from hub.services.reading.bank import originals
from hub.services.reading.bank.heading import Heading
from hub.services.reading.bank.originals import WHY_LIMIT
from hub.services.transaction import HubTransaction
from hub.web.access import face
from hub.web.downloads import download
from hub.web.pages.forms import FormState
from hub.web.pages.fresh_sign_in import require_fresh_sign_in
from hub.web.pages.portal.blueprint import pages
from hub.web.pages.portal.form_pages import FormPage
from hub.web.pages.translation import translate
from hub.web.pages.visitors import current_staff, for_bank

TEMPLATE: Final = "portal/original.html"


@pages.route("/negotiations/<id:negotiation_id>/evidence/<id:evidence_id>/original")
@for_bank(Role.SUPERVISOR)
def ask_for_original(negotiation_id: str, evidence_id: str) -> Response:
    """Says what an original may hold that its copy does not, and asks why it is needed."""
    return _page(negotiation_id, evidence_id)(FormState())


def _page(negotiation_id: str, evidence_id: str) -> FormPage:
    def gather(tx: HubTransaction, _head: Heading) -> dict[str, object]:
        found = originals.about(tx, negotiation_id, evidence_id, bank_code=current_staff().bank)
        return {"original": found, "evidence_id": evidence_id, "limit": WHY_LIMIT}

    return FormPage(negotiation_id=negotiation_id, template=TEMPLATE, title=translate("下载原件"), gather=gather)


@pages.route("/negotiations/<id:negotiation_id>/evidence/<id:evidence_id>/original", methods=["POST"])
@for_bank(Role.SUPERVISOR)
def take_original(negotiation_id: str, evidence_id: str) -> Response:
    """The bytes as they were sent, to be saved and never shown in place; the access log says to whom and why."""
    person, hub = current_staff(), face().hub
    why = " ".join(request.form.get("why", "").split())
    state = FormState(values={"why": [why]}).with_faults(_faults(why))
    if not state.sound:
        return _page(negotiation_id, evidence_id)(state, status=422)
    require_fresh_sign_in()
    with hub.writing(person.actor) as tx:
        content = originals.take(tx, hub.store, negotiation_id, evidence_id, why=why, bank_code=person.bank)
    return download(content)


def _faults(why: str) -> list[Fault]:
    if not why:
        return [Fault("/why", "text_required")]
    if not why.isprintable():
        return [Fault("/why", "text_characters")]
    return [Fault("/why", "text_too_long", {"limit": WHY_LIMIT})] if len(why) > WHY_LIMIT else []
