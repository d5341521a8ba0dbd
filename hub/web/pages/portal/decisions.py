"""What a bank answers short of terms: it picks the negotiation up, wants papers, decides later, writes, says no."""

from collections.abc import Mapping
from typing import Any, Final

from flask import Response, request

from hub.domain.canned_reply import ReplyUse
from hub.domain.plain import Plain
from hub.domain.review import MOST_DEFERRAL_DAYS, RejectionReason
from hub.domain.staff import ACTING
from hub.services.negotiations import correspondence, review
from hub.services.reading import views
from hub.services.reading.bank.evidence import list_case_files
from hub.services.reading.bank.heading import Heading
from hub.services.reading.bank.log import LogLine
from hub.services.transaction import HubTransaction
from hub.web.access import face
from hub.web.pages.display_names import word
from hub.web.pages.errors import stale
from hub.web.pages.form_actions import Stale
from hub.web.pages.forms import FormState, read_form, typed_values
from hub.web.pages.once import do_once
from hub.web.pages.portal.blueprint import author_name, pages
from hub.web.pages.portal.form_pages import FormPage, carry_out, negotiation_address, require_fresh
from hub.web.pages.portal.reply_box import inserted, is_insertion, replies_for
from hub.web.pages.translation import page_language, translate
from hub.web.pages.unfinished import keeps_unfinished
from hub.web.pages.visitors import current_staff, for_bank
from schemas.actions import (
    DECISION_DEFERRAL,
    EVIDENCE_REQUEST,
    REJECTION,
    REQUIRED_WORDS,
    load_decision_deferral,
    load_evidence_request,
    load_rejection,
    load_words,
)

# What the person reads is in their own language, whichever the clerk's page is in; the clerk may change it.
_CLEARER: Final = (
    "您发来的“%(name)s”有些地方看不清。方便的话，请换一份更清楚的：拍摄时光线充足、四角完整、不反光；"
    "也可以发原来的 PDF。"
)


@pages.route("/negotiations/<id:negotiation_id>/acknowledge", methods=["POST"])
@for_bank(*ACTING)
def acknowledge(negotiation_id: str) -> Response:
    """Somebody at the bank has picked it up."""
    person = current_staff()

    def effect(tx: HubTransaction) -> str:
        require_fresh(tx, person, negotiation_id)
        review.acknowledge(tx, negotiation_id, bank_code=person.bank)
        return negotiation_address(negotiation_id, "acknowledged")

    try:
        return do_once(person, effect)
    except Stale as error:
        change: LogLine | None = error.change
        return stale(
            changed_by="" if change is None else author_name(change.author),
            changed_at="" if change is None else change.at,
            back=negotiation_address(negotiation_id),
        )


def _with_reply(negotiation_id: str, use: ReplyUse, form: FormPage) -> Response:
    """The form with the chosen reply in its words; nothing is sent."""
    with face().hub.reading(current_staff().actor) as tx:
        return form.within(tx, inserted(tx, negotiation_id, use, FormState(values=typed_values(request.form))))


def _request_page(negotiation_id: str, template: str = "portal/request-evidence.html") -> FormPage:
    return FormPage(
        negotiation_id=negotiation_id,
        template=template,
        title=translate("请客户补充材料"),
        gather=replies_for(ReplyUse.EVIDENCE_REQUEST),
    )


@pages.route("/negotiations/<id:negotiation_id>/request-evidence")
@for_bank(*ACTING)
def ask_for_evidence(negotiation_id: str) -> Response:
    """Asks which papers are wanted; with `clearer`, the id of a file, for a better copy of that one."""
    with face().hub.reading(current_staff().actor) as tx:
        state = _for_a_better_copy(tx, negotiation_id, request.args.get("clearer", ""))
        return _request_page(negotiation_id).within(tx, state)


def _for_a_better_copy(tx: HubTransaction, negotiation_id: str, evidence_id: str) -> FormState:
    files = list_case_files(tx, negotiation_id, bank_code=current_staff().bank) if evidence_id else ()
    file = next((each for each in files if each.id == evidence_id), None)
    if file is None:
        return FormState()
    return FormState(values={"kinds": [file.kind], "text": [_CLEARER % {"name": file.file_name}]})


@pages.route("/negotiations/<id:negotiation_id>/request-evidence", methods=["POST"])
@for_bank(*ACTING)
@keeps_unfinished
def request_evidence(negotiation_id: str) -> Response:
    """The person is asked for papers; shown first with the day they are due and what becomes of the clock."""
    if is_insertion():
        return _with_reply(negotiation_id, ReplyUse.EVIDENCE_REQUEST, _request_page(negotiation_id))
    person = current_staff()
    state = read_form(request.form, EVIDENCE_REQUEST)
    read = load_evidence_request(state.data)
    state = state.with_faults(read.faults)

    def look(tx: HubTransaction) -> Plain:
        row = review.request_evidence(tx, negotiation_id, read.value_or_refuse(), bank_code=person.bank)
        return views.negotiation_view(tx, row, language=page_language())

    def do(tx: HubTransaction) -> str:
        look(tx)
        return negotiation_address(negotiation_id, "asked")

    return carry_out(
        state,
        effect=do,
        look=look,
        form=_request_page(negotiation_id),
        preview=_request_page(negotiation_id, "portal/request-evidence-preview.html"),
    )


def _deferral_page(negotiation_id: str, template: str = "portal/defer-decision.html") -> FormPage:
    return FormPage(
        negotiation_id=negotiation_id,
        template=template,
        title=translate("登记，稍后决定"),
        more={"most": MOST_DEFERRAL_DAYS},
    )


@pages.route("/negotiations/<id:negotiation_id>/defer-decision")
@for_bank(*ACTING)
def ask_deferral(negotiation_id: str) -> Response:
    """Asks by which day the bank decides."""
    return _deferral_page(negotiation_id)(FormState())


@pages.route("/negotiations/<id:negotiation_id>/defer-decision", methods=["POST"])
@for_bank(*ACTING)
@keeps_unfinished
def defer_decision(negotiation_id: str) -> Response:
    """The person knows by which day the bank decides; shown first as they will see it."""
    person = current_staff()
    state = read_form(request.form, DECISION_DEFERRAL)
    read = load_decision_deferral(state.data)
    state = state.with_faults(read.faults)

    def look(tx: HubTransaction) -> Plain:
        row = review.defer_decision(tx, negotiation_id, read.value_or_refuse(), bank_code=person.bank)
        return views.negotiation_view(tx, row, language=page_language())

    def do(tx: HubTransaction) -> str:
        look(tx)
        return negotiation_address(negotiation_id, "deferred")

    return carry_out(
        state,
        effect=do,
        look=look,
        form=_deferral_page(negotiation_id),
        preview=_deferral_page(negotiation_id, "portal/defer-decision-preview.html"),
    )


def _reject_page(negotiation_id: str, template: str = "portal/reject.html") -> FormPage:
    def gather(tx: HubTransaction, head: Heading) -> Mapping[str, Any]:
        return {
            **replies_for(ReplyUse.REJECTION)(tx, head),
            "reasons": [(each, word("refusal", each)) for each in head.rejection_reasons],
            "may_be_incomplete": RejectionReason.INCOMPLETE in head.rejection_reasons,
        }

    return FormPage(negotiation_id=negotiation_id, template=template, title=translate("不予同意"), gather=gather)


@pages.route("/negotiations/<id:negotiation_id>/reject")
@for_bank(*ACTING)
def ask_reject(negotiation_id: str) -> Response:
    """Asks for the reason and for words to the person."""
    return _reject_page(negotiation_id)(FormState())


@pages.route("/negotiations/<id:negotiation_id>/reject", methods=["POST"])
@for_bank(*ACTING)
@keeps_unfinished
def reject(negotiation_id: str) -> Response:
    """The bank has said no; shown first as the person will see it."""
    if is_insertion():
        return _with_reply(negotiation_id, ReplyUse.REJECTION, _reject_page(negotiation_id))
    person = current_staff()
    state = read_form(request.form, REJECTION)
    read = load_rejection(state.data)
    state = state.with_faults(read.faults)

    def look(tx: HubTransaction) -> Plain:
        row = review.reject(tx, negotiation_id, read.value_or_refuse(), bank_code=person.bank)
        return views.negotiation_view(tx, row, language=page_language())

    def do(tx: HubTransaction) -> str:
        look(tx)
        return negotiation_address(negotiation_id, "rejected")

    return carry_out(
        state,
        effect=do,
        look=look,
        form=_reject_page(negotiation_id),
        preview=_reject_page(negotiation_id, "portal/reject-preview.html"),
    )


def _message_page(negotiation_id: str) -> FormPage:
    return FormPage(
        negotiation_id=negotiation_id,
        template="portal/message.html",
        title=translate("给客户写消息"),
        gather=replies_for(ReplyUse.MESSAGE),
    )


@pages.route("/negotiations/<id:negotiation_id>/messages")
@for_bank(*ACTING)
def ask_message(negotiation_id: str) -> Response:
    """Asks for the words."""
    return _message_page(negotiation_id)(FormState())


@pages.route("/negotiations/<id:negotiation_id>/messages", methods=["POST"])
@for_bank(*ACTING)
@keeps_unfinished
def write(negotiation_id: str) -> Response:
    """The bank's words are in the log, and the person can read them."""
    if is_insertion():
        return _with_reply(negotiation_id, ReplyUse.MESSAGE, _message_page(negotiation_id))
    person = current_staff()
    state = read_form(request.form, REQUIRED_WORDS)
    words, faults = load_words(state.data, required=True)
    state = state.with_faults(faults)

    def do(tx: HubTransaction) -> str:
        correspondence.write_to_cardholder(tx, negotiation_id, words or "", bank_code=person.bank)
        return negotiation_address(negotiation_id, "written")

    return carry_out(state, effect=do, form=_message_page(negotiation_id))
