"""`/portal/instalments/{id}/evidence/…`: the merchant's refund proof, as pictures of its pages and to be saved."""

from typing import Final

from flask import Response

from hub.domain.china import CHINA
from hub.services.reading.bank import instalments as requests
from hub.web.access import face
from hub.web.downloads import download, shown_in_place
from hub.web.pages.display_names import word
from hub.web.pages.portal.blueprint import pages
from hub.web.pages.rendering import page
from hub.web.pages.visitors import current_staff, for_bank

# Of which the browser asks again while pages are drawn.
_AGAIN_AFTER_S: Final = "3"
_BELOW: Final = "/instalments/<id:request_id>/evidence/<id:evidence_id>"


@pages.route(_BELOW)
@for_bank()
def instalment_proof(request_id: str, evidence_id: str) -> Response:
    """All pages of the file."""
    person = current_staff()
    with face().hub.writing(person.actor) as tx:
        found = requests.get(tx, request_id, bank_code=person.bank)
        looked = requests.look_at(tx, request_id, evidence_id, bank_code=person.bank)
        response = page(
            "portal/instalment-proof.html",
            title=word("file_of_request", looked.file.kind),
            found=found,
            looked=looked,
            mark=f"{person.email} {tx.now.astimezone(CHINA):%Y-%m-%d %H:%M}",
            here=f"/portal/instalments/{request_id}/evidence/{evidence_id}",
            back=f"/portal/instalments/{request_id}",
        )
    if looked.is_waiting:
        response.headers["Refresh"] = _AGAIN_AFTER_S
    return response


@pages.route(f"{_BELOW}/pages/<int:number>")
@for_bank()
def page_of_instalment_proof(request_id: str, evidence_id: str, number: int) -> Response:
    """The picture of a page, as a JPEG of the hub's own making."""
    person, hub = current_staff(), face().hub
    with hub.reading(person.actor) as tx:
        content = requests.page_of_file(tx, hub.store, request_id, evidence_id, number, bank_code=person.bank)
    return shown_in_place(content)


@pages.route(f"{_BELOW}/file")
@for_bank()
def save_instalment_proof(request_id: str, evidence_id: str) -> Response:
    """The clean copy of the file."""
    person, hub = current_staff(), face().hub
    with hub.writing(person.actor) as tx:
        content = requests.file_content(tx, hub.store, request_id, evidence_id, bank_code=person.bank)
    return download(content)
