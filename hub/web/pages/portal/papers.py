"""The papers and files of a negotiation, to be saved and never shown in place; each is a line in the access log."""

from collections.abc import Callable

from flask import Response, redirect
from werkzeug.wrappers import Response as WsgiResponse

from hub.services.documents.records import AGREEMENT, APPLICATION_FORM, CLEARANCE, DEFAULT_NOTICE
from hub.services.evidence.contents import Content
from hub.services.reading.bank import files
from hub.services.reading.bank.heading import heading
from hub.web.access import face
from hub.web.downloads import download
from hub.web.pages.portal.blueprint import pages
from hub.web.pages.portal.form_pages import negotiation_address
from hub.web.pages.portal.reveals import has_to_say_why
from hub.web.pages.rendering import page
from hub.web.pages.translation import page_language, translate
from hub.web.pages.visitors import current_staff, for_bank


@pages.route("/negotiations/<id:negotiation_id>/file-passwords")
@for_bank()
def file_passwords(negotiation_id: str) -> Response | WsgiResponse:
    """What opens the PDFs that were mailed to the bank; each look goes into the access log."""
    person = current_staff()
    if has_to_say_why(person, negotiation_id):
        return redirect(f"{negotiation_address(negotiation_id)}/reveal", 303)
    with face().hub.writing(person.actor) as tx:
        found = files.file_passwords(tx, negotiation_id, bank_code=person.bank)
        head = heading(tx, negotiation_id, bank_code=person.bank, language=page_language())
    return page(
        "portal/file-passwords.html",
        title=translate("邮件附件的密码"),
        negotiation=head,
        passwords=found,
        back=negotiation_address(negotiation_id),
    )


@pages.route("/negotiations/<id:negotiation_id>/evidence/<id:evidence_id>")
@for_bank()
def evidence(negotiation_id: str, evidence_id: str) -> Response | WsgiResponse:
    """The bytes of a file, to be saved and never shown in place; each reading goes into the access log."""
    return _taken(negotiation_id, files.evidence, evidence_id)


@pages.route("/negotiations/<id:negotiation_id>/application-form.pdf")
@for_bank()
def application_form(negotiation_id: str) -> Response | WsgiResponse:
    """The printed application form."""
    return _taken(negotiation_id, files.document, APPLICATION_FORM)


@pages.route("/negotiations/<id:negotiation_id>/agreement.pdf")
@for_bank()
def agreement(negotiation_id: str) -> Response | WsgiResponse:
    """The printed agreement."""
    return _taken(negotiation_id, files.document, AGREEMENT)


@pages.route("/negotiations/<id:negotiation_id>/clearance.pdf")
@for_bank()
def clearance(negotiation_id: str) -> Response | WsgiResponse:
    """The newest certificate of settlement."""
    return _taken(negotiation_id, files.document, CLEARANCE)


@pages.route("/negotiations/<id:negotiation_id>/default-notice.pdf")
@for_bank()
def default_notice(negotiation_id: str) -> Response | WsgiResponse:
    """The notice that the agreement is ended for default."""
    return _taken(negotiation_id, files.document, DEFAULT_NOTICE)


@pages.route("/negotiations/<id:negotiation_id>/amendments/<id:amendment_id>/paper.pdf")
@for_bank()
def amendment(negotiation_id: str, amendment_id: str) -> Response | WsgiResponse:
    """The printed amendment."""
    return _taken(negotiation_id, files.amendment_document, amendment_id)


def _taken(negotiation_id: str, find: Callable[..., Content], which: str) -> Response | WsgiResponse:
    """What `find` finds of the negotiation by `which`; whoever only looks is asked first why."""
    person, hub = current_staff(), face().hub
    if has_to_say_why(person, negotiation_id):
        return redirect(f"{negotiation_address(negotiation_id)}/reveal", 303)
    with hub.writing(person.actor) as tx:
        content = find(tx, hub.store, negotiation_id, which, bank_code=person.bank)
    return download(content)
