"""One negotiation: all a bank knows of it, its files and papers, who read it, and names shown in full for a while."""

from datetime import datetime, timedelta
from typing import Final

from flask import Response, redirect, request, session
from werkzeug.wrappers import Response as WsgiResponse

from hub.domain.china import china_day
from hub.domain.errors import Fault
from hub.services.accounts.staff import Staff
from hub.services.documents.records import AGREEMENT, APPLICATION_FORM, CLEARANCE, DEFAULT_NOTICE
from hub.services.reading.bank import files
from hub.services.reading.bank.heading import heading
from hub.services.reading.bank.negotiation import list_readings, negotiation, note_reveal
from hub.web.access import face
from hub.web.catalogue import marked
from hub.web.downloads import download
from hub.web.pages.agreement_words import end_words, row_words, standing_for_bank
from hub.web.pages.amendment_words import amended_for_bank
from hub.web.pages.clearance_words import words_for_bank
from hub.web.pages.display_names import GROUPS
from hub.web.pages.forms import FormState
from hub.web.pages.portal.blueprint import ACTING, pages
from hub.web.pages.portal.form_pages import FormPage, negotiation_address
from hub.web.pages.proposal_words import proposal_rows
from hub.web.pages.rendering import page
from hub.web.pages.translation import page_language, translate
from hub.web.pages.visitors import current_staff, for_bank, now_for_sessions

REVEALED_FOR: Final = timedelta(minutes=5)
WHY_LIMIT: Final = 40
_REVEALED: Final = "revealed"
# A browser remembers so many cases that were opened in full.
_MOST_REVEALED = 5

REVEAL_REASONS = GROUPS["reveal"]
_READ = {
    "negotiation": marked("打开案件"),
    "evidence": marked("下载材料"),
    "application_form": marked("下载申请表"),
    "agreement": marked("下载协议"),
    "default_notice": marked("下载终止通知书"),
    "amendment": marked("下载补充协议"),
    "clearance": marked("下载结清证明"),
    "file_passwords": marked("查看邮件附件的密码"),
}
DONE = {
    "acknowledged": marked("已受理，客户能看到有人在处理。"),
    "asked": marked("已请客户补充材料。"),
    "deferred": marked("已告诉客户预计哪天决定，答复计时照常。"),
    "offer_open": marked("方案已发给客户。"),
    "offer_waiting": marked("方案已提交复核，通过后才会发给客户。"),
    "approved": marked("已通过复核，方案已发给客户。"),
    "approved_so_far": marked("已通过这一级复核，等下一级。"),
    "returned": marked("已退回给编制人。"),
    "identity": marked("已记下：客户与本行预留信息一致。"),
    "credit_answered": marked("已答复客户。"),
    "transferred": marked("已通知客户债权转让。"),
    "legal_stage": marked("诉讼情况已记下，客户能看到。"),
    "rejected": marked("已答复客户。"),
    "written": marked("消息已发给客户。"),
    "call": marked("通话已登记。"),
    "oral": marked("通话已登记，口头方案等客户用确认码确认。"),
    "paid": marked("还款已登记。"),
    "missed": marked("已登记未到账。"),
    "taken_back": marked("“未到账”的登记已撤回。"),
    "ended": marked("协议已结束。"),
    "clearance_issued": marked("结清证明已出具。"),
    "hold_applied": marked("已登记停止催收，客户能看到。"),
    "quoted": marked("报价已发给客户。"),
    "day_proposed": marked("提议已发给客户。"),
    "day_agreed": marked("已答复客户，新的还款日见协议。"),
    "amendment_refused": marked("已答复客户。"),
    "account_proposed": marked("已请客户决定是否列入这张卡。"),
    "report_answered": marked("已答复客户。"),
    "revealed": marked("完整信息显示 5 分钟，这次查看已留下记录。"),
}


@pages.route("/negotiations/<id:negotiation_id>")
@for_bank()
def show(negotiation_id: str) -> Response:
    """The whole negotiation; each look goes into the access log."""
    person, hub = current_staff(), face().hub
    in_full = _is_revealed(person, negotiation_id)
    with hub.writing(person.actor) as tx:
        found = negotiation(tx, negotiation_id, bank_code=person.bank, language=page_language(), in_full=in_full)
        today = china_day(tx.now)
    signed = None if found.agreement is None else found.agreement.view
    return page(
        "portal/negotiation.html",
        title=found.reference,
        negotiation=found,
        seen=found.log_length,
        in_full=in_full,
        proposal_rows=proposal_rows(found.wish.proposal),
        today=today.isoformat(),
        acts=person.role in ACTING,
        row_words={} if signed is None else row_words(signed),
        agreement_standing="" if signed is None else standing_for_bank(signed),
        end_words=[] if signed is None else end_words(signed),
        clearance_words=None if signed is None else words_for_bank(signed["clearance"]),
        amended=None if signed is None else amended_for_bank(signed),
        done=DONE.get(request.args.get("done", "")),
    )


@pages.route("/negotiations/<id:negotiation_id>/reveal")
@for_bank()
def ask_reveal(negotiation_id: str) -> Response:
    """Asks why names and numbers are needed in full."""
    return _reveal_page(negotiation_id)(FormState())


def _reveal_page(negotiation_id: str) -> FormPage:
    return FormPage(
        negotiation_id=negotiation_id,
        template="portal/reveal.html",
        title=translate("查看完整信息"),
        more={"reasons": [(code, translate(name)) for code, name in REVEAL_REASONS.items()], "limit": WHY_LIMIT},
    )


@pages.route("/negotiations/<id:negotiation_id>/reveal", methods=["POST"])
@for_bank()
def reveal(negotiation_id: str) -> Response | WsgiResponse:
    """Names and numbers are shown in full for five minutes, and the access log says to whom and why."""
    person = current_staff()
    reason = request.form.get("reason", "")
    text = " ".join(request.form.get("text", "").split())
    state = FormState(values={"reason": [reason], "text": [text]}).with_faults(_reveal_faults(reason, text))
    if not state.sound:
        return _reveal_page(negotiation_id)(state, status=422)
    with face().hub.writing(person.actor) as tx:
        note_reveal(tx, negotiation_id, f"{reason}/{text}".rstrip("/"), bank_code=person.bank)
    _remember(person, negotiation_id)
    return redirect(negotiation_address(negotiation_id, "revealed"), 303)


def _reveal_faults(reason: str, text: str) -> list[Fault]:
    faults = [] if reason in REVEAL_REASONS else [Fault("/reason", "required")]
    if reason == "other" and not text:
        faults.append(Fault("/text", "text_required"))
    if len(text) > WHY_LIMIT:
        faults.append(Fault("/text", "text_too_long", {"limit": WHY_LIMIT}))
    return faults


def _remember(person: Staff, negotiation_id: str) -> None:
    until = (now_for_sessions() + REVEALED_FOR).isoformat()
    known = {key: value for key, value in session.get(_REVEALED, {}).items() if key != _key(person, negotiation_id)}
    session[_REVEALED] = dict([*known.items(), (_key(person, negotiation_id), until)][-_MOST_REVEALED:])


def _is_revealed(person: Staff, negotiation_id: str) -> bool:
    until = session.get(_REVEALED, {}).get(_key(person, negotiation_id))
    return until is not None and now_for_sessions() < datetime.fromisoformat(until)


def _has_to_say_why(person: Staff, negotiation_id: str) -> bool:
    """Papers and files bear name and number in full: who only looks says why first, as on the page."""
    return person.role not in ACTING and not _is_revealed(person, negotiation_id)


def _key(person: Staff, negotiation_id: str) -> str:
    # Whoever signs in next in the same browser has to say why again.
    return f"{person.id}/{negotiation_id}"


@pages.route("/negotiations/<id:negotiation_id>/hide", methods=["POST"])
@for_bank()
def hide(negotiation_id: str) -> WsgiResponse:
    """Names and numbers are masked again at once."""
    kept = {
        key: value for key, value in session.get(_REVEALED, {}).items() if key != _key(current_staff(), negotiation_id)
    }
    session[_REVEALED] = kept
    return redirect(negotiation_address(negotiation_id), 303)


@pages.route("/negotiations/<id:negotiation_id>/readings")
@for_bank()
def who_read(negotiation_id: str) -> Response:
    """Who of the bank read what of the negotiation."""
    person = current_staff()
    with face().hub.reading(person.actor) as tx:
        found = list_readings(tx, negotiation_id, bank_code=person.bank)
        head = heading(tx, negotiation_id, bank_code=person.bank, language=page_language())
    return page(
        "portal/readings.html",
        title=translate("查看记录"),
        negotiation=head,
        readings=[(each, _reading_words(each.what)) for each in found],
        back=negotiation_address(negotiation_id),
    )


def _reading_words(what: str) -> str:
    head, _, rest = what.partition("/")
    if head == "in_full":
        reason, _, text = rest.partition("/")
        reason_text = translate(REVEAL_REASONS.get(reason, reason))
        return translate("查看完整信息：%(why)s", why=f"{reason_text} {text}".strip())
    return translate(_READ[head]) if head in _READ else what


@pages.route("/negotiations/<id:negotiation_id>/file-passwords")
@for_bank()
def file_passwords(negotiation_id: str) -> Response | WsgiResponse:
    """What opens the PDFs that were mailed to the bank; each look goes into the access log."""
    person = current_staff()
    if _has_to_say_why(person, negotiation_id):
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
    person, hub = current_staff(), face().hub
    if _has_to_say_why(person, negotiation_id):
        return redirect(f"{negotiation_address(negotiation_id)}/reveal", 303)
    with hub.writing(person.actor) as tx:
        content = files.evidence(tx, hub.store, negotiation_id, evidence_id, bank_code=person.bank)
    return download(content)


@pages.route("/negotiations/<id:negotiation_id>/application-form.pdf")
@for_bank()
def application_form(negotiation_id: str) -> Response | WsgiResponse:
    """The printed application form."""
    return _document(negotiation_id, APPLICATION_FORM)


@pages.route("/negotiations/<id:negotiation_id>/agreement.pdf")
@for_bank()
def agreement(negotiation_id: str) -> Response | WsgiResponse:
    """The printed agreement."""
    return _document(negotiation_id, AGREEMENT)


@pages.route("/negotiations/<id:negotiation_id>/clearance.pdf")
@for_bank()
def clearance(negotiation_id: str) -> Response | WsgiResponse:
    """The newest certificate of settlement."""
    return _document(negotiation_id, CLEARANCE)


@pages.route("/negotiations/<id:negotiation_id>/default-notice.pdf")
@for_bank()
def default_notice(negotiation_id: str) -> Response | WsgiResponse:
    """The notice that the agreement is ended for default."""
    return _document(negotiation_id, DEFAULT_NOTICE)


@pages.route("/negotiations/<id:negotiation_id>/amendments/<id:amendment_id>/paper.pdf")
@for_bank()
def amendment(negotiation_id: str, amendment_id: str) -> Response | WsgiResponse:
    """The printed amendment."""
    person, hub = current_staff(), face().hub
    if _has_to_say_why(person, negotiation_id):
        return redirect(f"{negotiation_address(negotiation_id)}/reveal", 303)
    with hub.writing(person.actor) as tx:
        content = files.amendment_document(tx, hub.store, negotiation_id, amendment_id, bank_code=person.bank)
    return download(content)


def _document(negotiation_id: str, kind: str) -> Response | WsgiResponse:
    person, hub = current_staff(), face().hub
    if _has_to_say_why(person, negotiation_id):
        return redirect(f"{negotiation_address(negotiation_id)}/reveal", 303)
    with hub.writing(person.actor) as tx:
        content = files.document(tx, hub.store, negotiation_id, kind, bank_code=person.bank)
    return download(content)
